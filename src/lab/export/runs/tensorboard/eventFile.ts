import { marginKinds, type DiagnosedStep } from '../../../../shared/diagnostics.ts';
import type { Run } from '../../../../shared/history.ts';
import type { Curves } from '../../../store/curves.ts';
import { baselineSettings, lastStepOf, type Baseline } from '../baselines.ts';
import { diagnosticFigures, settingsOf, timeAt, type RunHistory } from '../runHistory.ts';
import { marginHistogram } from './marginHistogram.ts';
import { framed } from './records.ts';
import {
  elementTypes,
  encodeEvent,
  encodeHyperparameters,
  statuses,
  tensorClass,
  type Event,
  type HyperparameterData,
  type Setting,
  type SummaryValue,
} from './schema.ts';

/**
 * The event file of a run, record by record: its settings (as text and for the hparams plugin), every step as
 * `train/…`, every evaluation with its diagnostics as `eval/…` (step 0 is the untrained encoder), and how it ended.
 * Figures are 32-bit floats; NaN and infinities are kept.
 */
export function* eventFile(history: RunHistory): Generator<Uint8Array, void> {
  yield* fileStart(history.run);
  yield* figures(history);
  yield fileEnd(history.run);
}

/** The first records of a file. */
function* fileStart(run: Run): Generator<Uint8Array, void> {
  const wallTime = timeAt(run, 0) / 1000;
  yield record({ wallTime, fileVersion });
  const about = `run ${run.id} of experiment ${run.experiment}, on ${run.dataset.name}`;
  yield record(settingsEvent(wallTime, run.id, `**${run.name}**, seed ${run.seed}  \n${about}`, settingsOf(run)));
}

/** The records of steps and evaluations. */
function* figures({ run, curves, evaluations, diagnosed }: RunHistory): Generator<Uint8Array, void> {
  for (const event of stepsOf(run, curves)) yield record(event);
  for (const { step, training_seconds, metrics } of evaluations)
    yield record(evaluationEvent(timeAt(run, training_seconds) / 1000, step, metrics));
  for (const each of diagnosed)
    yield record({
      wallTime: timeAt(run, each.training_seconds) / 1000,
      step: each.step,
      summary: { value: diagnosticsOf(each) },
    });
}

/** The last record of a file: how the run ended. */
function fileEnd(run: Run): Uint8Array {
  return record({
    wallTime: Date.parse(run.ended ?? run.created) / 1000,
    step: run.steps_done,
    summary: { value: [endOf(run)] },
  });
}

/** The event file of BM25 or an untrained encoder: its metrics as a line from step 0 to the last one of the runs. */
export function* baselineFile(baseline: Baseline): Generator<Uint8Array, void> {
  const wallTime = timeAt(baseline.runs[0]!, 0) / 1000;
  yield record({ wallTime, fileVersion });
  yield record(settingsEvent(wallTime, baseline.id, `**${baseline.title}**`, baselineSettings(baseline)));
  for (const step of new Set([0, lastStepOf(baseline)]))
    yield record(evaluationEvent(wallTime, step, baseline.metrics));
}

const fileVersion = 'brain.Event:2';

function record(event: Event): Uint8Array {
  return framed(encodeEvent(event));
}

function evaluationEvent(wallTime: number, step: number, metrics: Readonly<Record<string, number>>): Event {
  return {
    wallTime,
    step,
    summary: { value: Object.entries(metrics).map(([name, value]) => ({ tag: `eval/${name}`, simpleValue: value })) },
  };
}

function* stepsOf(run: Run, { steps, columns }: Curves): Generator<Event, void> {
  const seconds = columns.training_seconds!;
  for (const [row, step] of steps.entries()) {
    const value = Object.entries(columns).map(([name, values]) => ({
      tag: `train/${name}`,
      simpleValue: values[row]!,
    }));
    yield { wallTime: timeAt(run, seconds[row]!) / 1000, step, summary: { value } };
  }
}

function diagnosticsOf(each: DiagnosedStep): SummaryValue[] {
  const figures = diagnosticFigures(each).map(([name, value]) => ({ tag: `diagnostics/${name}`, simpleValue: value }));
  const margins = marginKinds.flatMap((kind) => {
    const histogram = marginHistogram(each.diagnostics.margins[kind]);
    return histogram ? [{ tag: `margins/${kind}`, histogram }] : [];
  });
  return [...figures, ...margins];
}

// --- Settings ---------------------------------------------------------------------------------------

/** `about` is Markdown, shown above the settings. */
function settingsEvent(
  wallTime: number,
  id: string,
  about: string,
  settings: Readonly<Record<string, unknown>>,
): Event {
  const listed = JSON.stringify(settings, null, 2).replace(/^/gm, '    ');
  const start = hyperparameters('_hparams_/session_start_info', {
    version: 0,
    start: {
      settings: Object.entries(settings).map(([key, value]) => ({ key, value: settingOf(value) })),
      groupName: id,
      startSeconds: wallTime,
    },
  });
  return { wallTime, step: 0, summary: { value: [text('configuration', `${about}\n\n${listed}`), start] } };
}

function text(tag: string, content: string): SummaryValue {
  return {
    tag,
    metadata: { pluginData: { pluginName: 'text' }, dataClass: tensorClass },
    tensor: { elementType: elementTypes.text, shape: { dimensions: [{ size: 1 }] }, texts: [Buffer.from(content)] },
  };
}

function settingOf(value: unknown): Setting {
  if (typeof value === 'number') return { number: value };
  return typeof value === 'boolean'
    ? { truth: value }
    : { text: typeof value === 'string' ? value : JSON.stringify(value) };
}

function endOf({ state, ended, created }: Run): SummaryValue {
  const status = state === 'finished' ? statuses.success : state === 'running' ? statuses.running : statuses.failure;
  return hyperparameters('_hparams_/session_end_info', {
    version: 0,
    end: { status, endSeconds: Date.parse(ended ?? created) / 1000 },
  });
}

/** The format stores the data of a plugin with a tensor; this plugin shows no tensor. */
function hyperparameters(tag: string, data: HyperparameterData): SummaryValue {
  return {
    tag,
    metadata: { pluginData: { pluginName: 'hparams', content: encodeHyperparameters(data) } },
    tensor: { elementType: elementTypes.float, shape: { dimensions: [] }, floats: [0] },
  };
}
