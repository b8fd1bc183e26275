import { defineTask } from '../../../../../src/lab/work/task.ts';
import type { Progress } from '../../../../../src/shared/progress.ts';
import { LabError } from '../../../../../src/shared/errors.ts';

/* What a worker can be made to do, to see what becomes of it and of its owner. */

const traits = { module: import.meta.url, what: 'The example', fix: 'Try another example.' } as const;

type Deed = (value: unknown, report: (progress: Progress) => void) => unknown;

/** By the name of what is wanted, with a value. */
export interface ExampleJob {
  readonly do: keyof typeof deeds;
  readonly value?: unknown;
}

const deeds = {
  echo: (value: unknown) => value,
  refuse: () => {
    throw new LabError('data', 'The file has no questions.', 'Use another file.');
  },
  defect: () => {
    throw new TypeError('x is not a function');
  },
  fileError: () => {
    throw Object.assign(new Error("EACCES: permission denied, open '/x'"), {
      code: 'EACCES',
      syscall: 'open',
      path: '/x',
    });
  },
  uncloneable: () => () => 0,
  exit: (code: unknown) => process.exit(code as number),
  loop: () => {
    for (;;);
  },
  wait: () => new Promise(() => undefined),
  complain: (text: unknown) => {
    process.stderr.write(text as string);
    return new Promise(() => undefined);
  },
  grow: () => {
    for (const all: number[][] = []; ;) all.push(new Array<number>(2 ** 16).fill(0.5));
  },
  growOutside: async () => {
    for (const all: Buffer[] = []; ;) {
      all.push(Buffer.alloc(2 ** 24, 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
  /** Reports from 1 to the value as fast as it can, and then something else. */
  count: (value: unknown, report: (progress: Progress) => void) => {
    for (let done = 1; done <= (value as number); done++) report({ message: 'Counting', done, total: value as number });
    report({ message: 'Counted', done: 0, total: 1 });
  },
} satisfies Record<string, Deed>;

export const exampleTask = defineTask<ExampleJob, unknown>({
  ...traits,
  run: ({ do: deed, value }, { report }) => deeds[deed](value, report),
});
