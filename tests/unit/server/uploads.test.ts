import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { openHome, type Home } from '../../../src/lab/files/home.ts';
import { openUploads, safeFileName } from '../../../src/server/uploads.ts';

function temporaryHome(): Home {
  const folder = mkdtempSync(path.join(tmpdir(), 'losslab-uploads-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return openHome(folder);
}

test.each([
  ['posts.csv', 'posts.csv'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\data\\posts.csv', 'posts.csv'],
  ['..', 'file'],
  ['', 'file'],
  ['/', 'file'],
  ['.bashrc', 'bashrc'],
  ['a\0b\n<c>|d.csv', 'a_b__c__d.csv'],
  ['Übung ١.json', 'Übung ١.json'],
  ['nul.csv', '_nul.csv'],
  ['posts.csv. . ', 'posts.csv'],
  [`${'x'.repeat(300)}.csv`, `${'x'.repeat(96)}.csv`],
])('%j is stored as %j', (name, safe) => {
  expect(safeFileName(name)).toBe(safe);
});

test('a file that turns out too long leaves nothing behind, and its stream can still be answered', async () => {
  const home = temporaryHome();
  const uploads = openUploads(home, () => 10);
  const content = Readable.from([Buffer.alloc(6), Buffer.alloc(6), Buffer.alloc(6)]);
  await expect(uploads.save('a.csv', content, 0)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('does not fit'),
  });
  expect(content.destroyed).toBe(false);
  expect(readdirSync(home.cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual(
    [],
  );
  await expect(uploads.save('a.csv', Readable.from([Buffer.alloc(10)]), 10)).resolves.toMatch(/a\.csv$/);
});

test('a stream that breaks off leaves nothing behind', async () => {
  const home = temporaryHome();
  const uploads = openUploads(home);
  const content = Readable.from(
    (async function* () {
      yield Buffer.from('half');
      await Promise.reject(new Error('aborted'));
    })(),
  );
  await expect(uploads.save('a.csv', content, 0)).rejects.toThrow('aborted');
  expect(readdirSync(home.cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual(
    [],
  );
});

test('what a server that is gone has left behind goes at the next start; what a running one has, stays', async () => {
  const home = temporaryHome();
  const left = path.join(home.cache, 'uploads', '2147483646-abcd');
  mkdirSync(left, { recursive: true });
  writeFileSync(path.join(left, 'a.csv'), 'x');
  const running = openUploads(home);
  const file = await running.save('b.csv', Readable.from([Buffer.from('y')]), 1);
  openUploads(home);
  expect(existsSync(left)).toBe(false);
  expect(existsSync(file)).toBe(true);
});
