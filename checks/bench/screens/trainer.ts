import { setTimeout as sleep } from 'node:timers/promises';
import { trainTask, type TrainHost, type TrainInput } from '../../../src/lab/training/trainTask.ts';
import { serveScripted } from '../../../tests/helpers/scriptedTask.ts';
import { startedEvent, stepEvent } from '../../../tests/helpers/syntheticStore.ts';
import { longSteps, quickMilliseconds, sentMetric, settlingMilliseconds, singleSteps } from './script.ts';

/**
 * A training process that computes nothing: it goes on with a run by steps that come singly, and then
 * by quick ones until it is stopped. Each step says when it was sent, as a metric of its batch.
 */
serveScripted(trainTask, train);

async function train({ job: { run } }: TrainInput, { emit, onOrder }: TrainHost): Promise<void> {
  let stopped = false;
  onOrder((order) => (stopped ||= order === 'stop'));
  emit(startedEvent(run, { steps: 10 * longSteps, steps_per_epoch: longSteps / 10, resumed_at: longSteps }));
  await sleep(settlingMilliseconds);
  for (let step = longSteps + 1; !stopped; step++) {
    const single = step <= longSteps + singleSteps;
    // Gaps of all lengths: a step must not always find the lab and the browser at the same point of their work.
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
