import { cpus } from 'node:os';
import { LabError } from '../../shared/errors.ts';
import type { ChosenDevice, DeviceName, DeviceReport, SelfTest } from '../../shared/device.ts';
import { WorkerLost } from '../work/ending.ts';
import { TaskWorker } from '../work/taskWorker.ts';
import type { WorkerLauncher } from '../work/workers.ts';
import { selfTestTolerance } from './selfTest.ts';
import { selfTestTask } from './selfTestTask.ts';

/** What this machine has to train on, found out by trying it. */

/** Tests one device in a process of its own. */
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

/** The device to train on. Throws a `device` LabError where a device that was asked for cannot be used. */
export async function chooseDevice(wanted: DeviceName | 'auto', launcher: WorkerLauncher): Promise<ChosenDevice> {
  if (wanted === 'cpu') return { device: 'cpu', reason: 'asked for' };
  const report = await probeDevice('webgpu', launcher);
  if (wanted === 'auto') return automaticChoice(report);
  if (report.problem === null)
    return { device: 'webgpu', reason: `asked for: ${report.name ?? 'an adapter without a name'}` };
  throw new LabError(
    'device',
    `device "webgpu" cannot be used here: ${report.problem}.`,
    'Set device to "cpu", or to "auto" to have the choice made; "losslab devices" shows what there is.',
  );
}

/** What `auto` stands for, given what is known of `webgpu`. */
export function automaticChoice(report: DeviceReport): ChosenDevice {
  const name = report.name ?? 'an adapter without a name';
  if (report.problem !== null) return { device: 'cpu', reason: `no usable GPU: ${report.problem}` };
  if (report.software) return { device: 'cpu', reason: `${name} is a software adapter, slower than the CPU itself` };
  if (report.name === null && process.platform === 'linux')
    return {
      device: 'cpu',
      reason: 'the Vulkan loader does not say which adapter it uses; set device to "webgpu" to use it all the same',
    };
  return { device: 'webgpu', reason: `${name} passes its self-test` };
}

interface Trial {
  readonly outcome: SelfTest | { readonly failure: string };
  /** What the process wrote to stderr. */
  readonly log: string;
}

/** What the process does after its answer no longer counts: drivers crash at exit. */
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

/** The adapter that the Vulkan loader's log names last; null where it names none. */
export function adapterOf(log: string): { name: string | null; software: boolean } {
  const used = [...log.matchAll(/Using "(.+?)" with driver: "(.+?)"/g)].at(-1);
  return { name: used?.[1] ?? null, software: used !== undefined && softwareNames.test(`${used[1]} ${used[2]}`) };
}

function describeFailure(error: Error): string {
  if (error instanceof WorkerLost) return 'the self-test crashed or took longer than a minute';
  const adapter = /Failed to get a WebGPU (?:adapter|device): (.*)/.exec(error.message)?.[1];
  return adapter
    ? `there is no graphics driver that WebGPU can use (${adapter.trim()})`
    : error.message.split('\n')[0]!;
}
