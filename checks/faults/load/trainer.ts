import { setTimeout as sleep } from 'node:timers/promises';
import { trainTask, type TrainHost, type TrainInput } from '../../../src/lab/training/trainTask.ts';
import { serveScripted } from '../../../tests/helpers/scriptedTask.ts';
import { evaluationEvent, startedEvent } from '../../../tests/helpers/syntheticStore.ts';
import { scriptedStep, type LoadScript } from './script.ts';

/** A training process that computes nothing and sends steps as fast as LOAD_SCRIPT says. */
const { steps, passes, stepsPerSecond } = JSON.parse(process.env.LOAD_SCRIPT!) as LoadScript;
serveScripted(trainTask, train);

async function train({ job: { run } }: TrainInput, host: TrainHost): Promise<void> {
  let unpaused = Promise.withResolvers<void>();
  host.onOrder((order) => {
    if (order === 'unpause') unpaused.resolve();
    if (order === 'stop') process.exit(0);
  });
  for (let pass = 1; pass <= passes; pass++) {
    host.emit(startedEvent(run, { steps, steps_per_epoch: steps / 10, resumed_at: 0 }));
    await sendSteps(run, host);
    host.emit(evaluationEvent(run, steps, 0.5));
    if (pass < passes) await unpaused.promise;
    unpaused = Promise.withResolvers();
  }
  host.emit({
    run,
    type: 'finished',
    step: steps,
    training_seconds: steps / stepsPerSecond,
    encoder: `/runs/${run}`,
    peak_memory_bytes: 1e8,
  });
}

/** Follows the clock: a process that had to wait catches up. */
async function sendSteps(run: string, { emit }: TrainHost): Promise<void> {
  const begun = performance.now();
  for (let step = 1; step <= steps;) {
    const due = Math.min(steps, Math.ceil(((performance.now() - begun) / 1000) * stepsPerSecond));
    for (; step <= due; step++) emit(scriptedStep(run, step));
    await sleep(10);
  }
}
