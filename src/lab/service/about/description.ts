import { statSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { LabDescription } from '../../../shared/contract/contract.ts';
import { applicationVersion } from '../../base/applicationFiles.ts';
import { folderSize } from '../../files/folderSize.ts';
import { freeSpace } from '../../files/freeSpace.ts';
import type { Home } from '../../files/home.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { deviceTests } from './devices.ts';
import { problemReport } from './problemReport.ts';

/** Describes the lab, its machine, and what it stores. */
export function descriptionMethods({
  home,
  store,
  launcher,
}: ServiceContext): Implementations<'lab.describe' | 'lab.diagnostics' | 'lab.devices'> {
  const testedDevices = deviceTests(launcher);
  return {
    'lab.describe': () => describeLab(home),
    'lab.devices': ({ again = false }) => testedDevices(again),
    'lab.diagnostics': async () => ({
      text: problemReport(
        await describeLab(home),
        await testedDevices(false),
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

/** Includes SQLite's log. */
function databaseSize({ database }: Home): number {
  return [database, `${database}-wal`].reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
