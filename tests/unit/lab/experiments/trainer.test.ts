import { expect, test } from 'vitest';
import type { WorkerExit } from '../../../../src/lab/work/workers.ts';
import { trainingJob } from '../../../../src/lab/training/job.ts';
import { startTrainer, type Trainer } from '../../../../src/lab/experiments/trainer.ts';
import type { Run } from '../../../../src/shared/history.ts';
import { scriptedWorkers } from '../../../helpers/scriptedWorker.ts';
import { createRun, startedEvent, stepEvent, temporaryStore } from '../../../helpers/syntheticStore.ts';

/* What becomes of a run whose training process has gone: who is to blame, and what there is to do. */

/** A process that has trained 7 steps, written to stderr, and ends in some way. */
async function endOf(
  exit: WorkerExit,
  errors = '',
  before: (trainer: Trainer) => void = () => undefined,
): Promise<Run> {
  const store = temporaryStore();
  const { id } = store.claim(createRun(store).id);
  const launcher = scriptedWorkers();
  const trainer = startTrainer(
    store,
    trainingJob(store.home, store.getRun(id), '', { device: 'webgpu', reason: '' }),
    launcher,
    {},
  );
  const worker = await launcher.busy(0);
  for (const event of [startedEvent(id), stepEvent(id, 7)]) worker.emit(event);
  worker.complain(errors);
  before(trainer);
  worker.exit(exit);
  await trainer.ended;
  return store.getRun(id);
}

test.each([
  ['a signal', { code: null, killed: true }],
  ['an exit code of Windows for a crash', { code: 0xc0000005, killed: false }],
  ['the exit code of an abort', { code: 134, killed: false }],
])('ended by %s: interrupted, with what may have been the cause and what the process said last', async (_, exit) => {
  const run = await endOf(
    exit,
    '<--- Last few GCs --->\n\u001b[1;31mFATAL ERROR: JavaScript heap out of memory\u001b[m\n----- Native stack trace -----\n\n 2: 0x75968e node::OOMErrorHandler(char const*) [node]\nFATAL ERROR: JavaScript heap out of memory\n',
  );
  expect(run).toMatchObject({ state: 'interrupted', steps_done: 7, failure: { code: 'device' } });
  expect(run.failure!.message).toMatch(
    /^The training process (was killed, or crashed|crashed with exit code \d+): the memory .* may have run out, or a driver failed\.\nFATAL ERROR: JavaScript heap out of memory$/,
  );
  expect(run.failure!.fix).toContain('smaller batch_size');
});

test('an error of the program is a defect: failed', async () => {
  const run = await endOf({ code: 1, killed: false }, 'TypeError: x is not a function');
  expect(run).toMatchObject({
    state: 'failed',
    failure: {
      code: 'internal',
      message: expect.stringContaining(
        'The training process ended with exit code 1 before it had a result.\nTypeError: x is not a function',
      ) as string,
    },
  });
});

test('ended by its owner, there is nothing to explain', async () => {
  expect(await endOf({ code: null, killed: true }, '', (trainer) => trainer.kill())).toMatchObject({
    state: 'interrupted',
    failure: null,
  });
});
