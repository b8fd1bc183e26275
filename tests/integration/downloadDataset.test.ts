import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Manifest } from '../../src/shared/manifest.ts';
import { hasSignals, losslab, losslabJson, startLosslab } from '../helpers/commandLine.ts';
import { filesOf } from '../helpers/hubServer.ts';
import { kaggleServer, kaggleSource } from '../helpers/kaggleServer.ts';
import { partArrived } from '../helpers/partFile.ts';
import { temporaryFolder } from '../helpers/syntheticStore.ts';

async function setUp() {
  const server = await kaggleServer();
  const home = join(temporaryFolder(), 'home');
  for (const [name, value] of Object.entries({ ...server.environment, KAGGLE_API_TOKEN: 'KGAT_SECRET' }))
    vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const folder = join(home, 'downloads', 'kaggle--stackoverflow--statsquestions');
  return { server, home, folder, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('a set of Kaggle is downloaded, checked, unpacked and imported in one go', async () => {
  await using at = await setUp();
  const { code, stdout, stderr } = await losslab(at.home, 'download', kaggleSource);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  for (const line of [
    /^Downloading the archive…?/m,
    /^Checking the archive/m,
    /^Unpacking the archive/m,
    /^Importing/m,
    /^Dataset statsquestions: 40 questions, 100 answers$/m,
    /^ {2}licence: CC BY-SA/m,
  ])
    expect(stdout).toMatch(line);
  expect(existsSync(at.folder)).toBe(false);
  expect(JSON.stringify(filesOf(at.home))).not.toContain('KGAT_SECRET');
  const again = await losslab(at.home, 'download', kaggleSource);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('statsquestions');
  const { manifest } = await losslabJson<{ manifest: Manifest }>(
    at.home,
    'download',
    kaggleSource,
    '--name',
    'few',
    '--limit',
    '5',
  );
  expect(manifest).toMatchObject({ name: 'few', counts: { questions: 5 } });
});

test.skipIf(!hasSignals)('after Ctrl-C the same command goes on where it stopped', async () => {
  await using at = await setUp();
  at.server.archive.stalls = [1000];
  const command = startLosslab(at.home, ['download', kaggleSource, '--name', 'mine']);
  await partArrived(at.folder, 1000);
  command.interrupt();
  const ended = await command.ended;
  expect(ended.code).toBe(1);
  expect(ended.stderr).toBe(
    `losslab: Stopped. The part downloaded so far is kept.\nResume with: losslab download ${kaggleSource} --name mine\n`,
  );
  expect((await losslab(at.home, 'download', kaggleSource, '--name', 'mine')).code).toBe(0);
  expect(at.server.storage.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=999-']);
  expect(at.server.storage.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
});
