import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { MethodName } from '../../src/shared/contract/contract.ts';
import type { Evaluation, Run } from '../../src/shared/history.ts';

/**
 * A home that LossLab 0.1 wrote, and what that version answered about it (`scripts/make-old-home.ts`). This file says
 * what is asked, so that every version is asked the same.
 */

export const oldHome = join(import.meta.dirname, '../fixtures/home-0.1');

/** Of the files that say what version 0.1 answered. */
export function expectedFile(name: string): string {
  return join(oldHome, 'expected', name);
}
/** How the fixture was made. */
export interface Origin {
  readonly commit: string;
  /** Where the home lay: its history names files by whole paths. */
  readonly home: string;
  /** See `processorKind`. */
  readonly processor: string;
}

/** Runs by experiment, in the order in which they were trained. */
export interface OldRuns {
  /** `losslab demo`: the seven presets, one seed. Their encoders are gone. */
  readonly demo: readonly string[];
  /** Three presets with two seeds each, a small transformer. */
  readonly seeds: readonly string[];
  /** Of the app, DistilBERT on an imported dataset: one that finished, one that was stopped and has a checkpoint. */
  readonly stopped: readonly [string, string];
  /** Of the app: an experiment that was not started, with the ids of experiments for calls. */
  readonly experiments: Readonly<Record<'demo' | 'seeds' | 'stopped' | 'planned', string>>;
}

export interface Sentences {
  readonly sentences?: readonly string[];
  readonly warnings?: readonly string[];
  readonly notes?: readonly string[];
}

// --- What is asked ------------------------------------------------------------------------------------------------

/** Commands that answer with JSON out of the history alone: the same on every machine. */
export function questionsAboutHistory({ demo, seeds, stopped }: OldRuns): string[][] {
  return [
    ['runs'],
    ['datasets'],
    ...[demo[0]!, demo.at(-1)!, seeds[0]!, seeds.at(-1)!, ...stopped].map((run) => ['show', run]),
    ['compare', ...demo],
    ['compare', ...seeds],
    ['compare', ...stopped],
    ['verdict', ...demo],
    ['verdict', ...demo, '--metric', 'ndcg@10', '--at', 'tokens'],
    ['verdict', ...seeds],
    ['verdict', ...seeds, '--metric', 'standardized/mrr', '--at', 'best'],
    ['diagnose', ...demo],
    ['diagnose', ...seeds],
    ['inspect', ...seeds.slice(0, 2), '--find', 'the'],
    ['inspect', '--wins', seeds[0]!, seeds[2]!],
  ];
}

/** Commands that encode texts before they answer: figures depend on the processor in their last bits. */
export function questionsAboutEncoders({ seeds, stopped }: OldRuns): string[][] {
  return [
    ['inspect', ...seeds, '--query', 'How do I choose the learning rate?', '--top', '5'],
    ['inspect', ...seeds.slice(0, 2), '--query', 'overfitting', '--corpus', 'all'],
    ['inspect', stopped[0], '--query', 'overfitting', '--corpus', 'all'],
  ];
}

/** What the command line prints about verdicts, one after the other. */
export function verdictTexts(runs: OldRuns, print: (question: readonly string[]) => string): string {
  const verdicts = questionsAboutHistory(runs).filter(([command]) => command === 'verdict');
  return verdicts.map((question) => `$ losslab ${named(question)}\n${print(question)}\n`).join('');
}

/** What screens ask: methods of the contract with their input. */
export function calls({ demo, seeds, stopped, experiments }: OldRuns): [MethodName, object][] {
  return [
    ['experiments.list', {}],
    ...Object.values(experiments).map((id): [MethodName, object] => ['experiments.details', { id }]),
    ['experiments.watch', { id: experiments.stopped }],
    ['datasets.list', {}],
    ['datasets.verify', { name: 'tiny' }],
    ['runs.compare', { runs: [...demo, ...seeds] }],
    ['runs.bm25', { runs: [...demo, ...seeds, ...stopped] }],
    ['runs.verdict', { runs: seeds, metric: 'mrr@10_own', at: 'documents' }],
    ['runs.seriesNames', { runs: [...demo, ...seeds] }],
    ['runs.series', { runs: [demo[0]!, seeds[0]!, stopped[1]], names: ['loss', 'acc', 'gradient_norm', 'tokens'] }],
    ['diagnostics.runs', { runs: [...demo, ...seeds, ...stopped] }],
  ];
}

/** Commands that write texts, one file each: compared as they are. */
export function writtenTexts({ demo, seeds }: OldRuns): Record<string, (file: string) => string[]> {
  return {
    'comparison-demo.csv': (file) => ['compare', ...demo, '--csv', file],
    'comparison-seeds.csv': (file) => ['compare', ...seeds, '--csv', file],
    'table-demo.tex': (file) => ['report', ...demo, '--latex', file],
    'table-seeds.tex': (file) => ['report', ...seeds, '--latex', file],
    'per-query-seeds.csv': (file) => ['report', ...seeds, '--per-query', file],
  };
}

/** Commands that write folders and large files: compared by their SHA-256. */
export function writtenFiles({ seeds, stopped }: OldRuns): Record<string, (out: string) => string[]> {
  return {
    safetensors: (out) => ['export-encoder', stopped[0], '--format', 'safetensors', '--out', out],
    onnx: (out) => ['export-encoder', seeds[1]!, '--format', 'onnx', '--out', out],
    'sentence-transformers': (out) => ['export-encoder', stopped[0], '--format', 'sentence-transformers', '--out', out],
    'ranked_qa.json': (out) => ['export-dataset', 'tiny', '--json', out],
  };
}

/** Rankings and judgements for trec_eval. The rankings are computed anew, with the encoders. */
export function writtenRankings({ seeds }: OldRuns): (folder: string) => string[] {
  return (folder) => ['export-runs', ...seeds.slice(0, 2), '--trec', folder];
}

/** A model card is prose; that it is there is what counts. */
const prose = new Set(['README.md']);

/** SHA-256 of a file, or of all files in a folder by their paths. */
export function hashesOf(path: string, name: string): Record<string, string> {
  if (!statSync(path).isDirectory()) return { [name]: createHash('sha256').update(readFileSync(path)).digest('hex') };
  return Object.fromEntries(
    filesIn(path).map((file) => {
      const inner = relative(path, file).split(sep).join('/');
      return [`${name}/${inner}`, prose.has(inner) ? 'prose' : hashesOf(file, inner)[inner]!];
    }),
  );
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** The files of `writtenRankings`: name → question → document → score, or judgement. */
export function scoresIn(folder: string): Record<string, Record<string, Record<string, number>>> {
  return Object.fromEntries(filesIn(folder).map((file) => [relative(folder, file), scoresOf(file)]));
}

function scoresOf(file: string): Record<string, Record<string, number>> {
  const column = file.endsWith('.qrels') ? 3 : 4;
  const scores: Record<string, Record<string, number>> = {};
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const fields = line.split(' ');
    (scores[fields[0]!] ??= {})[fields[2]!] = Number(fields[column]);
  }
  return scores;
}

/** What a run that was resumed comes to, of the answer of `losslab show`. */
export function endOf({
  run,
  evaluations,
}: {
  readonly run: Run;
  readonly evaluations: readonly Evaluation[];
}): object {
  const { state, steps_done, start } = run;
  const figures = evaluations.map(({ step, epoch, metrics }) => ({ step, epoch, metrics }));
  return { state, steps_done, hashes: start!.hashes, evaluations: figures };
}

// --- What may differ ----------------------------------------------------------------------------------------------

/** Names of folders in answers, by where these folders lie. */
export type Places = Readonly<Record<string, '<home>' | '<application>'>>;

/** An answer as it is compared: columns as lists, folders by their names, and not how long it took. */
export function settled(answer: unknown, places: Places): unknown {
  const json = JSON.stringify(answer, (key, value: unknown) => {
    if (key === 'milliseconds') return undefined;
    return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  });
  const named = Object.entries(places).reduce((text, [path, name]) => text.replaceAll(inJson(path), name), json);
  return JSON.parse(named);
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const wordy = ['sentences', 'warnings', 'notes'] as const;

/** The sentences of an answer apart from its figures. */
export function apart(answer: unknown): { figures: unknown; sentences: Sentences | null } {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    return { figures: answer, sentences: null };
  const said = wordy.filter((key) => key in answer);
  if (said.length === 0) return { figures: answer, sentences: null };
  const entries = Object.entries(answer);
  const isWordy = ([key]: [string, unknown]): boolean => said.some((other) => other === key);
  return {
    figures: Object.fromEntries(entries.filter((entry) => !isWordy(entry))),
    sentences: Object.fromEntries(entries.filter(isWordy)),
  };
}

/** How a question is named among the answers. */
export function named(question: readonly string[]): string {
  return question.join(' ');
}
