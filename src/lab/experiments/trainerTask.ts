import { LabError } from '../../shared/errors.ts';
import type { MessageFromTask, TrainerTasks } from './messages.ts';
import type { ProcessLauncher } from '../work/processes.ts';
import { fromFailure } from '../work/failure.ts';

/** A task of a training process, with the words for people. */
export interface TaskWords {
  /** As the subject of a sentence. */
  readonly what: string;
  /** What to do where the process ends without a result. */
  readonly fix: string;
}

/**
 * Has a task done by a training process of its own. Rejects with what the task throws, and with the
 * signal's reason when aborted; the process does not outlive the promise.
 */
export function runInTrainer<T extends keyof TrainerTasks>(
  launcher: ProcessLauncher,
  type: T,
  job: TrainerTasks[T]['job'],
  { what, fix }: TaskWords,
  signal: AbortSignal,
  report: (message: string) => void,
): Promise<TrainerTasks[T]['result']> {
  const trainer = launcher.launch('trainer');
  let errors = '';
  trainer.onErrorOutput((text) => (errors = (errors + text).slice(-2000)));
  const result = new Promise<TrainerTasks[T]['result']>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as LabError));
    trainer.onMessage((received) => {
      const message = received as MessageFromTask<TrainerTasks[T]['result']>;
      if (message.type === 'progress') report(message.message);
      if (message.type === 'result') resolve(message.result);
      if (message.type === 'taskFailed') reject(fromFailure(message.failure));
    });
    trainer.onExit(({ code }) => {
      reject(
        new LabError(
          'training',
          `${what} ended before it had a result (exit code ${code}).${errors && `\n${errors.trim()}`}`,
          fix,
        ),
      );
    });
  });
  trainer.send({ type, job });
  return result.finally(() => trainer.kill());
}
