import { setTimeout as sleep } from 'node:timers/promises';
import { trainTask, type TrainHost, type TrainInput } from '../../../src/lab/training/trainTask.ts';
import { serveScripted } from '../../../tests/helpers/scriptedTask.ts';
import { startedEvent, stepEvent } from '../../../tests/helpers/syntheticStore.ts';
import { longSteps, quickMilliseconds, sentMetric, settlingMilliseconds, singleSteps } from './script.ts';

/**
 * A training process that computes nothing: it resumes a run, first with single steps, then with fast ones until it is
 * stopped. Each step contains the time at which it was sent, as a batch metric.
 */
serveScripted(trainTask, train);

async function train({ job: { run } }: TrainInput, { emit, onOrder }: TrainHost): Promise<void> {
  let stopped = false;
  onOrder((order) => (stopped ||= order === 'stop'));
  emit(startedEvent(run, { steps: 10 * longSteps, steps_per_epoch: longSteps / 10, resumed_at: longSteps }));
  await sleep(settlingMilliseconds);
  for (let step = longSteps + 1; !stopped; step++) {
    const single = step <= longSteps + singleSteps;
    // Different pauses, so that steps do not always arrive at the same point of the work of lab and browser.
    await sleep(single ? 250 + Math.random() * 100 : quickMilliseconds);
    emit(
      stepEvent(run, step, {
        loss: 0.5 + 0.2 * Math.sin(step * 12.9898),
        metrics: { acc: 0.5, [sentMetric]: performance.timeOrigin + performance.now() },
      }),
    );
  }
  emit({ type: 'stopped', run, step: longSteps });
}
