import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { findDataset } from '../../../../src/lab/data/findDataset.ts';
import { trainRun, type EventWithoutRun } from '../../../../src/lab/training/trainRun.ts';
import { expectedMemory, memoryShortage } from '../../../../src/lab/training/memory.ts';
import { prepareRun, type PreparedRun } from '../../../../src/lab/training/prepare.ts';
import { rehearse } from '../../../../src/lab/training/rehearsal.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../../src/shared/configuration.ts';
import type { DeviceName } from '../../../../src/shared/device.ts';
import { labError } from '../../../helpers/dataFiles.ts';
import { temporaryHome } from '../../../helpers/syntheticStore.ts';

const small: RawConfiguration = {
  name: 'Small',
  encoder: 'mini',
  vocabulary_size: 500,
  limit: 60,
  batch_size: 32,
  epochs: 1,
  test_size: 0.05,
};

async function jobOf(raw: RawConfiguration = {}, device: DeviceName = 'cpu') {
  const home = temporaryHome();
  const { folder } = await findDataset(home, 'sample');
  return {
    run: 'r1',
    configuration: resolveConfiguration({ ...small, ...raw }),
    dataset: folder,
    folder: join(home.runs, 'r1'),
    cache: home.cache,
    device,
    deviceReason: 'asked for',
  };
}

async function prepare(raw: RawConfiguration = {}, device: DeviceName = 'cpu'): Promise<PreparedRun> {
  return prepareRun(await jobOf(raw, device), { phase: () => undefined, notice: () => undefined });
}

const withKeys = (prepared: PreparedRun, keys: RawConfiguration) =>
  resolveConfiguration({ ...small, ...keys, encoder: prepared.job.configuration.encoder.kind });

afterEach(() => vi.restoreAllMocks());

test.each(['cpu', 'webgpu'] as const)(
  'more texts at once need more memory on %s, and parts of a batch less',
  async (device) => {
    const prepared = await prepare({}, device);
    const needed = expectedMemory(prepared);
    expect(expectedMemory(prepared, undefined, prepared.plan.withBatchSize(4))).toBeLessThan(0.7 * needed);
    expect(expectedMemory(prepared, withKeys(prepared, { gradient_cache_batch: 4 }))).toBeLessThan(0.7 * needed);
  },
);

test('what fits, or may fit, is no shortage', async () => {
  const prepared = await prepare();
  expect(memoryShortage(prepared, 1e12)).toBeNull();
  expect(memoryShortage(prepared, null)).toBeNull();
});

test('what does not fit is told with both sizes, and what is proposed does', async () => {
  const prepared = await prepare();
  const available = 0.75 * expectedMemory(prepared);
  const { message, fix } = memoryShortage(prepared, available)!;
  expect(message).toMatch(
    /^"Small" is expected to need about [\d.]+ [KMGT]iB of the memory of this machine; [\d.]+ [KMGT]iB are free\.$/,
  );
  const [, cached, batch] =
    /^Set gradient_cache_batch (\d+): about [\d.]+ [KMG]iB, same results, but slower; or batch_size (\d+): about [\d.]+ [KMG]iB\.$/.exec(
      fix,
    )!;
  expect(expectedMemory(prepared, withKeys(prepared, { gradient_cache_batch: Number(cached) }))).toBeLessThanOrEqual(
    available,
  );
  expect(expectedMemory(prepared, undefined, prepared.plan.withBatchSize(Number(batch)))).toBeLessThanOrEqual(
    available,
  );
  expect(memoryShortage(prepared, available, withKeys(prepared, { gradient_cache_batch: Number(cached) }))).toBeNull();
});

test('an encoder without activations to speak of is not to be cached; where nothing helps, that is said', async () => {
  const prepared = await prepare({ encoder: 'static', embed_dim: 8 }, 'webgpu');
  expect(memoryShortage(prepared, 0.9 * expectedMemory(prepared))!.fix).not.toContain('gradient_cache_batch');
  expect(memoryShortage(prepared, 1000)).toMatchObject({
    message: expect.stringContaining('the memory of the GPU; 1,000 B are free') as unknown,
    fix: 'No batch size is small enough: choose a smaller encoder or max_length.',
  });
});

test('a run that is not expected to fit is warned, and tried', async () => {
  vi.spyOn(process, 'constrainedMemory').mockReturnValue(2e6);
  const events: EventWithoutRun[] = [];
  await trainRun(await jobOf({ encoder: 'static' }), {
    emit: (event) => events.push(event),
    flush: () => Promise.resolve(),
    unpaused: () => Promise.resolve(),
    stopping: new AbortController().signal,
    untrained: null,
  });
  expect(events.flatMap((event) => (event.type === 'notice' ? [event.message] : []))).toEqual([
    expect.stringMatching(/expected to need about .* 1\.91 MiB are free\. No batch size is small enough/),
  ]);
  expect(events.at(-1)!.type).toBe('finished');
});

test('a rehearsal that is not expected to fit is refused before anything is tried', async () => {
  vi.spyOn(process, 'constrainedMemory').mockReturnValue(2e6);
  const job = await jobOf();
  const told: string[] = [];
  const error = await labError(
    () => rehearse({ job, recipes: [job.configuration] }, ({ message }) => told.push(message)),
    'device',
  );
  expect(error.message).toContain('"Small" is expected to need');
  expect(told.some((message) => message.startsWith('Trying'))).toBe(false);
});
