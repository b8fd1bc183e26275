import { z } from 'zod';
import type { Bm25Baseline, Comparison } from '../comparison.ts';
import { computeUnits } from '../compute.ts';
import type { ChosenDevice, DeviceReport } from '../device.ts';
import { metricNames, type MetricName } from '../metrics.ts';
import type { LossName, StrategyName } from '../recipe.ts';
import type { Verdict } from '../verdict.ts';
import type { RawConfiguration } from '../configuration.ts';
import type { Field } from '../configuration/field.ts';
import {
  importRequest,
  previewRequest,
  type DamagedDataset,
  type DatasetDetails,
  type DatasetSummary,
  type TablePreview,
} from './datasets.ts';
import type { GradientComparison, RunDiagnostics } from './diagnostics.ts';
import { credentialServices, downloadRequest, type CredentialStatus, type DownloadView } from './downloads.ts';
import {
  encoderFormats,
  encoderReference,
  type EncoderDescription,
  type StoredEncoder,
  type Verification,
} from './encoders.ts';
import {
  questionInspectionRequest,
  questionsRequest,
  queryInspectionRequest,
  winsRequest,
  type Inspection,
  type QuestionPage,
  type WinList,
} from './inspector.ts';
import {
  experimentDraft,
  type DraftProblem,
  type ExperimentChange,
  type ExperimentDetails,
  type ExperimentSnapshot,
  type ExperimentSummary,
  type Rehearsal,
  type StepSeries,
} from './experiments.ts';
import type { JobView } from './jobs.ts';
import { reportRequest } from './reports.ts';
import { mapRequest, type EmbeddingMap } from './map.ts';
import { runFileFormats, type ExportedFiles } from './runFiles.ts';

/**
 * Everything a screen can ask of the lab: one typed method a line, its input checked where it
 * arrives. A call that fails is answered with a `Failure`.
 */

const nothing = z.strictObject({});
const experimentId = z.strictObject({ id: z.string() });
const downloadId = z.strictObject({ id: z.string() });
const runIds = z.array(z.string()).min(1).max(200);

/** What a method takes and gives; `Output` exists in the types only. */
export interface Method<Input extends z.ZodType, Output> {
  readonly input: Input;
  readonly output?: Output;
}

function method<Output>() {
  return <Input extends z.ZodType>(input: Input): Method<Input, Output> => ({ input });
}

export interface LabDescription {
  readonly version: string;
  readonly home: string;
  readonly freeDiskBytes: number;
  /** What the home folder holds, by kind. */
  readonly storedBytes: {
    readonly database: number;
    readonly datasets: number;
    readonly runs: number;
    readonly downloads: number;
    readonly cache: number;
  };
  readonly platform: string;
  readonly processor: string;
  readonly threads: number;
  readonly memoryBytes: number;
}

/** What the lab can train with: the wizard's catalogue. */
export interface Catalogue {
  readonly losses: readonly LossDescription[];
  readonly strategies: readonly StrategyDescription[];
  /** The presets, in the order in which they are offered. */
  readonly presets: readonly { readonly file: string; readonly configuration: RawConfiguration }[];
}

export interface LossDescription {
  readonly name: LossName;
  readonly title: string;
  /** In plain words: what the loss rewards, and which data it fits. */
  readonly description: string;
  readonly fits: string;
  readonly parameters: readonly Field[];
  /** The strategies that can feed it; the first is the one it is meant for. */
  readonly strategies: readonly StrategyName[];
}

export interface StrategyDescription {
  readonly name: StrategyName;
  readonly title: string;
  readonly description: string;
  /** Answers that a question needs with the default parameters; others can need fewer. */
  readonly minimumAnswers: number;
  readonly parameters: readonly Field[];
}

export const settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  /** What closing the window does while something is training. */
  onClose: z.enum(['ask', 'background', 'stop']),
});
export type Settings = z.output<typeof settings>;
export const defaultSettings: Settings = { theme: 'system', onClose: 'ask' };

export const contract = {
  'lab.describe': method<LabDescription>()(nothing),
  'lab.catalogue': method<Catalogue>()(nothing),
  /** A text for a report of a problem: versions, machine, devices, the last failures. No names of people, no tokens. */
  'lab.diagnostics': method<{ text: string }>()(nothing),
  'lab.devices': method<{ devices: readonly DeviceReport[]; auto: ChosenDevice }>()(
    z.strictObject({ again: z.boolean().optional() }),
  ),
  'settings.get': method<Settings>()(nothing),
  'settings.set': method<Settings>()(settings.partial()),

  /** What takes a while (`jobMethods`), for any screen; `jobs` notifications bring it along. */
  'jobs.list': method<readonly JobView[]>()(nothing),
  /** Its call fails with that. A job that has ended is taken off the list. */
  'jobs.cancel': method<null>()(z.strictObject({ key: z.string() })),

  'datasets.list': method<{ datasets: readonly DatasetSummary[]; damaged: readonly DamagedDataset[] }>()(nothing),
  'datasets.details': method<DatasetDetails>()(
    z.strictObject({ name: z.string(), maxLength: z.int().min(8).max(8192).optional() }),
  ),
  /** What a table holds, so that its columns can be given their roles. */
  'datasets.preview': method<TablePreview>()(previewRequest),
  /** Resolves when the dataset is there. */
  'datasets.import': method<DatasetSummary>()(importRequest),
  'datasets.delete': method<null>()(z.strictObject({ name: z.string() })),
  /** Reads a dataset whole and holds it to its manifest. */
  'datasets.verify': method<Verification>()(z.strictObject({ name: z.string() })),

  /** Those that are going on, and those that can be resumed or are waiting to be seen; newest first. */
  'downloads.list': method<readonly DownloadView[]>()(nothing),
  /** A download outlives the screen that starts it. */
  'downloads.start': method<DownloadView>()(downloadRequest),
  'downloads.resume': method<DownloadView>()(downloadId),
  /** Stops it; what has arrived is kept for `downloads.resume`. */
  'downloads.cancel': method<null>()(downloadId),
  /** Takes it off the list, with what has arrived of it. */
  'downloads.discard': method<null>()(downloadId),
  'credentials.list': method<readonly CredentialStatus[]>()(nothing),
  'credentials.set': method<CredentialStatus>()(
    z.strictObject({
      service: z.enum(credentialServices),
      username: z.string().min(1).max(200).optional(),
      secret: z.string().min(1).max(4000),
    }),
  ),
  /** Of those that were set here; those of the environment and of files stay. */
  'credentials.forget': method<null>()(z.strictObject({ service: z.enum(credentialServices) })),

  'encoders.list': method<readonly StoredEncoder[]>()(nothing),
  /** What a folder or a downloaded repository holds, from its headers. Throws where it cannot be used. */
  'encoders.inspect': method<EncoderDescription>()(z.strictObject({ encoder: encoderReference })),
  'encoders.verify': method<Verification>()(z.strictObject({ encoder: encoderReference })),
  'encoders.delete': method<null>()(z.strictObject({ encoder: encoderReference })),

  'experiments.list': method<readonly ExperimentSummary[]>()(nothing),
  'experiments.details': method<ExperimentDetails>()(experimentId),
  'experiments.check': method<readonly DraftProblem[]>()(experimentDraft),
  /** Prepares the first seed of a draft and measures some steps. Another rehearsal ends one that is going on. */
  'experiments.rehearse': method<Rehearsal>()(experimentDraft),
  /** The draft as a shell command and as a configuration file for each recipe. */
  'experiments.asCommand': method<{ command: string; files: readonly { name: string; json: string }[] }>()(
    experimentDraft,
  ),
  'experiments.create': method<ExperimentSummary>()(z.strictObject({ draft: experimentDraft, start: z.boolean() })),
  /** Trains what is not finished, as soon as no other experiment is training. */
  'experiments.start': method<null>()(experimentId),
  'experiments.pause': method<null>()(experimentId),
  /** Goes on after a pause. */
  'experiments.unpause': method<null>()(experimentId),
  /** Stops after a checkpoint; `experiments.start` goes on. */
  'experiments.cancel': method<null>()(experimentId),
  'experiments.skipRun': method<null>()(z.strictObject({ run: z.string() })),
  'experiments.rename': method<null>()(z.strictObject({ id: z.string(), name: z.string().trim().min(1).max(200) })),
  'experiments.setTags': method<null>()(
    z.strictObject({ id: z.string(), tags: z.array(z.string().trim().min(1).max(40)).max(20) }),
  ),
  'experiments.setNote': method<null>()(z.strictObject({ id: z.string(), note: z.string().max(20_000) })),
  /** Out of sight at once, and gone for good when the lab is opened a day later; `restore` undoes it. */
  'experiments.delete': method<null>()(experimentId),
  'experiments.restore': method<null>()(experimentId),

  /** From then on `changed` notifications of this experiment follow. */
  'experiments.watch': method<ExperimentSnapshot>()(experimentId),
  'experiments.unwatch': method<null>()(experimentId),

  /** Runs of any experiments side by side. */
  'runs.compare': method<Comparison>()(z.strictObject({ runs: runIds })),
  /** BM25 on the runs' test questions: seconds where it was not asked for before. */
  'runs.bm25': method<readonly Bm25Baseline[]>()(z.strictObject({ runs: runIds })),
  /** Curves of runs; names that a run does not have are left out. */
  'runs.series': method<readonly StepSeries[]>()(
    z.strictObject({ runs: runIds, names: z.array(z.string()).min(1).max(50) }),
  ),
  'runs.seriesNames': method<readonly string[]>()(z.strictObject({ runs: runIds })),
  /** Which recipe is best, and whether that is more than chance; takes seconds where there are many runs and questions. */
  'runs.verdict': method<Verdict>()(
    z.strictObject({
      runs: runIds,
      metric: z.enum(metricNames as [MetricName, ...MetricName[]]),
      at: z.enum(['last', 'best', ...computeUnits]),
      limit: z.number().positive().optional(),
    }),
  ),
  /** Writes the finished encoder of a run for other programs, into a folder of the home. */
  'runs.exportEncoder': method<{ folder: string; bytes: number }>()(
    z.strictObject({ run: z.string(), format: z.enum(encoderFormats) }),
  ),
  /** Writes the figures of runs for other programs, into a folder of the home. */
  'runs.exportFiles': method<ExportedFiles>()(z.strictObject({ runs: runIds, format: z.enum(runFileFormats) })),
  /** The verdict with what it rests on, as the text of one file. */
  'runs.exportReport': method<{ text: string }>()(reportRequest),
  /** Everything about a comparison, as a CSV file. */
  'runs.exportCsv': method<{ csv: string }>()(z.strictObject({ runs: runIds })),

  /** The test questions of runs, a page at a time. */
  'inspector.questions': method<QuestionPage>()(questionsRequest),
  /** A test question, or a text of one's own, under several runs. The first time, answers are encoded. */
  'inspector.question': method<Inspection>()(questionInspectionRequest),
  'inspector.query': method<Inspection>()(queryInspectionRequest),
  'inspector.wins': method<WinList>()(winsRequest),

  /** A map of test questions and answers under one run or two. It takes seconds the first time. */
  'map.make': method<EmbeddingMap>()(mapRequest),

  /** What evaluations measured of the embeddings of runs, and what the health guard found. */
  'diagnostics.runs': method<readonly RunDiagnostics[]>()(z.strictObject({ runs: runIds })),
  /** The gradients of the runs' recipes on the same batches. Another comparison ends one that is going on. */
  'diagnostics.gradients': method<GradientComparison>()(
    z.strictObject({ runs: runIds, batches: z.int().min(1).max(100) }),
  ),
} as const;

export type Contract = typeof contract;
export type MethodName = keyof Contract;
export type Input<M extends MethodName> = z.input<Contract[M]['input']>;
export type Output<M extends MethodName> = Contract[M] extends Method<z.ZodType, infer O> ? O : never;

/** The lab as a screen calls it. */
export interface LabClient {
  call<M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>>;
}

/** What the lab tells screens unasked. */
export type Notification =
  /** Experiments or datasets were added, changed or deleted, here or by another program: ask for the list again. */
  | { readonly type: 'experiments' }
  | { readonly type: 'datasets' }
  | { readonly type: 'encoders' }
  /** All of `downloads.list`, at most five times a second while one is going on. */
  | { readonly type: 'downloads'; readonly downloads: readonly DownloadView[] }
  | { readonly type: 'settings'; readonly settings: Settings }
  /** All of `jobs.list`, at most ten times a second while one is going on. */
  | { readonly type: 'jobs'; readonly jobs: readonly JobView[] }
  | { readonly type: 'changed'; readonly change: ExperimentChange };
