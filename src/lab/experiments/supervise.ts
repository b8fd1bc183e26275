import { stripVTControlCharacters } from 'node:util';
import type { TrainerEvent } from '../../shared/events.ts';
import type { Run, RunState } from '../../shared/history.ts';
import { HealthWatch } from '../health/healthWatch.ts';
import type { Store } from '../store/runStore.ts';
import type { TrainingJob } from '../training/job.ts';
import { knownUntrained } from '../training/untrained.ts';
import type { MessageFromTrainer, MessageToTrainer } from './messages.ts';
import type { LaunchedProcess, ProcessExit, ProcessLauncher } from '../work/processes.ts';

/** A training process as its owner sees it. */
export interface Trainer {
  /** Asks for a checkpoint and an end. */
  stop(): void;
  /** Waits before the next step, until `unpause` or `stop`. */
  pause(): void;
  unpause(): void;
  /** Ends the process at once; the run can be resumed from its last checkpoint. */
  kill(): void;
  /** The state the run ended in. Rejected where its history cannot be written. */
  readonly ended: Promise<RunState>;
}

/** What an owner wants to be told of. */
export interface TrainerObserver {
  /** As it comes: not stored yet. */
  onEvent?(event: TrainerEvent): void;
  /** After the events so far were stored, ten times a second at most. */
  onStored?(): void;
  /** Resident memory of the process, once a second. */
  onMemory?(bytes: number): void;
}

const recordMilliseconds = 100;

/**
 * Starts a training process for a run that this process has claimed, and records what it sends.
 * A process that dies takes only itself: the run becomes interrupted, and can be resumed.
 */
export function startTrainer(
  store: Store,
  job: TrainingJob,
  launcher: ProcessLauncher,
  observer: TrainerObserver,
): Trainer {
  const child = launcher.launch('trainer');
  const send = (message: MessageToTrainer): void => child.send(message);
  const errors = keepTail(child);
  const health = new HealthWatch(store, store.getRun(job.run));
  const pending: TrainerEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastRecording = -Infinity;
  let recordingFailure: Error | undefined;
  /** Whether the process is to be ended, by whoever owns the trainer. */
  let asked = false;

  const recordPending = (): void => {
    clearTimeout(timer);
    timer = undefined;
    lastRecording = performance.now();
    if (pending.length > 0) store.record(job.run, ...pending.splice(0));
    observer.onStored?.();
  };
  /** A history that cannot be written ends the run: its figures would be lost. */
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      recordingFailure ??= asError(error);
      child.kill();
    }
  };
  const receive = (message: MessageFromTrainer): void => {
    switch (message.type) {
      case 'flush':
        recordPending();
        return send({ type: 'flushed', number: message.number });
      case 'memory':
        return observer.onMemory?.(message.bytes);
      case 'event':
        for (const event of [message.event, ...health.observe(message.event)]) {
          if (event.type !== 'phase') pending.push(event);
          observer.onEvent?.(event);
        }
        // At once after a pause: who watches slow steps need not wait for others that may come.
        timer ??= setTimeout(
          () => attempt(recordPending),
          Math.max(0, lastRecording + recordMilliseconds - performance.now()),
        );
    }
  };
  child.onMessage((message) => attempt(() => receive(message as MessageFromTrainer)));

  const ended = new Promise<RunState>((resolve, reject) => {
    child.onExit(({ code, killed }) => {
      attempt(recordPending);
      if (recordingFailure !== undefined) return reject(recordingFailure);
      try {
        const { state } = store.getRun(job.run);
        if (state !== 'running') return resolve(state);
        if (asked || code === 0) store.setState(job.run, 'interrupted');
        else store.record(job.run, diedEvent({ killed, code }, store.getRun(job.run), errors()));
        resolve(store.getRun(job.run).state);
      } catch (error) {
        reject(asError(error));
      }
    });
  });
  send({ type: 'start', job, untrained: knownUntrained(store, job) });
  return {
    stop: () => send({ type: 'stop' }),
    pause: () => send({ type: 'pause' }),
    unpause: () => send({ type: 'unpause' }),
    kill: () => {
      asked = true;
      child.kill();
    },
    ended,
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Node itself ends with small numbers, for errors of the program; whatever else ends a process comes from outside, or from a driver. */
const largestCodeOfNode = 13;

/** What ended a process that said nothing of it. */
function diedEvent({ killed, code }: ProcessExit, { id: run, steps_done: step }: Run, errors: string): TrainerEvent {
  if (!killed && code !== null && code <= largestCodeOfNode) {
    return {
      type: 'failed',
      run,
      step,
      code: 'internal',
      message: `The training process ended with exit code ${code}.${errors && `\n${errors}`}`,
      fix: 'This is a defect of LossLab: please report it with this text.',
    };
  }
  const words = lastWords(errors);
  const message = `The training process ${killed ? 'was killed, or crashed' : `crashed with exit code ${code}`}: the memory of the machine or its GPU may have run out, or a driver failed.${words && `\n${words}`}`;
  return {
    type: 'interrupted',
    run,
    step,
    code: 'device',
    message,
    fix: 'Go on from the last checkpoint; where it happens again, take a smaller batch_size or max_length, or a gradient_cache_batch.',
  };
}

/** What a crash says of its cause; its stacks are for those who mend Node and drivers. */
function lastWords(errors: string): string {
  const lines = stripVTControlCharacters(errors)
    .split('\n')
    .filter((line) => /error|exception|terminate|abort|out of memory/i.test(line) && !/^ *\d+: 0x/.test(line));
  return [...new Set(lines)].slice(-3).join('\n');
}

/** The end of what a process writes to stderr: native libraries speak there alone. */
function keepTail(child: LaunchedProcess): () => string {
  let tail = '';
  child.onErrorOutput((text) => (tail = (tail + text).slice(-4000)));
  return () => tail.trim();
}
