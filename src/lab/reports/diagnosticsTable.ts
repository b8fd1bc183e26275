import type { GradientComparison, GradientPoint, RunDiagnostics } from '../../shared/contract/diagnostics.ts';
import {
  diagnosticDescriptions,
  diagnosticNames,
  shareAhead,
  type DiagnosedStep,
  type DiagnosticName,
} from '../../shared/diagnostics.ts';
import { healthTitles } from '../../shared/health.ts';
import { formatDecimal, formatShare, formatSignificant } from '../../shared/format.ts';
import { textTable, type TextColumn } from './textTable.ts';

/** Diagnostics of runs at their last evaluation and untrained, what the guard found, and what the figures mean, as text. */
export function diagnosticsText(runs: readonly RunDiagnostics[]): string {
  const measured = runs.filter(({ evaluations }) => evaluations.length > 0);
  const unmeasured = runs.filter(({ evaluations }) => evaluations.length === 0).map(({ name }) => name);
  const notes = [
    ...(unmeasured.length > 0
      ? [`Not measured: ${unmeasured.join(', ')}. They have no evaluation yet, or an older LossLab trained them.`]
      : []),
    ...runs.flatMap(({ name, findings }) =>
      findings.map(({ kind, step, message, fix }) => `${name}, step ${step}: ${healthTitles[kind]}. ${message} ${fix}`),
    ),
  ];
  const meanings = diagnosticNames.map((name) => `  ${shortTitles[name]}: ${diagnosticDescriptions[name].meaning}`);
  return [
    ...(measured.length > 0 ? [...figuresTable(measured), '', ...meanings] : []),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ]
    .join('\n')
    .trimStart();
}

const shortTitles: Readonly<Record<DiagnosticName, string>> = {
  alignment: 'alignment',
  uniformity: 'uniformity',
  mean_cosine: 'cosine',
  effective_rank: 'rank',
  in_batch_margin: 'margin',
  hard_margin: 'own margin',
};

function figuresTable(runs: readonly RunDiagnostics[]): string[] {
  const columns: TextColumn[] = ['run', 'step'].map((heading, i) => ({
    heading,
    align: i === 0 ? 'left' : 'right',
    flexible: i === 0,
  }));
  const headings = [...diagnosticNames.map((name) => shortTitles[name]), 'ahead', 'own ahead', 'zero loss'];
  const row = (name: string, run: RunDiagnostics, { step, diagnostics }: DiagnosedStep): { text: string }[] => [
    { text: name },
    { text: String(step) },
    ...diagnosticNames.map((name) => ({ text: figure(name, diagnostics.figures[name]) })),
    ...(['in_batch', 'hard'] as const).map((kind) => ({ text: percent(shareAhead(diagnostics.margins[kind])) })),
    { text: step === 0 ? '' : percent(run.zeroLoss?.values.at(-1) ?? null) },
  ];
  const untrained = distinctUntrained(runs);
  const rows = [
    ...untrained.map((run) =>
      row(untrained.length > 1 ? `untrained (${run.name})` : 'untrained', run, run.evaluations[0]!),
    ),
    ...runs
      .filter(({ evaluations }) => evaluations.at(-1)!.step > 0)
      .map((run) => row(run.name, run, run.evaluations.at(-1)!)),
  ];
  return textTable([...columns, ...headings.map((heading): TextColumn => ({ heading, align: 'right' }))], rows);
}

/** One run for each untrained encoder among them: recipes with the same seed begin with the same one. */
function distinctUntrained(runs: readonly RunDiagnostics[]): RunDiagnostics[] {
  const begun = runs.filter(({ evaluations }) => evaluations[0]!.step === 0);
  return [
    ...new Map(begun.toReversed().map((run) => [JSON.stringify(run.evaluations[0]!.diagnostics), run])).values(),
  ].toReversed();
}

function figure(name: DiagnosticName, value: number | null | undefined): string {
  return typeof value === 'number' ? formatDecimal(value, diagnosticDescriptions[name].digits) : '';
}

function percent(share: number | null): string {
  return share === null ? '' : formatShare(share, 0);
}

/** Cosines between the gradients of recipes, a matrix for each point at which they were taken. */
export function gradientsText(comparison: GradientComparison): string {
  const { recipes, batches, points } = comparison;
  const legend = recipes.map((name, index) => `  ${index + 1}  ${name}`);
  return [
    `Cosine between the gradients of two losses on the same ${batches} batches: 1 is the same direction, 0 is unrelated, −1 is the opposite direction. ± is the standard deviation over the batches.`,
    ...legend,
    ...points.flatMap((point) => [
      '',
      `${point.trainedBy === null ? 'At the untrained weights' : `At the weights trained by "${point.trainedBy}"`}:`,
      ...matrix(point, recipes.length),
    ]),
  ].join('\n');
}

function matrix({ norms, pairs }: GradientPoint, recipes: number): string[] {
  const cell = (row: number, column: number): string => {
    const pair = pairs.find(({ first, second }) => first === Math.min(row, column) && second === Math.max(row, column));
    if (!pair || pair.cosine === null) return row === column ? '1' : '–';
    return `${formatDecimal(pair.cosine, 2)}${pair.deviation === null ? '' : ` ±${formatDecimal(pair.deviation, 2)}`}`;
  };
  const places = Array.from({ length: recipes }, (_, index) => index);
  const columns: TextColumn[] = ['', ...places.map((index) => String(index + 1)), 'norm'].map((heading) => ({
    heading,
    align: 'right',
  }));
  return textTable(
    columns,
    places.map((row) =>
      [
        String(row + 1),
        ...places.map((column) => cell(row, column)),
        norms[row] == null ? '–' : formatSignificant(norms[row]),
      ].map((text) => ({ text })),
    ),
  );
}
