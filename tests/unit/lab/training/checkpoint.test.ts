import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Encoder } from '../../../../src/lab/encoders/encoder.ts';
import {
  bytesOf,
  readSafetensors,
  readSafetensorsMetadata,
  safetensorsParts,
  type NamedTensor,
} from '../../../../src/lab/encoders/safetensors.ts';
import { staticEncoder } from '../../../../src/lab/encoders/static.ts';
import {
  forgetEarlierCheckpoints,
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint,
} from '../../../../src/lab/training/checkpoint.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'losslab-checkpoint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const encoder: Encoder = staticEncoder({
  vocabularySize: 5,
  size: 3,
  projection: 2,
  specialIds: [],
  tokenWeights: new Float32Array(5).fill(1),
});

/** Every value in it follows from the position. */
function checkpointAt(position: number): Checkpoint {
  let next = position;
  const weights = () =>
    new Map(
      encoder.parameters.map(({ name, shape }) => [
        name,
        Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.sin(next++)),
      ]),
    );
  return {
    state: { step: position - 1, parameter: weights(), first: weights(), second: weights() },
    progress: { position, documents: position * 8, training_seconds: position / 3 },
  };
}

const write = (position: number, identity = 'this run'): string =>
  writeCheckpoint(folder, encoder, identity, checkpointAt(position));
const read = (identity = 'this run') => readCheckpoint(folder, encoder, identity);

/** Overwrites one byte by another. */
function alter(file: string, offset: number, bits = 1): void {
  const bytes = readFileSync(file);
  bytes[offset < 0 ? bytes.length + offset : offset]! ^= bits;
  writeFileSync(file, bytes);
}

describe('what was written is read', () => {
  test('all of it, to the bit', () => {
    write(7);
    expect(read()).toEqual({ checkpoint: checkpointAt(7), damaged: [] });
  });

  test('moments of what is trained only, where something is frozen', () => {
    const { state, progress } = checkpointAt(8);
    const trained = (weights: ReadonlyMap<string, Float32Array>) =>
      new Map([...weights].filter(([name]) => name.startsWith('projection')));
    const checkpoint = { state: { ...state, first: trained(state.first), second: trained(state.second) }, progress };
    const file = writeCheckpoint(folder, encoder, 'this run', checkpoint);
    expect(read()).toEqual({ checkpoint, damaged: [] });
    expect(readFileSync(file).length).toBeLessThan(readFileSync(write(9)).length);
  });

  test('a folder that is not there, or holds nothing, has no checkpoint', () => {
    expect(read()).toEqual({ checkpoint: null, damaged: [] });
    expect(readCheckpoint(join(folder, 'nowhere'), encoder, 'this run')).toEqual({ checkpoint: null, damaged: [] });
  });

  test('the newest by position, not by name; the two newest are kept', () => {
    for (const position of [9, 10, 100]) write(position);
    expect(readdirSync(folder).sort()).toEqual(['checkpoint-10.safetensors', 'checkpoint-100.safetensors']);
    expect(read().checkpoint).toEqual(checkpointAt(100));
  });

  test('a run that has ended well keeps the last only, and ends well where nothing can be removed', () => {
    for (const position of [9, 10]) write(position);
    forgetEarlierCheckpoints(folder);
    expect(readdirSync(folder)).toEqual(['checkpoint-10.safetensors']);
    mkdirSync(join(folder, 'checkpoint-1.safetensors'));
    forgetEarlierCheckpoints(folder);
    expect(read().checkpoint).toEqual(checkpointAt(10));
  });

  test('written again at the same position it is replaced', () => {
    write(3);
    write(3, 'another run');
    expect(read('another run').checkpoint).toEqual(checkpointAt(3));
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe('a damaged newest checkpoint is said, and the one before it is used', () => {
  test.each([0, 5, 60, 200, -1])('torn at byte %d', (at) => {
    write(1);
    const newest = write(2);
    truncateSync(newest, at < 0 ? readFileSync(newest).length + at : at);
    const { checkpoint, damaged } = read();
    expect(checkpoint).toEqual(checkpointAt(1));
    expect(damaged).toHaveLength(1);
    expect(damaged[0]).toContain(newest);
  });

  test.each([-1, -30, -100])('an altered bit in a weight, %d bytes from the end', (at) => {
    write(1);
    const newest = write(2);
    alter(newest, at);
    const { checkpoint, damaged } = read();
    expect(checkpoint).toEqual(checkpointAt(1));
    expect(damaged).toEqual([`${newest} is damaged: its checksum does not match.`]);
  });

  test.each(['"step":"', 'position\\":', 'documents\\":'])('an altered digit after %s', (text) => {
    write(11);
    const newest = write(12);
    const offset = readFileSync(newest).indexOf(text);
    expect(offset).toBeGreaterThan(0);
    alter(newest, offset + text.length);
    const { checkpoint, damaged } = read();
    expect(checkpoint).toEqual(checkpointAt(11));
    expect(damaged).toEqual([`${newest} is damaged: its checksum does not match.`]);
  });

  test('all of them damaged: none is used, each is said', () => {
    for (const position of [1, 2]) truncateSync(write(position), 20);
    const { checkpoint, damaged } = read();
    expect(checkpoint).toBeNull();
    expect(damaged).toHaveLength(2);
  });
});

describe('a checkpoint that adds up, and is none', () => {
  const rewrite = (
    file: string,
    change: (tensors: Map<string, NamedTensor>, place: Record<string, string>) => void,
  ): void => {
    const bytes = readFileSync(file);
    const tensors = readSafetensors(bytes, file);
    const { sha256: _, ...place } = readSafetensorsMetadata(bytes);
    change(tensors, place);
    const hash = createHash('sha256').update(JSON.stringify(place));
    for (const [name, { data }] of tensors) hash.update(name).update(bytesOf(data));
    writeFileSync(file, Buffer.concat(safetensorsParts(tensors, { ...place, sha256: hash.digest('hex') })));
  };

  test.each<[string, Parameters<typeof rewrite>[1], string]>([
    [
      'a parameter is missing',
      (tensors) => tensors.delete('parameter:embedding.weight'),
      'expected a tensor "parameter:embedding.weight" with the shape [5, 3]; it is missing.',
    ],
    [
      'a moment has another shape',
      (tensors) => tensors.set('first:embedding.weight', { shape: [1], data: Float32Array.of(1) }),
      'expected a tensor "first:embedding.weight" with the shape [5, 3]; found the shape [1].',
    ],
    ['the step is no number', (_, place) => (place['step'] = '1.5'), 'its position in the run is missing.'],
    ['the position is missing', (_, place) => (place['progress'] = '{}'), 'its position in the run is missing.'],
    ['the position is no JSON', (_, place) => (place['progress'] = ''), 'its position in the run is missing.'],
  ])('because %s: it is said in words, and the one before is used', (_, change, problem) => {
    write(1);
    const newest = write(2);
    rewrite(newest, change);
    const { checkpoint, damaged } = read();
    expect(checkpoint).toEqual(checkpointAt(1));
    expect(damaged).toEqual([`${newest} is damaged: ${problem}`]);
  });
});

test('a checkpoint of another run is refused', () => {
  const file = write(4, 'another run');
  expect(readSafetensorsMetadata(readFileSync(file)).identity).toBe('another run');
  const { checkpoint, damaged } = read();
  expect(checkpoint).toBeNull();
  expect(damaged).toEqual([`${file} belongs to another run: its data, encoder or configuration differ.`]);
});

describe('a failed write', () => {
  test('because a file stands in the place of the folder: a storage error that names it', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'in the way');
    expect(() => writeCheckpoint(file, encoder, 'this run', checkpointAt(1))).toThrow(
      expect.objectContaining({ name: 'LabError', code: 'storage', message: expect.stringContaining(file) as string }),
    );
    expect(() => writeCheckpoint(join(file, 'below'), encoder, 'this run', checkpointAt(1))).toThrow(
      expect.objectContaining({ name: 'LabError', code: 'storage' }),
    );
    expect(readFileSync(file, 'utf8')).toBe('in the way');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('because a folder stands in the place of the file: nothing temporary stays, earlier ones remain', () => {
    write(1);
    mkdirSync(join(folder, 'checkpoint-2.safetensors'));
    expect(() => write(2)).toThrow();
    expect(readdirSync(folder).sort()).toEqual(['checkpoint-1.safetensors', 'checkpoint-2.safetensors']);
    const { checkpoint, damaged } = read();
    expect(checkpoint).toEqual(checkpointAt(1));
    expect(damaged).toHaveLength(1);
  });
});
