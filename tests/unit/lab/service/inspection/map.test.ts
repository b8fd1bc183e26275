import { expect, test } from 'vitest';
import { mapMethods } from '../../../../../src/lab/service/inspection/map.ts';
import type { EmbeddingMap } from '../../../../../src/shared/contract/map.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { inspectedRuns } from '../../../../helpers/inspectedRuns.ts';
import { scriptedWorkers } from '../../../../helpers/scriptedWorker.ts';
import { cancelJob, messagesOf, screen, temporaryContext } from '../../../../helpers/serviceContext.ts';

const map: EmbeddingMap = { dataset: 'd', testQuestions: 0, points: [], layouts: [] };

async function making() {
  const launcher = scriptedWorkers();
  const context = temporaryContext(launcher);
  const { runs } = await inspectedRuns(context.store);
  const made = Promise.resolve(mapMethods(context)['map.make']({ runs: [runs[0]!.id] }, screen()));
  made.catch(() => undefined);
  return { context, made, worker: await launcher.busy(0) };
}

test('a map is made in a process that gets the job, says how far it is, and is ended then', async () => {
  const { context, made, worker } = await making();
  expect(worker.name).toBe('map/mapTask');
  expect(worker.input).toMatchObject({ cache: context.home.cache, runs: [{ name: expect.any(String) as string }] });
  worker.report({ message: 'Laying out', done: 1, total: 2 });
  await new Promise((resolve) => setTimeout(resolve, 200));
  worker.result(map);
  expect(await made).toBe(map);
  expect(worker.isGone).toBe(true);
  expect(messagesOf(context.notifications)).toContain('Laying out');
});

test('a map that is cancelled ends its process', async () => {
  const { context, made, worker } = await making();
  await cancelJob(context);
  expect((await labError(made, 'usage')).message).toBe('The map was cancelled.');
  expect(worker.isGone).toBe(true);
});
