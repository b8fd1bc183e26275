import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageFromTrainer, MessageToTrainer } from '../../../src/lab/experiments/messages.ts';
import { ownerChannel } from '../../../src/lab/work/ownerChannel.ts';
import { evaluationEvent, startedEvent } from '../../../tests/helpers/syntheticStore.ts';
import { scriptedStep, type LoadScript } from './script.ts';

/** A training process that computes nothing and sends steps as fast as LOAD_SCRIPT says. */
const { steps, passes, stepsPerSecond } = JSON.parse(process.env.LOAD_SCRIPT!) as LoadScript;
const owner = ownerChannel();
const send = (message: MessageFromTrainer): void => owner.send(message);
let unpaused = Promise.withResolvers<void>();
let flushed = Promise.withResolvers<void>();
owner.onClose(() => process.exit(0));
owner.onMessage((received) => {
  const message = received as MessageToTrainer;
  if (message.type === 'start') void train(message.job.run);
  if (message.type === 'unpause') unpaused.resolve();
  if (message.type === 'flushed') flushed.resolve();
  if (message.type === 'stop') process.exit(0);
});

async function train(run: string): Promise<void> {
  for (let pass = 1; pass <= passes; pass++) {
    send({ type: 'event', event: startedEvent(run, { steps, steps_per_epoch: steps / 10, resumed_at: 0 }) });
    await sendSteps(run);
    send({ type: 'event', event: evaluationEvent(run, steps, 0.5) });
    if (pass < passes) await unpaused.promise;
    unpaused = Promise.withResolvers();
  }
  send({
    type: 'event',
    event: {
      run,
      type: 'finished',
      step: steps,
      training_seconds: steps / stepsPerSecond,
      encoder: `/runs/${run}`,
      peak_memory_bytes: 1e8,
    },
  });
  flushed = Promise.withResolvers();
  send({ type: 'flush', number: 1 });
  await flushed.promise;
  process.exit(0);
}

/** Held to the clock: a process that was kept waiting makes up for it. */
async function sendSteps(run: string): Promise<void> {
  const begun = performance.now();
  for (let step = 1; step <= steps;) {
    const due = Math.min(steps, Math.ceil(((performance.now() - begun) / 1000) * stepsPerSecond));
    for (; step <= due; step++) send({ type: 'event', event: scriptedStep(run, step) });
    await sleep(10);
  }
}
