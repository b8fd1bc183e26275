import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findKaggleCredentials, kaggleAuthorization } from '../../../../../src/lab/net/kaggle/kaggleCredentials.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { temporaryFolder } from '../../../../helpers/syntheticStore.ts';

function userFolder(files: Record<string, string>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.kaggle'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const json = JSON.stringify({ username: 'ada', key: 'LEGACY' });

test("credentials are found in the order of Kaggle's own tools", () => {
  const home = userFolder({
    '.kaggle/access_token': 'KGAT_FILE\n',
    '.kaggle/kaggle.json': json,
    token: ' KGAT_ELSEWHERE\n',
  });
  const all = { HOME: home, KAGGLE_API_TOKEN: 'KGAT_VALUE', KAGGLE_USERNAME: 'ada', KAGGLE_KEY: 'KEY' };
  expect(findKaggleCredentials(all)).toEqual({ secret: 'KGAT_VALUE', kept: 'environment', where: 'KAGGLE_API_TOKEN' });
  expect(findKaggleCredentials({ ...all, KAGGLE_API_TOKEN: join(home, 'token') })).toEqual({
    secret: 'KGAT_ELSEWHERE',
    kept: 'file',
    where: join(home, 'token'),
  });
  expect(findKaggleCredentials({ ...all, KAGGLE_API_TOKEN: '' })).toEqual({
    secret: 'KGAT_FILE',
    kept: 'file',
    where: join(home, '.kaggle', 'access_token'),
  });
  const without = userFolder({ '.kaggle/kaggle.json': json });
  expect(findKaggleCredentials({ ...all, HOME: without, KAGGLE_API_TOKEN: undefined })).toEqual({
    username: 'ada',
    secret: 'KEY',
    kept: 'environment',
    where: 'KAGGLE_USERNAME and KAGGLE_KEY',
  });
  expect(findKaggleCredentials({ HOME: without, KAGGLE_USERNAME: 'half' })).toEqual({
    username: 'ada',
    secret: 'LEGACY',
    kept: 'file',
    where: join(without, '.kaggle', 'kaggle.json'),
  });
  expect(findKaggleCredentials({ HOME: userFolder({}) })).toBeNull();
});

test('KAGGLE_CONFIG_DIR moves kaggle.json', () => {
  const folder = userFolder({ 'kaggle.json': json });
  expect(findKaggleCredentials({ HOME: userFolder({}), KAGGLE_CONFIG_DIR: folder })).toMatchObject({
    username: 'ada',
    where: join(folder, 'kaggle.json'),
  });
});

test('tokens go as Bearer, legacy keys as Basic, and a key without a name not at all', async () => {
  const from = { kept: 'environment', where: 'KAGGLE_API_TOKEN' } as const;
  expect(kaggleAuthorization({ ...from, secret: 'KGAT_1' })).toBe('Bearer KGAT_1');
  expect(kaggleAuthorization({ ...from, username: 'ada', secret: 'KGAT_1' })).toBe('Bearer KGAT_1');
  expect(kaggleAuthorization({ ...from, username: 'ada', secret: 'key' })).toBe(`Basic ${btoa('ada:key')}`);
  const error = await labError(() => kaggleAuthorization({ ...from, secret: 'SECRET' }), 'configuration');
  expect(error.message).toBe(
    'KAGGLE_API_TOKEN is not a token: expected a token that begins with KGAT_, or a legacy key with a username.',
  );
});

test.each([['{"username": "ada", "key": SECRET'], ['{"username": "ada"}'], ['[]']])(
  'a kaggle.json that is none is named, and nothing of it told: %s',
  async (content) => {
    const home = userFolder({ '.kaggle/kaggle.json': content });
    const error = await labError(() => findKaggleCredentials({ HOME: home }), 'configuration');
    expect(error.message).toContain(join(home, '.kaggle', 'kaggle.json'));
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain('SECRET');
  },
);
