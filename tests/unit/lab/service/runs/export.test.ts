import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMethods } from '../../../../../src/lab/service/runs/runs.ts';
import { finishedRun } from '../../../../helpers/finishedRun.ts';
import { silentConnection, temporaryContext } from '../../../../helpers/serviceContext.ts';
import { tinyConfigurations } from '../../../../helpers/tinyEncoders.ts';

test('runs.exportEncoder writes into the home, once, and says where', async () => {
  const context = temporaryContext();
  const methods = runMethods(context);
  const { id, experiment } = finishedRun(context.store, tinyConfigurations.static!);
  const exported = await methods['runs.exportEncoder']({ run: id, format: 'onnx' }, silentConnection);
  expect(exported.folder).toBe(join(context.home.folder, 'exports', `${experiment}-${id}-onnx`));
  expect(existsSync(join(exported.folder, 'model.onnx'))).toBe(true);
  await expect(methods['runs.exportEncoder']({ run: id, format: 'onnx' }, silentConnection)).rejects.toThrow(
    'already exists',
  );
});

test('runs.exportFiles writes into the home, named after experiment and time, and says what', async () => {
  const context = temporaryContext();
  const methods = runMethods(context);
  const { id, experiment } = finishedRun(context.store, tinyConfigurations.static!);
  const { folder, files } = await methods['runs.exportFiles']({ runs: [id], format: 'tensorboard' }, silentConnection);
  expect(folder).toMatch(
    new RegExp(`^${join(context.home.folder, 'exports', `${experiment}-tensorboard-`)}\\d{8}-\\d{6}$`),
  );
  expect(readdirSync(folder, { recursive: true }).filter((path) => files.includes(String(path)))).toHaveLength(
    files.length,
  );
  expect(files).toHaveLength(2); // The run and its untrained encoder.
});
