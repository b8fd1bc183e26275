import { statSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { LabDescription } from '../../../shared/contract/contract.ts';
import { deviceNames, type ChosenDevice, type DeviceReport } from '../../../shared/device.ts';
import { applicationVersion } from '../../base/applicationFiles.ts';
import { folderSize } from '../../files/folderSize.ts';
import { automaticChoice, probeDevice } from '../../engine/devices.ts';
import { freeSpace } from '../../files/freeSpace.ts';
import type { Home } from '../../files/home.ts';
import type { ProcessLauncher } from '../../work/processes.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { diagnostics } from './descriptionDiagnostics.ts';

/** What the lab is, what it runs on, and what it stores. */
export function descriptionMethods({
  home,
  store,
  launcher,
}: ServiceContext): Implementations<'lab.describe' | 'lab.diagnostics' | 'lab.devices'> {
  const devices = deviceList(launcher);
  return {
    'lab.describe': () => describeLab(home),
    'lab.devices': ({ again = false }) => devices(again),
    'lab.diagnostics': async () => ({
      text: diagnostics(
        await describeLab(home),
        await devices(false),
        store.listRuns({ states: ['failed', 'interrupted'] }).filter(({ failure }) => failure !== null),
      ),
    }),
  };
}

async function describeLab(home: Home): Promise<LabDescription> {
  const [datasets, runs, downloads, cache] = await Promise.all(
    [home.datasets, home.runs, home.downloads, home.cache].map(folderSize),
  );
  return {
    version: applicationVersion(),
    home: home.folder,
    freeDiskBytes: freeSpace(home.folder),
    storedBytes: {
      database: databaseSize(home),
      datasets: datasets!,
      runs: runs!,
      downloads: downloads!,
      cache: cache!,
    },
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    threads: availableParallelism(),
    memoryBytes: totalmem(),
  };
}

/** SQLite's log is part of its database. */
function databaseSize({ database }: Home): number {
  return [database, `${database}-wal`].reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

export interface Devices {
  readonly devices: readonly DeviceReport[];
  readonly auto: ChosenDevice;
}

/** Testing takes seconds: its result is kept until it is asked for again. */
function deviceList(launcher: ProcessLauncher): (again: boolean) => Promise<Devices> {
  let known: Promise<Devices> | null = null;
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
async function testDevices(launcher: ProcessLauncher): Promise<Devices> {
  const devices: DeviceReport[] = [];
  for (const device of deviceNames) devices.push(await probeDevice(device, launcher));
  return { devices, auto: automaticChoice(devices.find(({ device }) => device === 'webgpu')!) };
}
