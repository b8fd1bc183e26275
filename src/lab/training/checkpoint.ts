import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../../shared/errors.ts';
import { writeAtomically } from '../files/atomicFile.ts';
import { asStorageError } from '../files/storage.ts';
import type { Parametrised, Weights } from '../encoders/encoder.ts';
import {
  bytesOf,
  readSafetensors,
  readSafetensorsMetadata,
  safetensorsParts,
  type NamedTensor,
} from '../encoders/safetensors.ts';
import { firstNonFinite } from '../base/nonFinite.ts';
import { type TrainingState } from './state.ts';
import { stateKinds, stateName } from '../encoders/stateNames.ts';

/**
 * A checkpoint of a run: weights, optimiser state (of trained parameters) and position in the plan, in one safetensors
 * file. Random numbers need no state, because every stream is a function of seed and position. The two newest files are
 * kept, in case the newest is damaged.
 */
export interface Checkpoint {
  readonly state: TrainingState;
  readonly progress: Progress;
}

/** Progress of a run. `position` counts the batches of the plan, including those without examples. */
const progressSchema = z.object({
  position: z.int().min(0),
  documents: z.int().min(0),
  training_seconds: z.number().min(0),
});
export type Progress = z.output<typeof progressSchema>;

const kept = 2;
const filePattern = /^checkpoint-(\d+)\.safetensors$/;

/**
 * Writes a checkpoint and deletes all but the last two. `identity` identifies the run. Throws a `training` LabError for
 * a state that contains NaN or infinite values.
 */
export function writeCheckpoint(
  folder: string,
  encoder: Parametrised,
  identity: string,
  { state, progress }: Checkpoint,
): string {
  const file = join(folder, `checkpoint-${progress.position}.safetensors`);
  const tensors = new Map<string, NamedTensor>(
    stateKinds.flatMap((kind) =>
      encoder.parameters
        .filter(({ name }) => state[kind].has(name))
        .map(({ name, shape }) => [stateName(kind, name), { shape, data: state[kind].get(name)! }] as const),
    ),
  );
  requireFinite(tensors, progress.position);
  const place = { identity, progress: JSON.stringify(progress), step: String(state.step) };
  const metadata = { ...place, sha256: hashOf(place, tensors) };
  try {
    mkdirSync(folder, { recursive: true });
    writeAtomically(file, safetensorsParts(tensors, metadata));
    keepNewest(folder, kept);
  } catch (error) {
    throw asStorageError(error, file);
  }
  return file;
}

/** A finished run needs only its last checkpoint, with the state of the optimiser. */
export function forgetEarlierCheckpoints(folder: string): void {
  try {
    keepNewest(folder, 1);
  } catch {
    // The file stays: this must not make a finished run fail.
  }
}

function keepNewest(folder: string, count: number): void {
  for (const { path } of listCheckpoints(folder).slice(count)) rmSync(path, { force: true });
}

/** A checkpoint with NaN would replace a good one. */
function requireFinite(tensors: ReadonlyMap<string, NamedTensor>, position: number): void {
  for (const [name, { data }] of tensors) {
    const bad = firstNonFinite(data);
    if (bad === undefined) continue;
    throw new LabError(
      'training',
      `"${name}" contains ${bad} after step ${position}. The run stops; earlier checkpoints are kept.`,
      'Try a lower learning_rate, or max_gradient_norm 1.',
    );
  }
}

/** The newest valid checkpoint, and the problems of newer ones; null if there are no checkpoints. */
export function readCheckpoint(
  folder: string,
  encoder: Parametrised,
  identity: string,
): { checkpoint: Checkpoint | null; damaged: string[] } {
  const damaged: string[] = [];
  for (const { path } of listCheckpoints(folder)) {
    try {
      return { checkpoint: parseCheckpoint(path, encoder, identity), damaged };
    } catch (error) {
      damaged.push(error instanceof LabError ? error.message : `${path}: ${(error as Error).message}`);
    }
  }
  return { checkpoint: null, damaged };
}

function listCheckpoints(folder: string): { path: string; position: number }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const match = filePattern.exec(name);
      return match ? [{ path: join(folder, name), position: Number(match[1]) }] : [];
    })
    .sort((a, b) => b.position - a.position);
}

function parseCheckpoint(path: string, encoder: Parametrised, identity: string): Checkpoint {
  const bytes = readFileSync(path);
  const tensors = readSafetensors(bytes, path);
  const { sha256, ...metadata } = readSafetensorsMetadata(bytes);
  if (metadata.identity !== identity)
    throw new LabError('checkpoint', `${path} belongs to another run: its data, encoder or configuration differ.`);
  if (sha256 !== hashOf(metadata, tensors))
    throw new LabError('checkpoint', `${path} is damaged: its checksum does not match.`);
  const weights = (kind: (typeof stateKinds)[number]): Weights => weightsFrom(tensors, kind, encoder, path);
  const { step, progress } = placeFrom(metadata, path);
  return {
    state: { step, parameter: weights('parameter'), first: weights('first'), second: weights('second') },
    progress,
  };
}

function placeFrom(
  { step = '', progress = '' }: Readonly<Record<string, string>>,
  path: string,
): { step: number; progress: Progress } {
  try {
    return {
      step: z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number)
        .parse(step),
      progress: progressSchema.parse(JSON.parse(progress)),
    };
  } catch (cause) {
    throw new LabError('checkpoint', `${path} is damaged: its position in the run is missing.`, '', {
      cause,
    });
  }
}

/** Frozen parameters have no moments. */
function weightsFrom(
  tensors: ReadonlyMap<string, NamedTensor>,
  kind: (typeof stateKinds)[number],
  encoder: Parametrised,
  path: string,
): Weights {
  const there = encoder.parameters.filter(({ name }) => kind === 'parameter' || tensors.has(stateName(kind, name)));
  return new Map(
    there.map(({ name, shape }) => {
      const tensor = tensors.get(stateName(kind, name));
      if (tensor?.shape.join() === shape.join()) return [name, tensor.data];
      const found = tensor ? `found the shape [${tensor.shape.join(', ')}]` : 'it is missing';
      throw new LabError(
        'checkpoint',
        `${path} is damaged: expected a tensor "${stateName(kind, name)}" with the shape [${shape.join(', ')}]; ${found}.`,
      );
    }),
  );
}

/** Checksum of everything in a checkpoint: a wrong step or position would be as harmful as a wrong weight. */
function hashOf(place: Readonly<Record<string, string>>, tensors: ReadonlyMap<string, NamedTensor>): string {
  const hash = createHash('sha256').update(JSON.stringify(place));
  for (const [name, { data }] of tensors) hash.update(name).update(bytesOf(data));
  return hash.digest('hex');
}
