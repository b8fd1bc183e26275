import { marginKinds, type DiagnosedStep } from '../../../../shared/diagnostics.ts';
import type { Run } from '../../../../shared/history.ts';
import type { Curves } from '../../../store/curves.ts';
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
  for (const event of eventsOf(history)) yield framed(encodeEvent(event));
}

function* eventsOf({ run, curves, evaluations, diagnosed }: RunHistory): Generator<Event, void> {
  const start = timeAt(run, 0) / 1000;
  yield { wallTime: start, fileVersion: 'brain.Event:2' };
  yield { wallTime: start, step: 0, summary: { value: [text('configuration', describe(run)), startOf(run, start)] } };
  yield* stepsOf(run, curves);
  for (const { step, training_seconds, metrics } of evaluations) {
    yield {
      wallTime: timeAt(run, training_seconds) / 1000,
      step,
      summary: { value: Object.entries(metrics).map(([name, value]) => ({ tag: `eval/${name}`, simpleValue: value })) },
    };
  }
  for (const each of diagnosed)
    yield {
      wallTime: timeAt(run, each.training_seconds) / 1000,
      step: each.step,
      summary: { value: diagnosticsOf(each) },
    };
  yield {
    wallTime: Date.parse(run.ended ?? run.created) / 1000,
    step: run.steps_done,
    summary: { value: [endOf(run)] },
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

/** Markdown for the text plugin. */
function describe(run: Run): string {
  const { id, name, seed, experiment, dataset } = run;
  const about = [`**${name}**, seed ${seed}`, `run ${id} of experiment ${experiment}, on ${dataset.name}`];
  return `${about.join('  \n')}\n\n${JSON.stringify(settingsOf(run), null, 2).replace(/^/gm, '    ')}`;
}

function text(tag: string, content: string): SummaryValue {
  return {
    tag,
    metadata: { pluginData: { pluginName: 'text' }, dataClass: tensorClass },
    tensor: { elementType: elementTypes.text, shape: { dimensions: [{ size: 1 }] }, texts: [Buffer.from(content)] },
  };
}

function startOf(run: Run, startSeconds: number): SummaryValue {
  const settings = Object.entries(settingsOf(run)).map(([key, value]) => ({ key, value: settingOf(value) }));
  return hyperparameters('_hparams_/session_start_info', {
    version: 0,
    start: { settings, groupName: run.id, startSeconds },
  });
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
