import { describe, expect, test } from 'vitest';
import { asFileError, asReadingError, asStorageError } from '../../../../src/lab/files/storage.ts';
import { LabError } from '../../../../src/shared/errors.ts';

const systemError = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`${code}: as the system says it`), { code, syscall: 'write', ...more });

describe('errors of the file system in words', () => {
  test.each([
    ['ENOSPC', 'the disk is full', 'Free some space'],
    ['EACCES', 'no permission', 'Change its permissions'],
    ['EIO', 'the disk reports an error', 'Check the disk'],
  ])('%s', (code, reason, advice) => {
    const written = asStorageError(systemError(code), '/home/file');
    expect(written).toMatchObject({
      code: 'storage',
      message: `Cannot write to /home/file: ${reason}.`,
      fix: expect.stringContaining(advice) as string,
    });
    expect(asReadingError(systemError(code), '/home/file')).toMatchObject({
      code: 'storage',
      message: `Cannot read /home/file: ${reason}.`,
    });
    expect(asFileError(systemError(code, { path: '/home/file' }))).toMatchObject({
      code: 'storage',
      message: `/home/file cannot be used (write): ${reason}.`,
    });
  });

  test('what is none stays as it is, and so does a file that is not there', () => {
    for (const error of [
      new TypeError('a defect'),
      new LabError('data', 'Something else.'),
      Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' }),
      null,
      'text',
    ]) {
      expect(asStorageError(error, '/file')).toBe(error);
      expect(asReadingError(error, '/file')).toBe(error);
      expect(asFileError(error)).toBe(error);
    }
    const missing = systemError('ENOENT', { path: '/file' });
    expect(asReadingError(missing, '/file')).toBe(missing);
    expect(asFileError(missing)).toBe(missing);
  });
});
