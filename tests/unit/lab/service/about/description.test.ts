import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { descriptionMethods } from '../../../../../src/lab/service/about/description.ts';
import { withoutPeople } from '../../../../../src/lab/service/about/problemReport.ts';
import type { ToWorker } from '../../../../../src/lab/work/protocol.ts';
import { silentConnection, temporaryContext } from '../../../../helpers/serviceContext.ts';
import { ScriptedWorker, ScriptedWorkers } from '../../../../helpers/scriptedWorker.ts';
import { createExperiment, createRun, trainedRun } from '../../../../helpers/syntheticStore.ts';

/** A CPU that works, and a GPU whose test crashes. */
class SelfTestWorker extends ScriptedWorker {
  override send(message: ToWorker): void {
    super.send(message);
    if (message.type !== 'run') return;
    setImmediate(() =>
      message.input === 'cpu' ? this.result({ error: 0, gflops: 12.34 }) : this.exit({ code: null, killed: true }),
    );
  }
}

function selfTests(): ScriptedWorkers {
  return new ScriptedWorkers((name, options) => new SelfTestWorker(name, options));
}

function service(launcher = selfTests()) {
  const context = temporaryContext(launcher);
  return { context, launcher, methods: descriptionMethods(context) };
}

test('the lab says what it is, runs on and stores', async () => {
  const { context, methods } = service();
  const lab = await methods['lab.describe']({}, silentConnection);
  expect(lab).toMatchObject({
    home: context.home.folder,
    version: expect.stringMatching(/^\d+\.\d+/) as string,
    storedBytes: { datasets: 0, runs: 0, downloads: 0, cache: 0 },
  });
  expect(lab.storedBytes.database).toBeGreaterThan(0);
  for (const figure of [lab.freeDiskBytes, lab.threads, lab.memoryBytes]) expect(figure).toBeGreaterThan(0);
});

test('devices are tested once, and again on request', async () => {
  const { launcher, methods } = service();
  const [first, second] = await Promise.all([
    methods['lab.devices']({}, silentConnection),
    methods['lab.devices']({}, silentConnection),
  ]);
  expect(first).toMatchObject({
    devices: [
      { device: 'cpu', selfTest: { gflops: 12.34 }, problem: null },
      { device: 'webgpu', selfTest: null, problem: expect.stringContaining('crashed') as string },
    ],
    auto: { device: 'cpu', reason: expect.stringContaining('no usable GPU') as string },
  });
  expect(second).toBe(first);
  expect(launcher.launched).toHaveLength(2);
  await methods['lab.devices']({ again: true }, silentConnection);
  expect(launcher.launched).toHaveLength(4);
});

test('diagnostics name versions, machine, devices and failures', async () => {
  const { context, methods } = service();
  const experiment = createExperiment(context.store);
  const run = trainedRun(context.store, experiment, { raw: {}, levels: [0.1, 0.2], end: 'failed' });
  const lost = context.store.claim(createRun(context.store, {}, experiment).id).id;
  context.store.record(lost, {
    run: lost,
    type: 'interrupted',
    step: 3,
    code: 'device',
    message: 'The GPU was lost.',
    fix: '',
  });
  const { text } = await methods['lab.diagnostics']({}, silentConnection);
  expect(text).toContain(`${lost}: device: The GPU was lost.`);
  for (const part of [
    /^LossLab \d/,
    /Node \d+/,
    /ONNX Runtime 1\.\d+/,
    /Memory: [\d.]+ [GT]iB/,
    /Device cpu: .*12\.3 GFLOPS/,
    /Device webgpu: .*crashed/,
    /Device auto: cpu/,
    new RegExp(`${run.id}: training: The loss is NaN at step 41`),
  ])
    expect(text).toMatch(part);
  expect(text).not.toContain(homedir());
});

test.each([
  ['/home/anna/.local/losslab', '~/.local/losslab'],
  ['C:\\Users\\anna\\AppData\\x and /Users/ben/y', '~\\AppData\\x and ~/y'],
  ['/data/anna/losslab and /data/annabel', '/data/~/losslab and /data/annabel'],
  ['D:\\anna', 'D:\\~'],
])('%s is told as %s', (text, told) => {
  expect(withoutPeople(text, '/home/anna', 'anna')).toBe(told);
});
