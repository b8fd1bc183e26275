import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FoundDataset } from '../../../src/lab/data/findDataset.ts';
import { openHome } from '../../../src/lab/files/home.ts';
import { openStore, type Store } from '../../../src/lab/store/runStore.ts';
import type { RawConfiguration } from '../../../src/shared/configuration.ts';
import { writeRankedJson } from '../../../tests/helpers/tinyData.ts';
import { endingOf, type Ending } from './ending.ts';
import { createRun, datasetFor, trainOwned } from './ownedRun.ts';

/** A home folder with a small dataset and its history; deleted on dispose. */
export class Lab implements Disposable {
  readonly folder: string;
  /** The file from which the dataset was imported. */
  readonly file: string;
  readonly dataset: FoundDataset;
  readonly store: Store;

  private constructor(folder: string, file: string, dataset: FoundDataset, store: Store) {
    this.folder = folder;
    this.file = file;
    this.dataset = dataset;
    this.store = store;
  }

  static async open(): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), 'losslab-faults-'));
    const file = writeRankedJson(folder);
    const home = openHome(join(folder, 'home'));
    return new Lab(folder, file, await datasetFor(home, file), openStore(home));
  }

  [Symbol.dispose](): void {
    this.store.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The undisturbed result of this configuration. Throws if the run does not finish. */
export async function undisturbedEnding({ store, dataset }: Lab, raw: RawConfiguration): Promise<Ending> {
  const id = createRun(store, dataset, raw);
  await trainOwned(store, id, dataset);
  return endingOf(store, id);
}
