import { cpus } from 'node:os';
import { LabError } from '../../shared/errors.ts';
import type { ChosenDevice, DeviceName, DeviceReport, SelfTest } from '../../shared/device.ts';
import { WorkerLost } from '../work/ending.ts';
import { TaskWorker } from '../work/taskWorker.ts';
import type { WorkerLauncher } from '../work/workers.ts';
import { selfTestTolerance } from './selfTest.ts';
import { selfTestTask } from './selfTestTask.ts';

/** Finds the devices that this machine can train on, by testing them. */

/** Tests one device in a separate process. */
export async function probeDevice(device: DeviceName, launcher: WorkerLauncher): Promise<DeviceReport> {
  const { outcome, log } = await trySelfTest(device, launcher);
  const adapter = device === 'cpu' ? { name: cpus()[0]?.model.trim() ?? null, software: false } : adapterOf(log);
  if ('failure' in outcome) return { device, ...adapter, selfTest: null, problem: outcome.failure };
  const problem =
    outcome.error > selfTestTolerance
      ? `its results differ from the CPU's by ${outcome.error.toExponential(1)}, more than ${selfTestTolerance}`
      : null;
  return { device, ...adapter, selfTest: outcome, problem };
}

/** The device to train on. Throws a `device` LabError if the requested device cannot be used. */
export async function chooseDevice(wanted: DeviceName | 'auto', launcher: WorkerLauncher): Promise<ChosenDevice> {
  if (wanted === 'cpu') return { device: 'cpu', reason: 'asked for' };
  const report = await probeDevice('webgpu', launcher);
  if (wanted === 'auto') return automaticChoice(report);
  if (report.problem === null) return { device: 'webgpu', reason: `asked for: ${report.name ?? 'an unnamed adapter'}` };
  throw new LabError(
    'device',
    `The device "webgpu" cannot be used on this machine: ${report.problem}.`,
    'Set device to "cpu", or to "auto" to let LossLab choose. "losslab devices" lists the devices.',
  );
}

/** The device that `auto` chooses, given a report on `webgpu`. */
export function automaticChoice(report: DeviceReport): ChosenDevice {
  const name = report.name ?? 'an unnamed adapter';
  if (report.problem !== null) return { device: 'cpu', reason: `no usable GPU: ${report.problem}` };
  if (report.software) return { device: 'cpu', reason: `${name} is a software adapter, which is slower than the CPU` };
  if (report.name === null && process.platform === 'linux')
    return {
      device: 'cpu',
      reason: 'the Vulkan loader does not say which adapter it uses; set device to "webgpu" to use it anyway',
    };
  return { device: 'webgpu', reason: `${name} passes its self-test` };
}

interface Trial {
  readonly outcome: SelfTest | { readonly failure: string };
  /** What the process wrote to stderr. */
  readonly log: string;
}

/** A crash after the answer is ignored: some drivers crash at exit. */
async function trySelfTest(device: DeviceName, launcher: WorkerLauncher): Promise<Trial> {
  let log = '';
  const worker = new TaskWorker(launcher, selfTestTask, {
    setup: undefined,
    onErrorOutput: (text) => (log += text),
  });
  const outcome = await worker.run(device).catch((error: Error) => ({ failure: describeFailure(error) }));
  worker.end();
  await worker.gone;
  return { outcome, log };
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

/** The last adapter in the Vulkan loader's log; null if it names none. */
export function adapterOf(log: string): { name: string | null; software: boolean } {
  const used = [...log.matchAll(/Using "(.+?)" with driver: "(.+?)"/g)].at(-1);
  return { name: used?.[1] ?? null, software: used !== undefined && softwareNames.test(`${used[1]} ${used[2]}`) };
}

function describeFailure(error: Error): string {
  if (error instanceof WorkerLost) return 'the self-test crashed or took longer than a minute';
  const adapter = /Failed to get a WebGPU (?:adapter|device): (.*)/.exec(error.message)?.[1];
  return adapter ? `WebGPU found no graphics driver (${adapter.trim()})` : error.message.split('\n')[0]!;
}
