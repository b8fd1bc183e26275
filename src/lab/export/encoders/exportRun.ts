import { finishedFolder } from '../../experiments/finishedFolder.ts';
import { join, resolve } from 'node:path';
import { encoderFormats, type EncoderFormat } from '../../../shared/contract/encoders.ts';
import { LabError } from '../../../shared/errors.ts';
import type { Run } from '../../../shared/history.ts';
import { manifestOfRun } from '../../data/findDataset.ts';
import { folderSize } from '../../files/folderSize.ts';
import { parameterCount, type Encoder } from '../../encoders/encoder.ts';
import type { Home } from '../../files/home.ts';
import type { Store } from '../../store/runStore.ts';
import { readEncoderFolder, type FinishedEncoder } from '../../encoders/encoderFolder.ts';
import { modelCard, type ModelCardFacts } from './modelCard.ts';
import { requireEmpty, writeNewFolder } from './newFolder.ts';
import { writeText } from './parts.ts';
import { exportFormats } from './registry.ts';

export interface ExportedEncoder {
  readonly folder: string;
  /** Bytes of all its files. */
  readonly bytes: number;
}

/** Upper bound in bytes for all files but the weights: tokenizer, configurations, model card. */
const otherFiles = 16e6;

/**
 * Writes the encoder of a finished run for other programs, with a model card, into a new or empty folder, by default in
 * the home folder. The folder is written under a temporary name and renamed. Throws a LabError if the run has no
 * encoder, the format does not support it or the folder cannot be written.
 */
export async function exportRun(
  store: Store,
  run: Run,
  format: EncoderFormat,
  destination?: string,
): Promise<ExportedEncoder> {
  const folder = resolve(destination ?? defaultFolder(store.home, run, format));
  requireEmpty(folder);
  const finished = readEncoderFolder(finishedFolder(run), run.configuration.encoder);
  requireFitting(finished.encoder, format);
  const card = modelCard(await factsOf(store, run, format, finished));
  await writeNewFolder(folder, 4 * parameterCount(finished.encoder) + otherFiles, (written) => {
    exportFormats[format].write(written, finished);
    writeText(written, 'README.md', card);
  });
  return { folder, bytes: await folderSize(folder) };
}

/**
 * The model card of a finished run without its encoder, for other programs that show runs: its lines of Python use the
 * folder of the first format that can hold the encoder. Throws a LabError if the run has no encoder.
 */
export async function modelCardOf(store: Store, run: Run): Promise<string> {
  const finished = readEncoderFolder(finishedFolder(run), run.configuration.encoder);
  const format = encoderFormats.find((name) => exportFormats[name].refusal(finished.encoder) === null)!;
  return modelCard({ ...(await factsOf(store, run, format, finished)), folder: 'elsewhere' });
}

async function factsOf(
  store: Store,
  run: Run,
  format: EncoderFormat,
  finished: FinishedEncoder,
): Promise<ModelCardFacts> {
  return {
    run,
    evaluations: store.evaluations(run.id),
    manifest: await manifestOfRun(store.home, run),
    format,
    finished,
    folder: 'here',
  };
}

function defaultFolder(home: Home, run: Run, format: EncoderFormat): string {
  return join(home.folder, 'exports', `${run.experiment}-${run.id}-${format}`);
}

function requireFitting(encoder: Encoder, format: EncoderFormat): void {
  const reason = exportFormats[format].refusal(encoder);
  if (reason === null) return;
  const others = Object.entries(exportFormats).flatMap(([name, other]) =>
    other.refusal(encoder) === null ? [name] : [],
  );
  throw new LabError(
    'encoder',
    `This encoder cannot be exported as ${format}: ${reason}`,
    `Export it as ${others.join(' or ')}.`,
  );
}
