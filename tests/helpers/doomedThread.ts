/** A thread of `WatchedThread` that does not look at inputs: the name of its task is what becomes of it. */
import { parentPort } from 'node:worker_threads';
import type { FuzzTask } from '../../checks/fuzz/fuzzThread.ts';

const endings: Readonly<Record<string, () => void>> = {
  through: () => parentPort!.postMessage('through'),
  failure: () => {
    parentPort!.postMessage({ index: 3, kind: 'crash', message: 'a failure' });
    parentPort!.postMessage('through');
  },
  throw: () => {
    throw new TypeError('not one of ours');
  },
  reject: () => void Promise.reject(new Error('unheard')),
  exit: () => process.exit(0),
  memory: () => {
    for (const all: number[][] = []; ;) all.push(new Array<number>(2 ** 20).fill(0.5));
  },
  loop: () => {
    for (;;);
  },
};

parentPort!.on('message', ({ name }: FuzzTask) => endings[name]!());
