import { Command } from 'commander';
import { findingsOf } from '../../lab/diagnostics/runDiagnostics.ts';
import { stepFigures, type StepFigures } from '../../lab/comparison/stepFigures.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { healthTitles, type HealthFinding } from '../../shared/health.ts';
import type { Run } from '../../shared/history.ts';
import { formatCount, formatDuration, formatFigure, formatMeanCount } from '../../shared/format.ts';
import { print, type CommonOptions } from '../output.ts';

export function showCommand(): Command {
  return new Command('show')
    .description('Show the settings, progress and results of a run.')
    .argument('<run>', 'run id or unique prefix')
    .action((id: string, options: CommonOptions) => {
      using store = openStore(openHome(options.home));
      const run = store.getRun(id);
      const figures = stepFigures(store, run.id);
      print(options, { run, ...figures, events: store.events(run.id) }, () =>
        describe(run, figures, findingsOf(store, run.id)),
      );
    });
}

function describe(run: Run, figures: StepFigures, findings: readonly HealthFinding[]): string {
  const {
    configuration: { encoder, training },
    recipe,
    start,
  } = run;
  const parameters = (values: object): string =>
    Object.entries(values)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ') || 'no parameters';
  const lines: [string, string][] = [
    ['Run', `${run.id} (${run.name}), ${run.state}`],
    [
      'Dataset',
      `${run.dataset.name}, ${start ? `${formatCount(start.train_questions)} training and ${formatCount(start.test_questions)} test questions` : 'not started'}`,
    ],
    ['Encoder', `${encoder.folder ?? encoder.kind}${start ? `, ${formatCount(start.parameters)} parameters` : ''}`],
    ['Loss', `${recipe.loss.name} (${parameters(recipe.loss.parameters)})`],
    ['Strategy', `${recipe.strategy.name} (${parameters(recipe.strategy.parameters)})`],
    [
      'Training',
      `batch size ${training.batch_size}, ${training.epochs} epochs, learning rate ${training.learning_rate}, seed ${run.seed}`,
    ],
    ['Device', start ? `${start.device} (${start.device_reason})` : 'not started'],
    [
      'Progress',
      `step ${run.steps_done} of ${start?.steps ?? '?'}, ${formatDuration(run.training_seconds)} of training`,
    ],
    ...stepLine(figures),
    ...(start
      ? Object.entries(start.hashes).map(([what, hash]): [string, string] => [`${what} hash`, hash.slice(0, 16)])
      : []),
    ...(run.encoder ? [['Trained encoder', run.encoder] as [string, string]] : []),
    ...(run.failure ? [['Failure', `${run.failure.message} ${run.failure.fix}`] as [string, string]] : []),
    ...findings.map(({ kind, step, message, fix }): [string, string] => [
      'Health',
      `${healthTitles[kind]}, step ${step}. ${message} ${fix}`,
    ]),
  ];
  const width = Math.max(...lines.map(([label]) => label.length));
  const shown = ['mrr@10', 'ndcg@10', 'map@100', 'accuracy@1', 'standardized/mrr', 'standardized/mrr_hard_neg'];
  return [
    ...lines.map(([label, text]) => `${label.padEnd(width)}  ${text}`),
    '',
    ['step'.padStart(6), ...shown.map((name) => name.padStart(Math.max(8, name.length)))].join('  '),
    ...figures.evaluations.map(({ step, metrics }) =>
      [
        String(step).padStart(6),
        ...shown.map((name) =>
          (metrics[name] === undefined ? '' : formatFigure(metrics[name])).padStart(Math.max(8, name.length)),
        ),
      ].join('  '),
    ),
  ].join('\n');
}

/** The composition of its batches, if it was recorded. */
function stepLine({ texts_per_step, negatives_per_question }: StepFigures): [string, string][] {
  const parts = [
    ...(texts_per_step === null ? [] : [`${formatMeanCount(texts_per_step)} texts`]),
    ...(negatives_per_question === null ? [] : [`${formatMeanCount(negatives_per_question)} negatives per question`]),
  ];
  return parts.length === 0 ? [] : [['A step', `${parts.join(', ')} on average`]];
}
