import { join } from 'node:path';
import { describeError, LabError } from '../../../shared/errors.ts';
import { writeAtomically } from '../../files/atomicFile.ts';
import type { Home } from '../../files/home.ts';
import { locateRunData } from '../../data/runData.ts';
import { retrievalDepth } from '../../evaluation/retrieval.ts';
import { trecQrels, trecRun, type Rankings } from '../../evaluation/trecFiles.ts';
import { buildUntrained } from '../../training/openEncoder.ts';
import { baselinesOf, type Baseline } from './baselines.ts';
import { fileNames } from './names.ts';
import { writeNewFolder } from '../encoders/newFolder.ts';
import type { Store } from '../../store/runStore.ts';
import { readEncoderFolder, type FinishedEncoder } from '../../encoders/encoderFolder.ts';
import type { Run } from '../../../shared/history.ts';
import { nameTestSplit, rankByBm25, rankTestSplit, type NamedTestSplit } from './rankTestSplit.ts';
import { openSharedData } from './sharedData.ts';
import { finishedFolder } from '../../experiments/finishedFolder.ts';

export interface TrecExport {
  readonly folder: string;
  /** Names of the files. */
  readonly files: readonly string[];
  readonly questions: number;
  readonly documents: number;
  /** By run: the number of questions whose `mrr@10` differs from the value stored when the run was evaluated. */
  readonly differing: Readonly<Record<string, number>>;
  /** Why BM25 or an untrained encoder has no file, in sentences. */
  readonly missing: readonly string[];
}

/** Approximate bytes of a line of a run file. */
const lineBytes = 80;

/**
 * Writes rankings and judgements in the format of trec_eval: `<run>.run` for each run, the first 100 answers to every
 * test question under its finished encoder; the same for BM25 and the untrained encoders, under their names; and two
 * files of judgements, because the metrics use two definitions of relevance: `best.qrels` (the best answer) and
 * `own.qrels` (any answer to the question). Throws a LabError if a run
 * has no encoder, runs do not share their test questions, or the folder is not empty or cannot be written.
 */
export async function exportTrec(store: Store, runs: readonly Run[], folder: string): Promise<TrecExport> {
  const encoders = runs.map((run) => finishedFolder(run));
  const split = nameTestSplit(await openSharedData(store.home, runs));
  const baselines = await baselinesOf(store, runs);
  const baselineFiles = fileNames(baselines.found.map(({ title }) => title));
  const files: string[] = [];
  const differing: Record<string, number> = {};
  const missing = [...baselines.missing];
  const rankings = runs.length + baselines.found.length;
  await writeNewFolder(folder, rankings * split.queries.length * retrievalDepth * lineBytes, async (written) => {
    const write = (name: string, lines: Iterable<string>): void => {
      writeAtomically(join(written, name), lines);
      files.push(name);
    };
    write(
      'best.qrels',
      qrels(split, ([best]) => [best!]),
    );
    write(
      'own.qrels',
      qrels(split, (answers) => [...new Set(answers)]),
    );
    for (const [i, run] of runs.entries()) {
      const retrieval = await rankTestSplit(split, readEncoderFolder(encoders[i]!, run.configuration.encoder));
      write(`${run.id}.run`, trecRun(retrieval, run.id));
      differing[run.id] = countDiffering(
        store,
        run,
        retrieval.queries.map(({ values }) => values['mrr@10']),
      );
    }
    for (const [i, baseline] of baselines.found.entries()) {
      const ranked = await rankedOrReason(store.home, split, baseline);
      if ('reason' in ranked) missing.push(`${baseline.title} is missing: ${ranked.reason}`);
      else write(`${baselineFiles[i]!}.run`, trecRun(ranked, baselineFiles[i]!));
    }
  });
  return { folder, files, questions: split.queries.length, documents: split.documents.length, differing, missing };
}

/** Another version may have built the initial weights of a run: then they are not built again. */
async function rankedOrReason(
  home: Home,
  split: NamedTestSplit,
  baseline: Baseline,
): Promise<Rankings | { readonly reason: string }> {
  try {
    return baseline.kind === 'bm25'
      ? await rankByBm25(split, baseline.analyzer)
      : await rankTestSplit(split, await untrainedEncoder(home, baseline.runs[0]!));
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { reason: describeError(error).replaceAll('\n', ' ') };
  }
}

async function untrainedEncoder(home: Home, run: Run): Promise<FinishedEncoder> {
  const { folder } = await locateRunData(home, run);
  return buildUntrained(
    { configuration: run.configuration, weights: run.start!.hashes.weights },
    { dataset: folder, cache: home.cache, signal: undefined },
  );
}

function qrels(
  { queries, documents }: NamedTestSplit,
  relevant: (answers: readonly number[]) => readonly number[],
): Iterable<string> {
  const judgements = new Map(
    queries.map(({ name, answers }) => [
      name,
      new Map(relevant(answers).map((position) => [documents[position]!.name, 1])),
    ]),
  );
  return trecQrels({ queries: queries.map(({ name }) => ({ id: name })) }, { judgements });
}

/** The CPU encodes now, but perhaps a GPU did during the run: near ties can end differently. */
function countDiffering(store: Store, { id }: Run, values: readonly number[]): number {
  const last = store.evaluations(id).at(-1)!;
  const stored = store.perQuery(id, last.step, 'mrr@10').values;
  return values.filter((value, i) => !(Math.abs(value - stored[i]!) <= 1e-6)).length;
}
