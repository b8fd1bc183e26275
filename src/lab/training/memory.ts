import type { Configuration } from '../../shared/configuration.ts';
import { LabError } from '../../shared/errors.ts';
import { formatMemory } from '../../shared/format.ts';
import { textsToEncode } from '../evaluation/evaluator.ts';
import { memoryOf } from '../engine/memory.ts';
import { inferenceMemory } from '../encoders/inference.ts';
import type { PreparedRun } from './prepare.ts';
import { designStep, stepMemory } from './createStep.ts';

/** Estimates of the device memory that a run needs. */

/** Peak bytes of training and evaluation, for an encoder that does not exist yet. */
export function expectedMemory(
  prepared: PreparedRun,
  configuration = prepared.job.configuration,
  plan = prepared.plan,
): number {
  const { job, encoder, test, idsOf } = prepared;
  const memory = memoryOf(job.device);
  const step = stepMemory(designStep(encoder, configuration, job.device), memory);
  for (const batch of plan.firstBatches(configuration.recipe.strategy)) step(batch, batch.texts.map(idsOf));
  inferenceMemory(encoder, textsToEncode(test).map(idsOf), memory);
  return memory.peakBytes;
}

/**
 * The warning for a run that is expected to need more than the `available` bytes, with settings that would fit. Null if
 * it fits or if the available memory is unknown.
 */
export function memoryShortage(
  prepared: PreparedRun,
  available: number | null,
  configuration = prepared.job.configuration,
): LabError | null {
  if (available === null) return null;
  const needed = expectedMemory(prepared, configuration);
  if (needed <= available) return null;
  const { device } = prepared.job;
  const whose = device === 'cpu' ? 'the memory of this machine' : 'the memory of the GPU';
  return new LabError(
    'device',
    `"${configuration.name}" is expected to need about ${formatMemory(needed)} of ${whose}; ${formatMemory(available)} are free.`,
    proposal(prepared, available, configuration),
  );
}

function proposal(prepared: PreparedRun, available: number, configuration: Configuration): string {
  const cached = largestCacheBatch(prepared, available, configuration);
  const batch = largestBatchSize(prepared, available, configuration);
  const ways = [
    ...(cached === null
      ? []
      : [`gradient_cache_batch ${cached.size}: about ${formatMemory(cached.bytes)}, same results, but slower`]),
    ...(batch === null ? [] : [`batch_size ${batch.size}: about ${formatMemory(batch.bytes)}`]),
  ];
  return ways.length === 0
    ? 'No batch size is small enough: choose a smaller encoder or max_length.'
    : `Set ${ways.join('; or ')}.`;
}

interface Smaller {
  readonly size: number;
  readonly bytes: number;
}

/** The largest part of the same batch that fits. */
function largestCacheBatch(prepared: PreparedRun, available: number, configuration: Configuration): Smaller | null {
  if (configuration.encoder.kind === 'static') return null;
  const { training, recipe } = configuration;
  const texts = Math.max(...prepared.plan.firstBatches(recipe.strategy).map((batch) => batch.texts.length));
  return largestOf(halves(training.gradient_cache_batch ?? texts, 1), available, (size) =>
    expectedMemory(prepared, { ...configuration, training: { ...training, gradient_cache_batch: size } }),
  );
}

function largestBatchSize(prepared: PreparedRun, available: number, configuration: Configuration): Smaller | null {
  return largestOf(halves(configuration.training.batch_size, 2), available, (size) =>
    expectedMemory(prepared, configuration, prepared.plan.withBatchSize(size)),
  );
}

/** Powers of two below `size`, the largest first. */
function halves(size: number, smallest: number): number[] {
  const sizes: number[] = [];
  for (let power = 2 ** (Math.ceil(Math.log2(size)) - 1); power >= smallest; power /= 2) sizes.push(power);
  return sizes;
}

function largestOf(sizes: readonly number[], available: number, bytesWith: (size: number) => number): Smaller | null {
  for (const size of sizes) {
    const bytes = bytesWith(size);
    if (bytes <= available) return { size, bytes };
  }
  return null;
}
