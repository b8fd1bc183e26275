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
 * All methods that screens can call on the lab, one per line. The lab checks the input. A call that fails is answered
 * with a `Failure`.
 */

const nothing = z.strictObject({});
const experimentId = z.strictObject({ id: z.string() });
const downloadId = z.strictObject({ id: z.string() });
const runIds = z.array(z.string()).min(1).max(200);

/** Input and output of a method; `Output` exists only in the types. */
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
  /** The content of the home folder, by kind. */
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

/** The catalogue of the wizard: losses, strategies and encoders. */
export interface Catalogue {
  readonly losses: readonly LossDescription[];
  readonly strategies: readonly StrategyDescription[];
  /** The presets, in the order of the wizard. */
  readonly presets: readonly { readonly file: string; readonly configuration: RawConfiguration }[];
}

export interface LossDescription {
  readonly name: LossName;
  readonly title: string;
  /** What the loss rewards, and which data it fits. */
  readonly description: string;
  readonly fits: string;
  readonly parameters: readonly Field[];
  /** The strategies that can feed it; the first is the default. */
  readonly strategies: readonly StrategyName[];
}

export interface StrategyDescription {
  readonly name: StrategyName;
  readonly title: string;
  readonly description: string;
  /** Answers that a question needs with the default parameters; other parameters can need fewer. */
  readonly minimumAnswers: number;
  readonly parameters: readonly Field[];
}

export const settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  /** What closing the window does during training. */
  onClose: z.enum(['ask', 'background', 'stop']),
});
export type Settings = z.output<typeof settings>;
export const defaultSettings: Settings = { theme: 'system', onClose: 'ask' };

export const contract = {
  'lab.describe': method<LabDescription>()(nothing),
  'lab.catalogue': method<Catalogue>()(nothing),
  /** A text for a problem report: versions, machine, devices, the last failures. No user names, no tokens. */
  'lab.diagnostics': method<{ text: string }>()(nothing),
  'lab.devices': method<{ devices: readonly DeviceReport[]; auto: ChosenDevice }>()(
    z.strictObject({ again: z.boolean().optional() }),
  ),
  'settings.get': method<Settings>()(nothing),
  'settings.set': method<Settings>()(settings.partial()),

  /** Long-running calls (`jobMethods`) of any screen; `jobs` notifications report them. */
  'jobs.list': method<readonly JobView[]>()(nothing),
  /** Cancels a job: its call fails. A job that has ended is removed from the list. */
  'jobs.cancel': method<null>()(z.strictObject({ key: z.string() })),

  'datasets.list': method<{ datasets: readonly DatasetSummary[]; damaged: readonly DamagedDataset[] }>()(nothing),
  'datasets.details': method<DatasetDetails>()(
    z.strictObject({ name: z.string(), maxLength: z.int().min(8).max(8192).optional() }),
  ),
  /** The columns and first rows of a table, to assign roles to its columns. */
  'datasets.preview': method<TablePreview>()(previewRequest),
  /** Resolves when the dataset is there. */
  'datasets.import': method<DatasetSummary>()(importRequest),
  'datasets.delete': method<null>()(z.strictObject({ name: z.string() })),
  /** Reads a whole dataset and checks it against its manifest. */
  'datasets.verify': method<Verification>()(z.strictObject({ name: z.string() })),

  /** Downloads that are running, can be resumed, or have ended and were not dismissed; newest first. */
  'downloads.list': method<readonly DownloadView[]>()(nothing),
  /** A download continues when the screen that started it disconnects. */
  'downloads.start': method<DownloadView>()(downloadRequest),
  'downloads.resume': method<DownloadView>()(downloadId),
  /** Stops a download; partial files are kept for `downloads.resume`. */
  'downloads.cancel': method<null>()(downloadId),
  /** Removes a download from the list, with its partial files. */
  'downloads.discard': method<null>()(downloadId),
  'credentials.list': method<readonly CredentialStatus[]>()(nothing),
  'credentials.set': method<CredentialStatus>()(
    z.strictObject({
      service: z.enum(credentialServices),
      username: z.string().min(1).max(200).optional(),
      secret: z.string().min(1).max(4000),
    }),
  ),
  /** Removes credentials that were set in LossLab; those of the environment and of files stay. */
  'credentials.forget': method<null>()(z.strictObject({ service: z.enum(credentialServices) })),

  'encoders.list': method<readonly StoredEncoder[]>()(nothing),
  /** Describes the encoder in a folder or a downloaded repository, from its headers. Throws if it cannot be used. */
  'encoders.inspect': method<EncoderDescription>()(z.strictObject({ encoder: encoderReference })),
  'encoders.verify': method<Verification>()(z.strictObject({ encoder: encoderReference })),
  'encoders.delete': method<null>()(z.strictObject({ encoder: encoderReference })),

  'experiments.list': method<readonly ExperimentSummary[]>()(nothing),
  'experiments.details': method<ExperimentDetails>()(experimentId),
  'experiments.check': method<readonly DraftProblem[]>()(experimentDraft),
  /** Prepares the first seed of a draft and measures some steps. Another rehearsal ends a running one. */
  'experiments.rehearse': method<Rehearsal>()(experimentDraft),
  /** The draft as a shell command and as a configuration file for each recipe. */
  'experiments.asCommand': method<{ command: string; files: readonly { name: string; json: string }[] }>()(
    experimentDraft,
  ),
  'experiments.create': method<ExperimentSummary>()(z.strictObject({ draft: experimentDraft, start: z.boolean() })),
  /** Trains the unfinished runs as soon as no other experiment is training. */
  'experiments.start': method<null>()(experimentId),
  'experiments.pause': method<null>()(experimentId),
  /** Continues after a pause. */
  'experiments.unpause': method<null>()(experimentId),
  /** Stops after a checkpoint; `experiments.start` continues. */
  'experiments.cancel': method<null>()(experimentId),
  'experiments.skipRun': method<null>()(z.strictObject({ run: z.string() })),
  'experiments.rename': method<null>()(z.strictObject({ id: z.string(), name: z.string().trim().min(1).max(200) })),
  'experiments.setTags': method<null>()(
    z.strictObject({ id: z.string(), tags: z.array(z.string().trim().min(1).max(40)).max(20) }),
  ),
  'experiments.setNote': method<null>()(z.strictObject({ id: z.string(), note: z.string().max(20_000) })),
  /** Hides an experiment at once; `restore` undoes it. It is deleted permanently when the lab is opened a day later. */
  'experiments.delete': method<null>()(experimentId),
  'experiments.restore': method<null>()(experimentId),

  /** From then on, `changed` notifications of this experiment follow. */
  'experiments.watch': method<ExperimentSnapshot>()(experimentId),
  'experiments.unwatch': method<null>()(experimentId),

  /** Runs of any experiments side by side. */
  'runs.compare': method<Comparison>()(z.strictObject({ runs: runIds })),
  /** BM25 on the test questions of the runs; the first call takes seconds. */
  'runs.bm25': method<readonly Bm25Baseline[]>()(z.strictObject({ runs: runIds })),
  /** Curves of runs; skips names that a run does not have. */
  'runs.series': method<readonly StepSeries[]>()(
    z.strictObject({ runs: runIds, names: z.array(z.string()).min(1).max(50) }),
  ),
  'runs.seriesNames': method<readonly string[]>()(z.strictObject({ runs: runIds })),
  /** Which recipe is best, and whether the difference could be chance; takes seconds for many runs and questions. */
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
  /** The verdict and its evidence, as the text of one file. */
  'runs.exportReport': method<{ text: string }>()(reportRequest),
  /** Everything about a comparison, as a CSV file. */
  'runs.exportCsv': method<{ csv: string }>()(z.strictObject({ runs: runIds })),

  /** The test questions of runs, a page at a time. */
  'inspector.questions': method<QuestionPage>()(questionsRequest),
  /** A test question, or any text, under several runs. The first call encodes the answers. */
  'inspector.question': method<Inspection>()(questionInspectionRequest),
  'inspector.query': method<Inspection>()(queryInspectionRequest),
  'inspector.wins': method<WinList>()(winsRequest),

  /** A map of test questions and answers under one run or two. The first call takes seconds. */
  'map.make': method<EmbeddingMap>()(mapRequest),

  /** Diagnostics of the embeddings of runs, and the findings of the health guard. */
  'diagnostics.runs': method<readonly RunDiagnostics[]>()(z.strictObject({ runs: runIds })),
  /** The gradients of the runs' recipes on the same batches. Another comparison ends a running one. */
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

/** Notifications of the lab to screens. */
export type Notification =
  /** Experiments or datasets were added, changed or deleted, here or by another program: request the list again. */
  | { readonly type: 'experiments' }
  | { readonly type: 'datasets' }
  | { readonly type: 'encoders' }
  /** All of `downloads.list`, at most five times a second during a download. */
  | { readonly type: 'downloads'; readonly downloads: readonly DownloadView[] }
  | { readonly type: 'settings'; readonly settings: Settings }
  /** All of `jobs.list`, at most ten times a second during a job. */
  | { readonly type: 'jobs'; readonly jobs: readonly JobView[] }
  | { readonly type: 'changed'; readonly change: ExperimentChange };
