import { deviceNames, type ChosenDevice, type DeviceReport } from '../../../shared/device.ts';
import { automaticChoice, probeDevice } from '../../engine/devices.ts';
import type { WorkerLauncher } from '../../work/workers.ts';

/** The devices for training, and the one that `auto` chooses. */
export interface TestedDevices {
  readonly devices: readonly DeviceReport[];
  readonly auto: ChosenDevice;
}

/** A test takes seconds: the result is kept until a new test is requested. */
export function deviceTests(launcher: WorkerLauncher): (again: boolean) => Promise<TestedDevices> {
  let known: Promise<TestedDevices> | null = null;
  return (again) => {
    if (again) known = null;
    known ??= testDevices(launcher).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

/** One after the other: in parallel, the tests would slow each other down. */
async function testDevices(launcher: WorkerLauncher): Promise<TestedDevices> {
  const devices: DeviceReport[] = [];
  for (const device of deviceNames) devices.push(await probeDevice(device, launcher));
  return { devices, auto: automaticChoice(devices.find(({ device }) => device === 'webgpu')!) };
}
