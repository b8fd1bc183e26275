import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { exportRun } from '../../../src/lab/export/encoders/exportRun.ts';
import { exportTrec } from '../../../src/lab/export/runs/trec.ts';
import { reportText } from '../../../src/lab/reports/reportText.ts';
import { compareRuns } from '../../../src/lab/comparison/comparison.ts';
import { comparisonToCsv } from '../../../src/lab/reports/csv.ts';
import { openStore, type Store } from '../../../src/lab/store/runStore.ts';
import { toCsv } from '../../../src/shared/csv.ts';
import { losslab } from '../../../tests/helpers/commandLine.ts';
import { filesOf } from '../../../tests/helpers/hubServer.ts';
import { lineOf, type FaultLine } from '../lines.ts';
import { formulas, names, scripts } from './hostileTexts.ts';
import type { MaliciousHome } from './maliciousHome.ts';

/** Hostile texts in the files that LossLab writes for other programs. */

/** Cells of every CSV, read by another parser: no cell may be a formula, except numbers. */
export async function cellsLine({ home, runs }: MaliciousHome): Promise<FaultLine> {
  using store = openStore(home);
  const files = {
    comparison: comparisonToCsv(compareRuns(store, runs), []),
    'values per question': await reportText(store, {
      runs: [...runs],
      format: 'per_query',
      metric: 'mrr@10',
      band: 'ci95',
    }),
    chart: toCsv([[...formulas, ...scripts, ...names.filter((name) => name.length < 1000), -1.5, 2], [null]]),
  };
  const outcomes = Object.entries(files).flatMap(([file, text]) =>
    parse(text, { relax_column_count: true })
      .flat()
      .map((cell) =>
        /^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(cell)
          ? `${file}: ${JSON.stringify(cell)}`
          : null,
      ),
  );
  const hostile = Object.values(files).filter((text) => text.includes(formulas[0].slice(0, 11))).length;
  return lineOf(
    'cells of CSV files',
    outcomes,
    `${hostile} of ${Object.keys(files).length} files hold formulas of names or ids`,
  );
}

/** Model card, LaTeX and TREC files: names must stay names. */
export async function exportsLine({ home, runs }: MaliciousHome, folder: string): Promise<FaultLine> {
  using store = openStore(home);
  const all = runs.map((run) => store.getRun(run));
  const outcomes: (string | null)[] = [];
  for (const run of all) {
    const place = join(folder, 'cards', run.id);
    await exportRun(store, run, 'onnx', place);
    outcomes.push(faultOfCard(readFileSync(join(place, 'README.md'), 'utf8'), run.name));
  }
  const { folder: trec } = await exportTrec(store, all.slice(0, 3), join(folder, 'trec'));
  for (const [name, content] of Object.entries(filesOf(trec)))
    outcomes.push(
      ...content
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => faultOfTrecLine(name, line)),
    );
  return lineOf('model cards, LaTeX tables and TREC files', [...outcomes, ...(await latexOutcomes(store, runs))]);
}

function faultOfCard(card: string, name: string): string | null {
  const [, front = '', body = ''] = /^---\n([^]*?)\n---\n([^]*)$/.exec(card) ?? [];
  const keys = front
    .split('\n')
    .filter((line) => !/^(library_name|pipeline_tag|base_model|tags): ?|^ {2}- "/.test(line));
  if (front === '' || keys.length > 0)
    return `the card of ${JSON.stringify(name)} has other settings: ${keys.join(' ')}`;
  const live = /(?<!\\)<(script|img|svg|iframe|a |style|meta|base)|(?<!\\)\](?:\\)?\(javascript:/i.exec(body);
  return live === null ? null : `the card of ${JSON.stringify(name)} holds ${live[0]}`;
}

/** Judgements have four columns, rankings six: no id may contain a space. */
function faultOfTrecLine(file: string, line: string): string | null {
  return line.split(/\s/).length === (file.endsWith('.qrels') ? 4 : 6) ? null : `${file}: ${line.slice(0, 200)}`;
}

async function latexOutcomes(store: Store, runs: readonly string[]): Promise<(string | null)[]> {
  const table = await reportText(store, { runs: [...runs], format: 'latex', metric: 'mrr@10', band: 'ci95' });
  // Every row has one name and one figure, and only commands for marks and special characters.
  const rows = table
    .slice(table.indexOf('\\midrule') + 8, table.indexOf('\\bottomrule'))
    .trim()
    .split('\n');
  const allowed = /\\(\\|[&%$#_{}]|textbackslash|textasciitilde|textasciicircum|textbf|pm|dagger|ddagger|S|,)|\{\}/g;
  return rows.map((row) => {
    const left = row.replaceAll(allowed, '');
    return /\\|\^\^|[%#_~]/.test(left) || left.split('&').length !== 2 ? `LaTeX: ${row}` : null;
  });
}

/** Configurations that name files elsewhere, or are not valid. */
export async function configurationsLine(folder: string, count: number): Promise<FaultLine> {
  const place = join(folder, 'configurations');
  mkdirSync(place, { recursive: true });
  const home = join(place, 'home');
  const configurations: readonly unknown[] = [
    { data_path: '/etc/passwd' },
    { data_path: '../../../../etc/passwd' },
    { data_path: '/' },
    { data_path: '/dev/null' },
    { data_path: 'a\0b' },
    { data_path: '' },
    { data_path: place },
    { encoder: '../../../../etc' },
    { encoder: '/etc' },
    { encoder: 'hf:../../../etc/passwd' },
    { encoder: 'hf:a/b@../../x' },
    { encoder: '\0' },
    { tokenizer: '/etc/passwd' },
    { tokenizer: '../..' },
    { name: 'x'.repeat(1e6), epochs: 0 },
    { constructor: 1 },
    JSON.parse('{"__proto__":{"epochs":1}}'),
    { epochs: 1e308 },
    { batch_size: 2 ** 53 },
    { embed_dim: 2 ** 31 },
    { epochs: '1; rm -rf /' },
    [],
    'text',
    7,
  ];
  const outcomes: (string | null)[] = [];
  for (const [i, configuration] of configurations.slice(0, count).entries()) {
    const file = join(place, 'configuration.json');
    const hasData = typeof configuration === 'object' && 'data_path' in configuration!;
    writeFileSync(file, JSON.stringify(configuration));
    const { code, stderr } = await losslab(
      home,
      'train',
      '--config',
      file,
      '--device',
      'cpu',
      ...(hasData ? [] : ['--data', 'sample']),
    );
    const problem =
      code !== 1 ? `ended with ${code}` : /^ +at |defect/m.test(stderr) ? `is told as a defect: ${stderr}` : null;
    outcomes.push(
      problem === null ? null : `configuration ${i}, ${JSON.stringify(configuration).slice(0, 100)}: ${problem}`,
    );
  }
  const elsewhere = Object.keys(filesOf(place)).filter(
    (name) => !name.startsWith('home/') && name !== 'configuration.json',
  );
  return lineOf('configurations that lead elsewhere', [
    ...outcomes,
    elsewhere.length > 0 ? `wrote ${elsewhere.join(', ')}` : null,
  ]);
}
