import { expect, onTestFinished, test } from 'vitest';
import { launcher } from '../../../../src/cli/launcher.ts';
import { chosenColumns, chosenData } from '../../../../src/lab/inspector/choose.ts';
import { Inspector } from '../../../../src/lab/inspector/inspector.ts';
import { RemoteInspector } from '../../../../src/lab/inspector/remoteInspector.ts';
import { Inspections } from '../../../../src/lab/service/inspection/inspector.ts';
import type { LaunchedWorker, WorkerLauncher } from '../../../../src/lab/work/workers.ts';
import type { Store } from '../../../../src/lab/store/runStore.ts';
import { LabError } from '../../../../src/shared/errors.ts';
import { eventually } from '../../../helpers/commandLine.ts';
import { inspectedRuns } from '../../../helpers/inspectedRuns.ts';
import { cancelJob, screen, temporaryContext } from '../../../helpers/serviceContext.ts';
import { temporaryStore } from '../../../helpers/syntheticStore.ts';

/** A launcher of real processes that remembers them. */
function watched(): WorkerLauncher & { readonly launched: LaunchedWorker[]; ended: number } {
  const own = {
    launched: [] as LaunchedWorker[],
    ended: 0,
    launch: (...[entry, options]: Parameters<WorkerLauncher['launch']>) => {
      const process = launcher.launch(entry, options);
      process.onExit(() => own.ended++);
      own.launched.push(process);
      return process;
    },
  };
  return own;
}

function remote(store: Store, processes: WorkerLauncher, idle?: number): RemoteInspector {
  const inspector = new RemoteInspector(processes, store.home.cache, idle);
  onTestFinished(() => inspector.close());
  return inspector;
}

test('a process of its own answers as the inspector itself, tells how far it is, and ends when it is no longer needed', async () => {
  const store = temporaryStore();
  const { runs } = await inspectedRuns(store);
  const job = {
    ...(await chosenColumns(
      store,
      runs.map(({ id }) => id),
      ['bm25'],
    )),
    corpus: 'all' as const,
    top: 4,
    asked: { text: 'a kernel' },
  };
  const processes = watched();
  const inspector = remote(store, processes);
  const steps: string[] = [];
  const found = await inspector.inspect(job, { onProgress: ({ message }) => steps.push(message) });
  const own = new Inspector(store.home.cache);
  expect({ ...found, milliseconds: 0 }).toEqual({ ...(await own.inspect(job)), milliseconds: 0 });
  await own.dispose();
  expect(steps.join('\n')).toContain('Opening the encoder');
  await expect(inspector.inspect({ ...job, asked: { question: 'none' } })).rejects.toThrow(LabError);
  expect(await inspector.titles({ data: job.data, ids: ['1', 'none'] })).toEqual([
    'Why does the gradient vanish?',
    null,
  ]);
  expect(processes.launched).toHaveLength(1);
  inspector.close();
  await eventually('the end of the process', () => processes.ended === 1);
}, 60_000);

test('a process that is killed fails what waits for it, in words; the next question starts another', async () => {
  const store = temporaryStore();
  const { runs } = await inspectedRuns(store);
  const data = await chosenData(store, [runs[0]!.id]);
  const processes = watched();
  const inspector = remote(store, processes);
  const waiting = inspector.questions({ data, text: '', offset: 0, limit: 1 });
  processes.launched[0]!.kill();
  await expect(waiting).rejects.toThrow('The process that looks into runs was killed, or crashed');
  expect((await inspector.questions({ data, text: '', offset: 0, limit: 1 })).total).toBeGreaterThan(0);
  expect(processes.launched).toHaveLength(2);
}, 60_000);

test('a process that nobody asks anything ends, and its memory with it', async () => {
  const store = temporaryStore();
  const { runs } = await inspectedRuns(store);
  const data = await chosenData(store, [runs[0]!.id]);
  const processes = watched();
  const inspector = remote(store, processes, 50);
  await inspector.titles({ data, ids: ['1'] });
  await eventually('the end of the process', () => processes.ended === 1);
  expect(await inspector.titles({ data, ids: ['2'] })).toHaveLength(1);
}, 60_000);

test('an inspection that is cancelled is not worked on any longer', async () => {
  const context = temporaryContext(watched());
  const { runs } = await inspectedRuns(context.store);
  const inspections = new Inspections(context);
  onTestFinished(() => inspections.close());
  const asked = { runs: runs.map(({ id }) => id), baselines: [], corpus: 'test' as const, top: 3, text: 'a kernel' };
  const waiting = Promise.resolve(inspections.methods['inspector.query'](asked, screen()));
  waiting.catch(() => undefined);
  await eventually('a sign of life', () => context.notifications.length > 0);
  await cancelJob(context);
  await expect(waiting).rejects.toThrow('The inspection was cancelled.');
  const found = await inspections.methods['inspector.query'](asked, screen());
  expect(found.columns.map(({ problem }) => problem)).toEqual([null, null]);
}, 60_000);
