import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageFromTrainer, MessageToTrainer } from '../../../src/lab/experiments/messages.ts';
import { ownerChannel } from '../../../src/lab/work/ownerChannel.ts';
import type { TrainerEvent } from '../../../src/shared/events.ts';
import { startedEvent, stepEvent } from '../../../tests/helpers/syntheticStore.ts';
import { longSteps, quickMilliseconds, sentMetric, settlingMilliseconds, singleSteps } from './script.ts';

/**
 * A training process that computes nothing: it goes on with a run by steps that come singly, and then
 * by quick ones until it is stopped. Each step says when it was sent, as a metric of its batch.
 */
const owner = ownerChannel();
owner.onClose(() => process.exit(0));
owner.onMessage((message) => {
  const received = message as MessageToTrainer;
  if (received.type === 'start') void train(received.job.run);
  if (received.type === 'stop') process.exit(0);
});

async function train(run: string): Promise<void> {
  const say = (event: TrainerEvent): void => owner.send({ type: 'event', event } satisfies MessageFromTrainer);
  say(startedEvent(run, { steps: 10 * longSteps, steps_per_epoch: longSteps / 10, resumed_at: longSteps }));
  await sleep(settlingMilliseconds);
  for (let step = longSteps + 1; ; step++) {
    const single = step <= longSteps + singleSteps;
    // Gaps of all lengths: a step must not always find the lab and the browser at the same point of their work.
    await sleep(single ? 250 + Math.random() * 100 : quickMilliseconds);
    say(
      stepEvent(run, step, {
        loss: 0.5 + 0.2 * Math.sin(step * 12.9898),
        metrics: { acc: 0.5, [sentMetric]: performance.timeOrigin + performance.now() },
      }),
    );
  }
}
