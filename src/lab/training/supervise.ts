import { fork, type ChildProcess } from 'node:child_process';
import type { TrainerEvent } from '../../shared/events.ts';
import type { Store } from '../store/runStore.ts';
import type { RunState } from '../../shared/history.ts';
import type { TrainingJob } from './job.ts';
import type { MessageFromTrainer, MessageToTrainer } from './messages.ts';

/** A training process as its owner sees it. */
export interface Trainer {
  /** Asks for a checkpoint and an end. */
  stop(): void;
  /** Ends the process at once; the run can be resumed from its last checkpoint. */
  kill(): void;
  /** The state the run ended in. */
  readonly ended: Promise<RunState>;
}

const recordInterval = 200;

/**
 * Starts a training process for a run that this process has claimed, and records what it sends.
 * A process that dies takes only itself: the run becomes interrupted, and can be resumed.
 */
export function startTrainer(store: Store, job: TrainingJob, entry: string, onEvent: (event: TrainerEvent) => void): Trainer {
  // Advanced serialisation keeps NaN, infinities and typed arrays.
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  const send = (message: MessageToTrainer): void => void (child.connected && child.send(message));
  const errors = keepTail(child);
  const pending: TrainerEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let recordingFailure: Error | undefined;

  const recordPending = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (pending.length > 0) store.record(job.run, ...pending.splice(0));
  };
  /** A history that cannot be written ends the run: its figures would be lost. */
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      recordingFailure ??= asError(error);
      child.kill('SIGKILL');
    }
  };

  child.on('message', (message: MessageFromTrainer) =>
    attempt(() => {
      if (message.type === 'flush') {
        recordPending();
        return send({ type: 'flushed', number: message.number });
      }
      const { event } = message;
      if (event.type !== 'phase') pending.push(event);
      onEvent(event);
      timer ??= setTimeout(() => attempt(recordPending), recordInterval);
    }),
  );

  const ended = new Promise<RunState>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      attempt(recordPending);
      if (recordingFailure !== undefined) return reject(recordingFailure);
      try {
        const { state } = store.getRun(job.run);
        if (state !== 'running') return resolve(state);
        if (signal !== null || code === 0) store.setState(job.run, 'interrupted');
        else store.record(job.run, diedEvent(job.run, code, errors()));
        resolve(store.getRun(job.run).state);
      } catch (error) {
        reject(asError(error));
      }
    });
  });
  send({ type: 'start', job });
  return { stop: () => send({ type: 'stop' }), kill: () => void child.kill('SIGKILL'), ended };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function diedEvent(run: string, code: number | null, errors: string): TrainerEvent {
  const message = `The training process ended with exit code ${code}.${errors ? `\n${errors}` : ''}`;
  return { type: 'failed', run, step: 0, code: 'internal', message, fix: 'This is a defect of LossLab, or the machine ran out of memory: try a smaller batch_size.' };
}

/** The end of what a process writes to stderr: native libraries speak there alone. */
function keepTail(child: ChildProcess): () => string {
  let tail = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-2000)));
  return () => tail.trim();
}
