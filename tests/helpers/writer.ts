import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';

/** A program that writes a run: node writer.ts HOME RUN STEPS. It stays until it is killed. */
const [home, run, steps] = process.argv.slice(2) as [string, string, string];
const store = openStore(openHome(home));
store.claim(run);
for (let step = 1; step <= Number(steps); step++) {
  store.record(run, {
    run,
    type: 'step',
    step,
    epoch: 0,
    loss: 1 / step,
    metrics: {},
    gradient_norm: 1,
    learning_rate: 0.001,
    documents: step,
    documents_per_step: 1,
    tokens: 1,
    step_seconds: 0.01,
    training_seconds: 0.01 * step,
  });
}
console.log('recorded');
setInterval(() => {}, 60_000);
