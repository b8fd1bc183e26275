import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { cachedRepositories, CachedRepository } from '../../../../../src/lab/net/hub/hubCache.ts';
import { commitA, commitB } from '../../../../helpers/hubServer.ts';
import { temporaryFolder } from '../../../../helpers/syntheticStore.ts';

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof import('node:fs/promises')>();
  return { ...actual, symlink: vi.fn(actual.symlink) };
});

function repositoryWith(blob: string, content: string): CachedRepository {
  const cached = new CachedRepository(temporaryFolder(), 'org/tiny');
  mkdirSync(join(cached.folder, 'blobs'), { recursive: true });
  writeFileSync(cached.blob(blob), content);
  return cached;
}

test.each(['EPERM', 'ENOTSUP'])('where there are no links (%s) a snapshot has copies', async (code) => {
  vi.mocked(symlink).mockRejectedValueOnce(Object.assign(new Error(code), { code }));
  const cached = repositoryWith('b1', 'content');
  await cached.link(commitA, '1_Pooling/config.json', 'b1');
  const file = join(cached.snapshot(commitA), '1_Pooling', 'config.json');
  expect(lstatSync(file).isSymbolicLink()).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('content');
  expect(readdirSync(join(cached.snapshot(commitA), '1_Pooling'))).toEqual(['config.json']);
  expect(cached.files(commitA)).toEqual([{ file: '1_Pooling/config.json', content: file, bytes: 7 }]);
});

test('another error of the disk is told', async () => {
  vi.mocked(symlink).mockRejectedValueOnce(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  await expect(repositoryWith('b1', 'content').link(commitA, 'a', 'b1')).rejects.toThrow('full');
});

test('a file whose content is gone is not present, one that was looked for in vain is absent, and the others are unknown', async () => {
  const cached = repositoryWith('b1', 'content');
  await cached.link(commitA, 'a', 'b1');
  await cached.link(commitA, 'gone', 'b2');
  await cached.markAbsent(commitA, '1_Pooling/config.json');
  expect(['a', 'gone', '1_Pooling/config.json', 'b'].map((file) => cached.stateOf(commitA, file))).toEqual([
    'present',
    'unknown',
    'absent',
    'unknown',
  ]);
  expect(cached.stateOf(commitB, 'a')).toBe('unknown');
});

test('revisions lead to commits, also those with a stroke in their names; nothing else does', () => {
  const cached = repositoryWith('b1', '');
  cached.setRevision('main', commitA);
  cached.setRevision('refs/pr/1', commitB);
  cached.setRevision(commitA, commitA);
  writeFileSync(join(cached.folder, 'refs', 'torn'), commitA.slice(1));
  expect(['main', 'refs/pr/1', commitA, 'torn', 'none', 'refs'].map((revision) => cached.commitOf(revision))).toEqual([
    commitA,
    commitB,
    commitA,
    null,
    null,
    null,
  ]);
  expect(readdirSync(join(cached.folder, 'refs')).sort()).toEqual(['main', 'refs', 'torn']);
});

test('repositories with and without an owner', () => {
  const cache = temporaryFolder();
  for (const name of ['models--bert-base-uncased', 'models--org--tiny-v2', 'datasets--org--data', '.locks'])
    mkdirSync(join(cache, name));
  expect(
    cachedRepositories(cache)
      .map(({ repository, folder }) => [repository, folder.slice(cache.length + 1)])
      .sort(),
  ).toEqual([
    ['bert-base-uncased', 'models--bert-base-uncased'],
    ['org/tiny-v2', 'models--org--tiny-v2'],
  ]);
});
