import { join } from 'node:path';
import type { Store } from '../../src/lab/store/runStore.ts';
import { writeEncoderFolder, type FinishedEncoder } from '../../src/lab/encoders/encoderFolder.ts';
import { resolveConfiguration, type RawConfiguration } from '../../src/shared/configuration.ts';
import type { EvaluationEvent } from '../../src/shared/events.ts';
import type { Run } from '../../src/shared/history.ts';
import { evaluationEvent, startedEvent } from './syntheticStore.ts';
import { tinyFinished } from './tinyEncoders.ts';

/** A run that has finished and left an encoder, without training. */
export function finishedRun(
  store: Store,
  raw: RawConfiguration,
  dataset = { name: 'sample', hash: 'd'.repeat(64) },
  finished: FinishedEncoder = tinyFinished(raw),
  evaluations: Readonly<Record<'untrained' | 'trained', Partial<EvaluationEvent>>> = { untrained: {}, trained: {} },
): Run {
  const configuration = resolveConfiguration(raw);
  const experiment = store.createExperiment({ name: 'Exports', dataset, configuration });
  const { id } = store.createRun({ experiment: experiment.id, configuration });
  const folder = join(store.home.runs, id, 'encoder');
  writeEncoderFolder(folder, finished);
  store.claim(id);
  store.record(
    id,
    startedEvent(id),
    evaluationEvent(id, 0, 0.25, evaluations.untrained),
    evaluationEvent(id, 20, 0.5, evaluations.trained),
    { run: id, type: 'finished', step: 20, training_seconds: 3, encoder: folder, peak_memory_bytes: 3e8 },
  );
  return store.getRun(id);
}
