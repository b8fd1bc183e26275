import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { EncoderFormat } from '../../shared/contract/encoders.ts';
import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { syncFolder } from '../atomicFile.ts';
import { listAllDatasets } from '../data/findDataset.ts';
import { folderSize } from '../data/folderSize.ts';
import { asStorageError, makeWorkFolder, removeFolder } from '../data/storage.ts';
import { parameterCount, type Encoder } from '../encoders/encoder.ts';
import type { Home } from '../store/home.ts';
import type { Store } from '../store/runStore.ts';
import { readEncoderFolder } from '../training/encoderFolder.ts';
import { modelCard } from './modelCard.ts';
import { writeText } from './parts.ts';
import { exportFormats } from './registry.ts';

export interface ExportedEncoder {
  readonly folder: string;
  /** Of all its files. */
  readonly bytes: number;
}

/** Beside the weights: tokenizer, configurations, model card. Bytes, rather more than they take. */
const otherFiles = 16e6;

/**
 * Writes the encoder of a finished run for other programs, with a model card, into a folder that is not
 * there yet or empty: by default one of the home's. It is written beside its place and renamed. Throws a
 * LabError where the run has no encoder, the format cannot hold it or the folder cannot be written.
 */
export async function exportRun(store: Store, run: Run, format: EncoderFormat, destination?: string): Promise<ExportedEncoder> {
  const folder = resolve(destination ?? defaultFolder(store.home, run, format));
  requireEmpty(folder);
  const finished = readEncoderFolder(finishedFolder(run), run.configuration.encoder);
  requireFitting(finished.encoder, format);
  const card = modelCard({ run, evaluations: store.evaluations(run.id), manifest: await manifestOf(store.home, run), format, finished });
  const parent = dirname(folder);
  const work = await makeWorkFolder(parent, 4 * parameterCount(finished.encoder) + otherFiles);
  try {
    // The work folder itself is readable by its owner only.
    const written = join(work, 'encoder');
    mkdirSync(written);
    exportFormats[format].write(written, finished);
    writeText(written, 'README.md', card);
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(written, folder);
    syncFolder(parent);
  } catch (error) {
    throw asStorageError(error, folder);
  } finally {
    await removeFolder(work);
  }
  return { folder, bytes: await folderSize(folder) };
}

function defaultFolder(home: Home, run: Run, format: EncoderFormat): string {
  return join(home.folder, 'exports', `${run.experiment}-${run.id}-${format}`);
}

function requireEmpty(folder: string): void {
  let found: string[];
  try {
    found = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw asStorageError(error, folder);
  }
  if (found.length === 0) return;
  throw new LabError('usage', `${folder} is there already and holds ${found.length === 1 ? found[0] : `${found.length} files`}.`, 'Move it away or delete it, or name another folder; an export replaces nothing.');
}

/** Where the run has left its encoder. Throws where it has not. */
export function finishedFolder(run: Run): string {
  if (run.state !== 'finished' || run.encoder === null) {
    throw new LabError('usage', `Run ${run.id} is ${run.state}: only a finished run has an encoder.`, run.state === 'running' ? 'Wait until it has finished.' : `"losslab resume ${run.id}" trains it to its end.`);
  }
  if (existsSync(run.encoder)) return run.encoder;
  throw new LabError('encoder', `The encoder of run ${run.id} is no longer in ${run.encoder}.`, 'Put the folder back, or train the run again.');
}

function requireFitting(encoder: Encoder, format: EncoderFormat): void {
  const reason = exportFormats[format].refusal(encoder);
  if (reason === null) return;
  const others = Object.entries(exportFormats).flatMap(([name, other]) => (other.refusal(encoder) === null ? [name] : []));
  throw new LabError('encoder', `This encoder cannot be written as ${format}: ${reason}`, `It can as ${others.join(' or ')}.`);
}

/** Null where the very dataset that the run was trained on is not stored any more. */
async function manifestOf(home: Home, run: Run): Promise<Manifest | null> {
  const datasets = await listAllDatasets(home);
  const found = datasets.find(({ name }) => name === run.dataset.name);
  return found && 'manifest' in found && found.manifest.content.sha256 === run.dataset.hash ? found.manifest : null;
}
