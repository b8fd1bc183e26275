import { deviceNames, type ChosenDevice, type DeviceReport } from '../../../shared/device.ts';
import { automaticChoice, probeDevice } from '../../engine/devices.ts';
import type { WorkerLauncher } from '../../work/workers.ts';

/** What there is to train on, and what `auto` stands for. */
export interface TestedDevices {
  readonly devices: readonly DeviceReport[];
  readonly auto: ChosenDevice;
}

/** Testing takes seconds: its result is kept until it is asked for again. */
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

/** One after the other: side by side, each would slow down the other's product. */
async function testDevices(launcher: WorkerLauncher): Promise<TestedDevices> {
  const devices: DeviceReport[] = [];
  for (const device of deviceNames) devices.push(await probeDevice(device, launcher));
  return { devices, auto: automaticChoice(devices.find(({ device }) => device === 'webgpu')!) };
}
