import type { LogEntry } from '../../../shared/contract/experiments.ts';
import { healthTitles } from '../../../shared/health.ts';
import { formatDuration } from '../../../shared/format.ts';

export interface LogLine {
  readonly tone: 'plain' | 'good' | 'warning' | 'bad';
  readonly text: string;
}

/** What happened, in plain words. */
export function describeEvent(event: LogEntry['event']): LogLine {
  switch (event.type) {
    case 'started':
      return { tone: 'plain', text: started(event) };
    case 'notice':
      return { tone: 'warning', text: event.message };
    case 'health':
      return { tone: 'bad', text: `${healthTitles[event.kind]}, step ${event.step}: ${event.message} ${event.fix}` };
    case 'checkpoint':
      return { tone: 'plain', text: `Checkpoint written at step ${event.step}: training can continue from here.` };
    case 'finished':
      return {
        tone: 'good',
        text: `Finished after ${event.step} steps and ${formatDuration(event.training_seconds)} of training.`,
      };
    case 'stopped':
      return { tone: 'warning', text: `Stopped at step ${event.step} on request.` };
    case 'interrupted':
    case 'failed':
      return {
        tone: 'bad',
        text: [
          `${event.type === 'failed' ? 'Failed' : 'Interrupted'} at step ${event.step}: ${event.message}`,
          event.fix,
        ]
          .filter(Boolean)
          .join(' '),
      };
  }
}

function started(event: Extract<LogEntry['event'], { type: 'started' }>): string {
  const where = event.device === 'webgpu' ? 'the GPU' : 'the processor';
  const what = `${event.train_questions} training and ${event.test_questions} test questions, ${event.steps} steps`;
  return event.resumed_at > 0
    ? `Continued from step ${event.resumed_at} on ${where}: ${what}.`
    : `Started on ${where} (${event.device_reason}): ${what}.`;
}
