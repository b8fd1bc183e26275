import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { LabError } from '../../shared/errors.ts';
import type { ChosenDevice, DeviceName, DeviceReport, SelfTest } from '../../shared/device.ts';
import { selfTestTolerance } from './selfTest.ts';

/** What this machine has to train on, found out by trying it. */

/** Tests one device in a process of its own. */
export async function probeDevice(device: DeviceName): Promise<DeviceReport> {
  const { stdout, stderr } = await runProbe(device);
  const adapter = device === 'cpu' ? { name: cpus()[0]?.model.trim() ?? null, software: false } : adapterOf(stderr);
  const answer = parseAnswer(stdout);
  if ('failure' in answer) return { device, ...adapter, selfTest: null, problem: explain(answer.failure) };
  const problem = answer.error > selfTestTolerance ? `its results differ from the CPU's by ${answer.error.toExponential(1)}, more than ${selfTestTolerance}` : null;
  return { device, ...adapter, selfTest: answer, problem };
}

/** The device to train on. Throws a `device` LabError where a device that was asked for cannot be used. */
export async function chooseDevice(wanted: DeviceName | 'auto'): Promise<ChosenDevice> {
  if (wanted === 'cpu') return { device: 'cpu', reason: 'asked for' };
  const report = await probeDevice('webgpu');
  const name = report.name ?? 'an adapter without a name';
  if (wanted === 'webgpu') {
    if (report.problem === null) return { device: 'webgpu', reason: `asked for: ${name}` };
    throw new LabError('device', `device "webgpu" cannot be used here: ${report.problem}.`, 'Set device to "cpu", or to "auto" to have the choice made; "losslab devices" shows what there is.');
  }
  if (report.problem !== null) return { device: 'cpu', reason: `no usable GPU: ${report.problem}` };
  if (report.software) return { device: 'cpu', reason: `${name} is a software adapter, slower than the CPU itself` };
  if (report.name === null && process.platform === 'linux') return { device: 'cpu', reason: 'the Vulkan loader does not say which adapter it uses; set device to "webgpu" to use it all the same' };
  return { device: 'webgpu', reason: `${name} passes its self-test` };
}

const probeEntry = fileURLToPath(new URL('./selfTestProcess.ts', import.meta.url));

function runProbe(device: DeviceName): Promise<{ stdout: string; stderr: string }> {
  // The Vulkan loader names the adapter in its own log and nowhere else.
  const env = { ...process.env, VK_LOADER_DEBUG: 'driver' };
  return new Promise((resolve) => {
    execFile(process.execPath, [probeEntry, device], { env, timeout: 60_000 }, (_error, stdout, stderr) => resolve({ stdout, stderr }));
  });
}

/** A process that crashed after its answer (drivers do, at exit) has answered. */
function parseAnswer(stdout: string): SelfTest | { failure: string } {
  try {
    return JSON.parse(stdout) as SelfTest | { failure: string };
  } catch {
    return { failure: 'the self-test crashed or took longer than a minute' };
  }
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

/** The adapter that the Vulkan loader's log names last; null where it names none. */
export function adapterOf(stderr: string): { name: string | null; software: boolean } {
  const used = [...stderr.matchAll(/Using "(.+?)" with driver: "(.+?)"/g)].at(-1);
  return { name: used?.[1] ?? null, software: used !== undefined && softwareNames.test(`${used[1]} ${used[2]}`) };
}

function explain(failure: string): string {
  const adapter = /Failed to get a WebGPU (?:adapter|device): (.*)/.exec(failure)?.[1];
  return adapter ? `there is no graphics driver that WebGPU can use (${adapter.trim()})` : failure.split('\n')[0]!;
}
