import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { takeDownloadLock } from '../../../../src/lab/net/downloadLock.ts';
import { isHeld, tryWriterLock } from '../../../../src/lab/files/writerLock.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

const lockFile = (): string => join(temporaryFolder(), 'file.part.lock');

test('one holder at a time', () => {
  const lock = lockFile();
  const unlock = tryWriterLock(lock)!;
  expect(isHeld(lock)).toBe(true);
  expect(tryWriterLock(lock)).toBeNull();
  unlock();
  expect(isHeld(lock)).toBe(false);
  tryWriterLock(lock)!();
  expect(readdirSync(dirname(lock))).toEqual([]);
});

test.each(['', '0', '{}', '{"pid":0,"startToken":""}', '{"pid":-1,"startToken":""}'])(
  'a lock that names no process (%s) holds up only as long as it may still be signed',
  (content) => {
    const lock = lockFile();
    writeFileSync(lock, content);
    expect(tryWriterLock(lock)).toBeNull();
    const minuteAgo = Date.now() / 1000 - 60;
    utimesSync(lock, minuteAgo, minuteAgo);
    tryWriterLock(lock)!();
    expect(existsSync(lock)).toBe(false);
  },
);

test('a lock of a process that was killed holds nothing up', () => {
  const lock = lockFile();
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, startToken: '' }));
  tryWriterLock(lock)!();
  expect(existsSync(lock)).toBe(false);
});

test('a lock that this process has given back, and a failing disk has kept, holds nothing up', () => {
  const lock = lockFile();
  const unlock = tryWriterLock(lock)!;
  const signed = readFileSync(lock);
  unlock();
  writeFileSync(lock, signed);
  tryWriterLock(lock)!();
  expect(existsSync(lock)).toBe(false);
});

test('a second download of the same is refused in words', () => {
  const lock = lockFile();
  takeDownloadLock(lock, 'The file');
  expect(() => takeDownloadLock(lock, 'The file')).toThrow('The file is being downloaded already.');
  writeFileSync(lock, JSON.stringify({ pid: process.ppid, startToken: '' }));
  expect(() => takeDownloadLock(lock, 'The file')).toThrow(
    `The file is being downloaded by another program (process ${process.ppid}).`,
  );
});

test('of four processes that find the same abandoned lock at once, one gets it', async () => {
  const lock = lockFile();
  const module = new URL('../../../../src/lab/files/writerLock.ts', import.meta.url).href;
  const script = join(temporaryFolder(), 'taker.mjs');
  writeFileSync(
    script,
    `
    import { tryWriterLock } from ${JSON.stringify(module)};
    process.send('ready');
    process.on('message', () => { process.send(tryWriterLock(${JSON.stringify(lock)}) ? 'taken' : 'refused'); });
  `,
  );
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, startToken: '' }));
  const takers = Array.from({ length: 4 }, () => fork(script));
  onTestFinished(() => takers.forEach((taker) => taker.kill()));
  await Promise.all(takers.map((taker) => once(taker, 'message')));
  const answers = await Promise.all(
    takers.map(async (taker) => {
      taker.send('go');
      return ((await once(taker, 'message')) as [string])[0];
    }),
  );
  expect(answers.sort()).toEqual(['refused', 'refused', 'refused', 'taken']);
});
