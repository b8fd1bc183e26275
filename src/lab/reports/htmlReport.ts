import type { ComparedRun, Comparison } from '../../shared/comparison.ts';
import type { Run } from '../../shared/history.ts';
import { metricDescriptions, type MetricName } from '../../shared/metrics.ts';
import type { PairVerdict, Verdict } from '../../shared/verdict.ts';
import { describePoint } from './verdictTable.ts';

/** What a report is made of. */
export interface ReportContent {
  readonly title: string;
  readonly verdict: Verdict;
  readonly comparison: Comparison;
  readonly runs: readonly Run[];
  /** The comparison's chart, a PNG. */
  readonly chart: Uint8Array;
  /** Of what the runs were trained and judged with: version, machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly attribution: string | null;
  /** ISO 8601. */
  readonly made: string;
}

const shownMetrics: readonly MetricName[] = ['mrr@10', 'ndcg@10', 'map@100', 'recall@10'];

/**
 * A report as one HTML file that needs nothing else: no scripts, no network, pictures inside. Texts
 * of people (names, attribution) are shown as text.
 */
export function htmlReport(content: ReportContent): string {
  const { title, verdict, comparison, runs, chart, environment, attribution, made } = content;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${text(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
<section><h2>Verdict</h2>
<p class="headline">${text(verdict.sentences[0] ?? '')}</p>
${verdict.sentences.slice(1).map((sentence) => `<p>${text(sentence)}</p>`).join('\n')}
${notes([...new Set([...verdict.warnings, ...comparison.warnings])])}
</section>
<section><h2>Who was compared</h2>${standings(verdict)}
<p class="note">${text(extent(verdict))}</p></section>
<section><h2>Every pair</h2>${matrix(verdict)}
<p class="note">By how much the row is better than the column, with the 95 % interval of the difference (paired bootstrap) and p (randomisation test, Holm). Bold: more than chance explains.</p></section>
<section><h2>Curves and final metrics</h2>
<img alt="Bars of the final metrics and learning curves of all runs" src="data:image/png;base64,${Buffer.from(chart).toString('base64')}"></section>
<section><h2>Runs</h2>${runTable(comparison)}
<p class="note">Each metric at the best evaluation of its run.</p></section>
<section><h2>Settings</h2>${settings(comparison.runs)}</section>
<section><h2>What makes them comparable</h2>${hashes(runs)}
<p class="note">Runs with equal hashes had the same data, split, batches, initial weights and tokenizer.</p></section>
<section><h2>Where and when</h2>${pairsTable({ ...environment, 'Report made': made })}</section>
${attribution === null ? '' : `<section><h2>Data</h2><p>${text(attribution)}</p></section>`}
</main>
</body>
</html>
`;
}

function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

interface Cell {
  readonly text: string;
  readonly strong?: boolean;
  readonly numeric?: boolean;
}

function table(headings: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const cell = (tag: 'td' | 'th', scope: string, { text: content, strong, numeric }: Cell): string => `<${tag}${scope}${numeric ? ' class="numeric"' : ''}>${strong ? `<strong>${text(content)}</strong>` : text(content)}</${tag}>`;
  const row = ([first, ...others]: readonly Cell[]): string => `<tr>${cell('th', ' scope="row"', first!)}${others.map((each) => cell('td', '', each)).join('')}</tr>`;
  return `<div class="frame"><table><thead><tr>${headings.map((heading) => cell('th', ' scope="col"', heading)).join('')}</tr></thead><tbody>${rows.map(row).join('\n')}</tbody></table></div>`;
}

const plain = (content: string): Cell => ({ text: content });
const number = (content: string, strong = false): Cell => ({ text: content, numeric: true, strong });

function standings({ metric, contestants }: Verdict): string {
  const title = metricDescriptions.find(({ name }) => name === metric)!.title;
  return table(
    [plain('Name'), number(title), number('± over seeds'), number('By seed')],
    contestants.map(({ name, mean, deviation, bySeed }) => [plain(name), number(mean.toFixed(4)), number(deviation?.toFixed(4) ?? '–'), number(bySeed.map(({ value }) => value.toFixed(3)).join('  '))]),
  );
}

function extent({ questions, seeds, point }: Verdict): string {
  return `${questions.toLocaleString('en')} test questions, ${seeds.length === 0 ? 'each with its own seeds' : `seeds ${seeds.join(', ')}`}, ${describePoint(point)}.`;
}

function matrix({ contestants, pairs }: Verdict): string {
  const cell = (row: number, column: number): Cell => {
    if (row === column) return number('·');
    const pair = pairs.find(({ a, b }) => (a === row && b === column) || (a === column && b === row))!;
    return number(describePair(pair, pair.a === row ? 1 : -1), pair.detectable);
  };
  return table([plain(''), ...contestants.map(({ name }) => number(name))], contestants.map(({ name }, row) => [plain(name), ...contestants.map((_, column) => cell(row, column))]));
}

function describePair({ difference, low, high, adjustedP }: PairVerdict, sign: 1 | -1): string {
  const [from, to] = sign === 1 ? [low, high] : [-high, -low];
  return `${signed(sign * difference)}\n(${signed(from, 3)} to ${signed(to, 3)})\np ${adjustedP < 0.001 ? '<0.001' : adjustedP.toFixed(3)}`;
}

function signed(value: number, digits = 4): string {
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return value < 0 ? `−${size}` : `+${size}`;
}

function runTable({ baselines, runs }: Comparison): string {
  const figure = (value: number | undefined): Cell => number(value === undefined ? '–' : value.toFixed(4));
  const headings = [plain('Run'), ...shownMetrics.map((name) => number(metricDescriptions.find((metric) => metric.name === name)!.title)), number('Training'), plain('Device'), plain('State')];
  return table(headings, [
    ...baselines.map(({ name, metrics }) => [plain(name), ...shownMetrics.map((metric) => figure(metrics[metric])), number('–'), plain('–'), plain('–')]),
    ...runs.map(({ name, best, training_seconds, device, state }) => [plain(name), ...shownMetrics.map((metric) => figure(best[metric]?.value)), number(`${training_seconds.toFixed(1)} s`), plain(device ?? '–'), plain(state)]),
  ]);
}

function settings(runs: readonly ComparedRun[]): string {
  const parameters = (values: object): string => Object.entries(values).map(([key, value]) => `${key} ${String(value)}`).join(', ');
  return table(
    [plain('Run'), plain('Loss'), plain('Strategy'), plain('Encoder'), plain('Training')],
    runs.map(({ name, recipe, configuration: { encoder, training } }) => [
      plain(name),
      plain(`${recipe.loss.name} (${parameters(recipe.loss.parameters)})`),
      plain(`${recipe.strategy.name} (${parameters(recipe.strategy.parameters)})`),
      plain(`${encoder.kind}, max_length ${encoder.max_length}, pooling ${String(encoder.pooling)}`),
      plain(`batch_size ${training.batch_size}, epochs ${training.epochs}, learning_rate ${training.learning_rate}, schedule ${training.schedule}, weight_decay ${training.weight_decay}`),
    ]),
  );
}

function hashes(runs: readonly Run[]): string {
  const names = ['dataset', 'split', 'plan', 'weights', 'tokenizer'] as const;
  return table(
    [plain('Run'), plain('Seed'), ...names.map(plain)],
    runs.map(({ id, seed, start }) => [plain(id), plain(String(seed)), ...names.map((name) => plain(start?.hashes[name].slice(0, 16) ?? '–'))]),
  );
}

function pairsTable(values: Readonly<Record<string, string>>): string {
  return table([plain('What'), plain('')], Object.entries(values).map(([key, value]) => [plain(key), plain(value)]));
}

function notes(warnings: readonly string[]): string {
  return warnings.length === 0 ? '' : `<ul class="note">${warnings.map((warning) => `<li>${text(warning)}</li>`).join('')}</ul>`;
}

const style = `
:root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; }
main { max-width: 1100px; margin: 0 auto; padding: 24px; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.headline { font-size: 1.15rem; font-weight: 600; } .note { color: #57606a; font-size: 0.9rem; }
.frame { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.9rem; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid #d8dee4; text-align: left; vertical-align: top; }
.numeric { text-align: right; font-variant-numeric: tabular-nums; white-space: pre; } thead th.numeric { white-space: normal; }
img { max-width: 100%; } @media print { section { break-inside: avoid; } }
`;
