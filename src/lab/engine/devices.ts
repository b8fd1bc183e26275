import { cpus } from 'node:os';
import { LabError } from '../../shared/errors.ts';
import type { ChosenDevice, DeviceName, DeviceReport, SelfTest } from '../../shared/device.ts';
import type { ProcessLauncher } from '../work/processes.ts';
import { selfTestTolerance } from './selfTest.ts';

/** What this machine has to train on, found out by trying it. */

/** Tests one device in a process of its own. */
export async function probeDevice(device: DeviceName, launcher: ProcessLauncher): Promise<DeviceReport> {
  const { answer, log } = await runProbe(device, launcher);
  const adapter = device === 'cpu' ? { name: cpus()[0]?.model.trim() ?? null, software: false } : adapterOf(log);
  if ('failure' in answer) return { device, ...adapter, selfTest: null, problem: explain(answer.failure) };
  const problem =
    answer.error > selfTestTolerance
      ? `its results differ from the CPU's by ${answer.error.toExponential(1)}, more than ${selfTestTolerance}`
      : null;
  return { device, ...adapter, selfTest: answer, problem };
}

/** The device to train on. Throws a `device` LabError where a device that was asked for cannot be used. */
export async function chooseDevice(wanted: DeviceName | 'auto', launcher: ProcessLauncher): Promise<ChosenDevice> {
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

type Answer = SelfTest | { readonly failure: string };

const probeMilliseconds = 60_000;

/** A process that ends without an answer has crashed. What it does after its answer no longer counts: drivers crash at exit. */
function runProbe(device: DeviceName, launcher: ProcessLauncher): Promise<{ answer: Answer; log: string }> {
  // The Vulkan loader names the adapter in its own log and nowhere else.
  const probe = launcher.launch('selfTest', { environment: { VK_LOADER_DEBUG: 'driver' } });
  const timeout = setTimeout(() => probe.kill(), probeMilliseconds);
  let log = '';
  let answer: Answer = { failure: 'the self-test crashed or took longer than a minute' };
  probe.onErrorOutput((text) => (log += text));
  probe.onMessage((message) => {
    answer = message as Answer;
    probe.kill();
  });
  probe.send(device);
  return new Promise((resolve) => {
    probe.onExit(() => {
      clearTimeout(timeout);
      resolve({ answer, log });
    });
  });
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

/** The adapter that the Vulkan loader's log names last; null where it names none. */
export function adapterOf(log: string): { name: string | null; software: boolean } {
  const used = [...log.matchAll(/Using "(.+?)" with driver: "(.+?)"/g)].at(-1);
  return { name: used?.[1] ?? null, software: used !== undefined && softwareNames.test(`${used[1]} ${used[2]}`) };
}

function explain(failure: string): string {
  const adapter = /Failed to get a WebGPU (?:adapter|device): (.*)/.exec(failure)?.[1];
  return adapter ? `there is no graphics driver that WebGPU can use (${adapter.trim()})` : failure.split('\n')[0]!;
}
