import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importDataset } from '../../../../src/lab/data/importDataset.ts';
import { trainRun, type EventWithoutRun } from '../../../../src/lab/training/trainRun.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { dataFolder } from '../../../helpers/dataFiles.ts';
import { writeCsvPair } from '../../../helpers/tinyData.ts';

test('a run that is stopped while its texts are tokenised ends as stopped, and leaves no half cache', async () => {
  const folder = dataFolder();
  const { folder: dataset } = await importDataset({
    home: folder,
    name: 'tiny',
    source: { kind: 'csv', ...writeCsvPair(folder) },
  });
  const stopping = new AbortController();
  const events: EventWithoutRun[] = [];
  const job = {
    run: 'r1',
    configuration: resolveConfiguration({ batch_size: 4 }),
    dataset,
    folder: join(folder, 'run'),
    cache: join(folder, 'cache'),
    device: 'cpu' as const,
    deviceReason: 'asked for',
  };
  await trainRun(job, {
    emit(event) {
      events.push(event);
      if (event.type === 'phase' && event.phase === 'Preparing the tokenizer') stopping.abort();
    },
    flush: () => Promise.resolve(),
    unpaused: () => Promise.resolve(),
    stopping: stopping.signal,
    untrained: null,
  });
  expect(events.filter(({ type }) => type !== 'phase')).toEqual([{ type: 'stopped', step: 0 }]);
  expect(readdirSync(join(folder, 'cache', 'tokens'))).toEqual([]);
  expect(existsSync(job.folder)).toBe(false);
});
