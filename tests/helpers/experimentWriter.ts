import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';

/** Another program that trains: node experimentWriter.ts HOME RUN. It records a step for each line it reads, and stays until it is killed. */
const [home, run] = process.argv.slice(2) as [string, string];
const store = openStore(openHome(home));
store.claim(run);
let step = 0;
process.stdin.on('data', () => {
  step++;
  store.record(run, {
    run,
    type: 'step',
    step,
    epoch: 1,
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
});
