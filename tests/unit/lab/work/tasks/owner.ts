/** An owner that starts a worker which waits for ever, says which process that is, and stays until it is killed. */
import { nodeLauncher } from '../../../../../src/lab/work/nodeProcesses.ts';
import { TaskWorker } from '../../../../../src/lab/work/taskWorker.ts';
import type { WorkerLauncher } from '../../../../../src/lab/work/workers.ts';
import { exampleTask } from './exampleTask.ts';

const launcher = nodeLauncher();
const telling: WorkerLauncher = {
  launch(name, options) {
    const worker = launcher.launch(name, options);
    process.send!(worker.pid);
    return worker;
  },
};
await new TaskWorker(telling, exampleTask, { setup: undefined }).run({ do: 'wait' });
