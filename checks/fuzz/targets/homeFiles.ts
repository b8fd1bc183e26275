/** Files of a home folder besides datasets and runs: caches, and files that programs share. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { crc32 } from 'node:zlib';
import { readProfile } from '../../../src/lab/data/profile.ts';
import { takeDownloadLock } from '../../../src/lab/net/downloadLock.ts';
import { readEmbeddings, writeEmbeddings } from '../../../src/lab/inspector/embeddingFile.ts';
import { readLayout, writeLayout } from '../../../src/lab/map/layoutFile.ts';
import { DownloadRecords } from '../../../src/lab/service/downloads/records.ts';
import { readSettings } from '../../../src/lab/service/settings/settings.ts';
import { currentProcess } from '../../../src/lab/base/processIdentity.ts';
import { defaultSettings, settings } from '../../../src/shared/contract/contract.ts';
import { LabError } from '../../../src/shared/errors.ts';
import { mutateJson } from '../mutators/json.ts';
import { require, type FuzzTarget } from '../target.ts';

// --- With a checksum -------------------------------------------------------------------------------

const key = 'ab'.repeat(32);
const figures = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
const wanted = { key, rows: 4, dimension: 3 };

export const embeddingFile: FuzzTarget = {
  seeds: () => [written((folder) => writeEmbeddings(folder, wanted, figures, Infinity))],
  mutators: [withHeader],
  words: ['"rows":4', '"dimension":3', '"format":2', '"crc32":0', ' ', '\0'],
  parse(input, folder) {
    writeFileSync(join(folder, `${key.slice(0, 32)}.embeddings`), input);
    const read = readEmbeddings(folder, wanted);
    if (read === null) return 'refused';
    const data = input.subarray(256);
    const header = JSON.parse(Buffer.from(input.subarray(0, 256)).toString()) as unknown;
    require(isDeepStrictEqual(header, {
      format: 1,
      ...wanted,
      crc32: crc32(data),
    }), `its header is ${JSON.stringify(header)}`);
    require(read.length === figures.length &&
      Buffer.from(read.buffer, read.byteOffset, read.byteLength).equals(data), 'what is read is not what it holds');
    return 'accepted';
  },
};

/** The rest of the file after a correct header. */
function withHeader(input: Buffer): Buffer {
  const data = input.subarray(256);
  return Buffer.concat([Buffer.from(JSON.stringify({ format: 1, ...wanted, crc32: crc32(data) }).padEnd(256)), data]);
}

export const layoutFile: FuzzTarget = {
  seeds: () => [written((folder) => writeLayout(folder, key, figures))],
  mutators: [withChecksum],
  parse(input, folder) {
    writeFileSync(join(folder, `${key.slice(0, 32)}.layout`), input);
    const read = readLayout(folder, key, 6);
    if (read === null) return 'refused';
    require(read.length === 12 &&
      Buffer.from(read.buffer).equals(input.subarray(4)), 'what is read is not what it holds');
    return 'accepted';
  },
};

function withChecksum(input: Buffer): Buffer {
  if (input.length < 4) return input;
  const changed = Buffer.from(input);
  changed.writeUInt32LE(crc32(changed.subarray(4)));
  return changed;
}

/** The only file that is written into a folder. */
function written(write: (folder: string) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'losslab-file-'));
  try {
    write(folder);
    return readFileSync(join(folder, readdirSync(folder)[0]!));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// --- JSON ------------------------------------------------------------------------------------------

const histogram = { edges: [0, 1, 2], counts: [3, 4] };

export const profileFile: FuzzTarget = {
  seeds: () => [
    json({
      answersPerQuestion: [0, 2, 1],
      scores: histogram,
      questionTokens: [5, 6],
      answerTokens: [7, 8],
      examples: [{ question: 'Why?', answers: [{ text: 'Because.', score: 1 }] }],
    }),
  ],
  mutators: [mutateJson],
  words: ['1e999', 'null', '"edges"'],
  parse(input, folder) {
    const file = join(folder, 'profile.json');
    writeFileSync(file, input);
    const profile = readProfile(file);
    if (profile === null) return 'refused';
    const { answersPerQuestion, scores, questionTokens, answerTokens } = profile;
    require([...answersPerQuestion, ...scores.edges, ...scores.counts, ...questionTokens, ...answerTokens].every(
      Number.isFinite,
    ), 'it holds a number that is not finite');
    return 'accepted';
  },
};

export const settingsFile: FuzzTarget = {
  seeds: () => [json(defaultSettings), json({ theme: 'dark' })],
  mutators: [mutateJson],
  words: ['"light"', '"onClose"', '"stop"', 'null'],
  parse(input, folder) {
    const file = join(folder, 'settings.json');
    writeFileSync(file, input);
    process.stderr.write = () => true; // only in this thread: it gets a message for every file that is renamed
    require(settings.safeParse(readSettings(file)).success, 'the settings are none');
    if (existsSync(file)) return 'accepted';
    const [aside] = readdirSync(folder);
    require(readFileSync(join(folder, aside!)).equals(input), 'what was put aside is not what was there');
    return 'refused';
  },
};

const { pid, startToken } = currentProcess();
const record = {
  id: 'd',
  request: { source: 'kaggle:a/b@1', limit: 5 },
  state: 'interrupted',
  started: '2026-11-23T00:00:00.000Z',
  stage: 'Downloading',
  done: 5,
  total: 10,
  failure: { code: 'download', message: 'It was cut.', fix: '' },
  needsCredentials: null,
  result: { kind: 'dataset', name: 'b' },
  owner: { pid: 1, startToken: 'x' },
};

export const downloadRecord: FuzzTarget = {
  seeds: () => [
    json(record),
    json({ ...record, failure: null, total: null, result: { kind: 'encoder', encoder: 'hf:a/b@c' } }),
  ],
  mutators: [mutateJson],
  words: ['"running"', '"finished"', '1e999', '"../d"', 'null'],
  parse(input, folder) {
    writeFileSync(join(folder, 'd.json'), input);
    const records = new DownloadRecords(folder);
    const [first] = records.read();
    if (first === undefined) return 'refused';
    require(first.id === 'd' && dirname(join(folder, `${first.id}.json`)) === folder, `its id is ${first.id}`);
    require(Number.isFinite(first.done) &&
      first.done >= 0 &&
      (first.total === null ||
        (Number.isFinite(first.total) && first.total >= 0)), `${first.done} of ${first.total} bytes are done`);
    records.write(first);
    require(isDeepStrictEqual(
      records.read(),
      JSON.parse(JSON.stringify([first])),
    ), 'it is another when written and read again');
    return 'accepted';
  },
};

/** The lock of an ended process does not block. A lock without a process blocks until it is old. */
export const writerLock: FuzzTarget = {
  seeds: () => [json({ pid: 2 ** 22 + 1, startToken: 'x/1' }), json({ pid, startToken: `${startToken}0` })],
  mutators: [mutateJson],
  words: ['"pid":0', '"pid":-1', '"pid":1', '"pid":null', '1e999', String(pid)],
  parse(input, folder) {
    const lock = join(folder, 'file.lock');
    writeFileSync(lock, input);
    const unlock = lockOrRefusal(lock);
    require(isDeepStrictEqual(
      JSON.parse(readFileSync(lock, 'utf8')),
      currentProcess(),
    ), 'it does not name who has taken it');
    unlock();
    require(readdirSync(folder).length === 0, `${readdirSync(folder).join(', ')} stay`);
    return 'accepted';
  },
};

function lockOrRefusal(lock: string): () => void {
  try {
    return takeDownloadLock(lock, 'file');
  } catch (error) {
    if (error instanceof LabError)
      require(/ (already|by another program \(process [1-9]\d*\))\.$/.test(
        error.message,
      ), `it is held up by nobody: ${error.message}`);
    throw error;
  }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
