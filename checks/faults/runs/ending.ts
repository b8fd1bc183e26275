import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { bytesOf, readSafetensors } from '../../../src/lab/encoders/safetensors.ts';
import { unpackFailure } from '../../../src/lab/work/failure.ts';
import type { Store } from '../../../src/lab/store/runStore.ts';
import { runFolder } from '../../../src/lab/training/job.ts';

/** The result of a run without times: equal for runs of the same configuration, stopped or not. */
export interface Ending {
  readonly state: string;
  /** SHA-256 of model.safetensors. */
  readonly encoder: string;
  /** SHA-256 over weights and both moments of the optimiser in the last checkpoint. */
  readonly checkpoint: string;
  readonly steps: Readonly<Record<string, readonly { readonly step: number; readonly value: number }[]>>;
  readonly evaluations: unknown;
}

/** Throws the failure of a run that did not finish. */
export function endingOf(store: Store, id: string): Ending {
  const { state, encoder, failure } = store.getRun(id);
  if (encoder === null)
    throw state === 'failed'
      ? unpackFailure({ failure: failure!, stack: null })
      : new Error(`Run ${id} is ${state}, and has no encoder.`);
  return {
    state,
    encoder: createHash('sha256')
      .update(readFileSync(join(encoder, 'model.safetensors')))
      .digest('hex'),
    checkpoint: checkpointHash(newestCheckpoint(runFolder(store.home, id))),
    steps: stepFigures(store, id),
    evaluations: evaluationFigures(store, id),
  };
}

/** The first difference; null if they are the same. */
export function difference(found: Ending, expected: Ending): string | null {
  const keys = ['state', 'steps', 'evaluations', 'checkpoint', 'encoder'] as const;
  const different = keys.find((key) => !isDeepStrictEqual(found[key], expected[key]));
  return different === undefined ? null : `${different} differs from that of a run that was never stopped`;
}

function stepFigures(store: Store, id: string): Ending['steps'] {
  const names = store.stepMetricNames(id).filter((name) => !name.endsWith('seconds'));
  return Object.fromEntries(names.sort().map((name) => [name, store.stepMetrics(id, name)]));
}

function evaluationFigures(store: Store, id: string): unknown {
  return store
    .evaluations(id)
    .map(({ step, epoch, metrics }) => ({ step, epoch, metrics, mrr: [...store.perQuery(id, step, 'mrr@10').values] }));
}

function newestCheckpoint(folder: string): string {
  const positions = readdirSync(folder).flatMap((name) =>
    Number(/^checkpoint-(\d+)\.safetensors$/.exec(name)?.[1] ?? []),
  );
  return join(folder, `checkpoint-${Math.max(...positions)}.safetensors`);
}

/** Hash of the tensors: the file also contains the training time. */
function checkpointHash(file: string): string {
  const hash = createHash('sha256');
  for (const [name, { data }] of readSafetensors(readFileSync(file), file)) hash.update(name).update(bytesOf(data));
  return hash.digest('hex');
}
