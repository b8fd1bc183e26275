/** Events of a training process for its owner. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openHome } from '../../../src/lab/files/home.ts';
import { openStore, type Store } from '../../../src/lab/store/runStore.ts';
import type { LaunchedWorker } from '../../../src/lab/work/workers.ts';
import { startTrainer } from '../../../src/lab/experiments/trainer.ts';
import { decodeMessage, encodeMessage } from '../../../src/shared/contract/codec.ts';
import type { TrainerEvent } from '../../../src/shared/events.ts';
import { mutateMessage, replaceValue } from '../mutators/messages.ts';
import { require, type FuzzTarget, type Outcome } from '../target.ts';
import { experimentDatabase, knownIds } from './experimentDatabase.ts';

const run = knownIds.runs[0];
const failure = { code: 'device' as const, message: 'The device is gone.', fix: 'Resume it.' };
const events: readonly TrainerEvent[] = [
  {
    run,
    type: 'started',
    device: 'cpu',
    device_reason: 'asked for',
    parameters: 9,
    steps: 3,
    steps_per_epoch: 3,
    hashes: { dataset: 'd', split: 's', plan: 'p', weights: 'w', tokenizer: 't' },
    resumed_at: 0,
    train_questions: 8,
    test_questions: 2,
  },
  { run, type: 'phase', phase: 'Tokenising', done: 1, total: 2 },
  { run, type: 'notice', message: 'A notice.' },
  {
    run,
    type: 'step',
    step: 1,
    epoch: 0,
    loss: NaN,
    metrics: { acc: 0.5 },
    gradient_norm: Infinity,
    learning_rate: 1e-3,
    documents: 16,
    documents_per_step: 16,
    tokens: 99,
    step_seconds: 0.1,
    training_seconds: 0.1,
  },
  {
    run,
    type: 'evaluation',
    split: 'test',
    step: 0,
    epoch: 0,
    metrics: { 'mrr@10': 0.5 },
    per_query: { question_ids: ['1', '2'], values: { 'mrr@10': Float32Array.of(1, 0) } },
    seconds: 0.1,
    training_seconds: 0,
  },
  { run, type: 'health', step: 1, kind: 'collapse', message: 'It collapses.', fix: 'Stop it.' },
  { run, type: 'checkpoint', step: 1, file: 'checkpoint-1.safetensors' },
  { run, type: 'finished', step: 3, training_seconds: 0.3, encoder: 'encoder', peak_memory_bytes: 1e9 },
  { run, type: 'stopped', step: 1 },
  { run, type: 'interrupted', step: 1, ...failure },
  { run, type: 'failed', step: 1, ...failure },
];

/** For any messages of a training process: its owner continues, the run ends, and its history can be read. */
export const trainerEvents: FuzzTarget = {
  seeds: () => events.map((event) => Buffer.from(encodeMessage({ type: 'event', input: event }))),
  mutators: [mutateMessage, replaceValue],
  knowingOnly: true,
  async parse(input, folder): Promise<Outcome> {
    let message: unknown;
    try {
      message = decodeMessage(Uint8Array.from(input));
    } catch {
      return 'refused';
    }
    const { type, input: event } = (message ?? {}) as { type?: unknown; input?: unknown };
    const home = openHome(join(folder, 'home'));
    writeFileSync(home.database, experimentDatabase());
    const store = openStore(home);
    try {
      store.claim(run);
      // A history that cannot be written ends the run, with the reason.
      const outcome = await startTrainer(
        store,
        { run } as never,
        { launch: () => processThatSays({ type, job: 1, event }) },
        {},
      ).ended.then(
        () => 'accepted' as const,
        (error: unknown) => error,
      );
      readEverything(store);
      if (outcome === 'accepted') require(store.getRun(run).state !== 'running', 'the run goes on without a process');
      return outcome === 'accepted' ? 'accepted' : 'refused';
    } finally {
      store.close();
    }
  },
};

function processThatSays(message: unknown): LaunchedWorker {
  let tell: ((message: unknown) => void) | undefined;
  return {
    send: () => undefined,
    onMessage: (listener) => (tell = listener),
    onErrorOutput: () => undefined,
    onExit: (listener) =>
      void setImmediate(() => {
        tell!(message);
        listener({ code: 1, killed: false });
      }),
    kill: () => undefined,
    pid: undefined,
  };
}

function readEverything(store: Store): void {
  store.listOverviews();
  store.getRun(run);
  store.curves(run, store.stepMetricNames(run));
  for (const { step } of store.evaluations(run)) store.perQuery(run, step, 'mrr@10');
  store.diagnosedSteps(run);
  store.events(run);
  store.pace(run);
}
