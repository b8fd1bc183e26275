import type { Failure } from '../shared/contract/messages.ts';
import { LabError } from '../shared/errors.ts';
import { asFileError } from '../lab/files/storage.ts';
import { compareGradients } from '../lab/diagnostics/compareGradients.ts';
import type { TrainingJob } from '../lab/training/job.ts';
import { trainRun } from '../lab/training/loop.ts';
import type { MessageFromTask, MessageFromTrainer, MessageToTrainer } from '../lab/experiments/messages.ts';
import { ownerChannel } from '../lab/work/ownerChannel.ts';
import { rehearse } from '../lab/training/rehearsal.ts';
import type { UntrainedEvaluation } from '../lab/training/untrained.ts';
import { Pause } from './pause.ts';

/**
 * Entry of the training process: takes one job, sends what happens, ends. Its owner decides about
 * interrupts; a terminal sends them to every process in the foreground.
 */
process.on('SIGINT', () => undefined);
const owner = ownerChannel();
// Without an owner nobody stores what is measured: the last checkpoint is where the run goes on.
owner.onClose(() => process.exit(0));

const memoryMilliseconds = 1000;
const pause = new Pause();
const stopping = new AbortController();
let flushes = 0;
let step = 0;
const waiting = new Map<number, () => void>();

owner.onMessage((received) => {
  const message = received as MessageToTrainer;
  switch (message.type) {
    case 'start':
      return void run(message.job, message.untrained);
    case 'rehearse':
      return void work((report) => rehearse(message.job, report));
    case 'compareGradients':
      return void work((report) => compareGradients(message.job, report));
    case 'pause':
      return pause.begin();
    case 'unpause':
      return pause.end();
    case 'stop':
      stopping.abort();
      return pause.end();
    case 'flushed':
      waiting.get(message.number)?.();
      waiting.delete(message.number);
  }
});

function send(message: MessageFromTrainer | MessageFromTask<unknown>): void {
  owner.send(message);
}

function flush(): Promise<void> {
  const number = ++flushes;
  return new Promise((resolve) => {
    waiting.set(number, resolve);
    send({ type: 'flush', number });
  });
}

async function run(job: TrainingJob, untrained: UntrainedEvaluation | null): Promise<void> {
  setInterval(() => send({ type: 'memory', bytes: process.memoryUsage.rss() }), memoryMilliseconds).unref();
  try {
    await trainRun(job, {
      emit: (event) => {
        if ('step' in event) step = event.step;
        send({ type: 'event', event: { ...event, run: job.run } });
      },
      flush,
      unpaused: () => pause.over(),
      stopping: stopping.signal,
      untrained,
    });
  } catch (error) {
    const cause = failure(error);
    send({
      type: 'event',
      event: { type: lieOutside.includes(cause.code) ? 'interrupted' : 'failed', run: job.run, step, ...cause },
    });
  }
  await flush();
  process.exit(0);
}

/** What no run can do anything about: once it is mended, the run goes on from its last checkpoint. */
const lieOutside: readonly Failure['code'][] = ['storage', 'device'];

/** A task other than to train. Its owner ends the process when it has the result. */
async function work(task: (report: (message: string) => void) => Promise<unknown>): Promise<void> {
  try {
    send({ type: 'result', result: await task((message) => send({ type: 'progress', message })) });
  } catch (error) {
    send({ type: 'taskFailed', failure: failure(error) });
  }
}

function failure(thrown: unknown): Failure {
  const error = asFileError(thrown);
  if (error instanceof LabError) return { code: error.code, message: error.message, fix: error.fix };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal', message, fix: 'This is a defect of LossLab: please report it with this text.' };
}
