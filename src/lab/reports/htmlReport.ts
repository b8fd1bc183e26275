import type { Bm25Baseline, Comparison } from '../../shared/comparison.ts';
import { momentTitles } from '../../shared/comparison/best.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { list, picture, plain, section, table, text } from './html.ts';
import { comparisonTable, hashes, leaderboards, settings } from './htmlRuns.ts';
import { extent, matrix, standings } from './htmlVerdict.ts';

/** What a report is made of. */
export interface ReportContent {
  readonly title: string;
  readonly verdict: Verdict;
  readonly comparison: Comparison;
  readonly bm25: readonly Bm25Baseline[];
  /** PNG pictures: bars and learning curves, and quality against time. */
  readonly chart: Uint8Array;
  readonly frontier: Uint8Array;
  /** Of what the runs were trained and judged with: version, machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly attribution: string | null;
  /** ISO 8601. */
  readonly made: string;
}

/**
 * A report as one HTML file that needs nothing else: no scripts, no network, pictures inside. Texts
 * of people (names, attribution) are shown as text.
 */
export function htmlReport(content: ReportContent): string {
  const { title, verdict } = content;
  const [headline = '', ...sentences] = verdict.sentences;
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
<p class="headline">${text(headline)}</p>
${sentences.map((sentence) => `<p>${text(sentence)}</p>`).join('\n')}
${list([...new Set([...verdict.warnings, ...content.comparison.warnings, ...verdict.notes])])}
</section>
${sections(content).join('\n')}
</main>
</body>
</html>
`;
}

function sections({
  verdict,
  comparison,
  bm25,
  chart,
  frontier,
  environment,
  attribution,
  made,
}: ReportContent): string[] {
  return [
    section('Contestants', standings(verdict), extent(verdict)),
    section(
      'Every pair',
      matrix(verdict),
      'Row minus column: how much better the row is, with the 95 % interval of the difference (paired bootstrap) and p (randomisation test, Holm). Bold: larger than chance explains.',
    ),
    section('Curves and metrics', picture(chart, 'Bars of metrics and learning curves of all recipes')),
    section(
      'Recipes',
      comparisonTable(comparison, bm25, 'recipe'),
      `${momentTitles.last}; mean ± standard deviation over seeds. Negatives: other texts that the loss pushes away from a question. Bold: the highest of its column.`,
    ),
    section(
      'At equal compute',
      leaderboards(comparison, verdict.metric),
      'Each column is an order of its own. Limits: what the run that used least had used at its last evaluation.',
    ),
    section(
      'What quality costs',
      picture(
        frontier,
        'Quality of all recipes against seconds of training, with the frontier of what nothing cheaper equals',
      ),
    ),
    section('Runs', comparisonTable(comparison, bm25, 'run'), `${momentTitles.best}. Bold: the highest of its column.`),
    section('Settings', settings(comparison)),
    section(
      'What makes them comparable',
      hashes(comparison.runs),
      'Runs with equal hashes had the same data, split, batches, initial weights and tokenizer.',
    ),
    section(
      'Where and when',
      table(
        [plain('What'), plain('')],
        Object.entries({ ...environment, 'Report made': made }).map(([key, value]) => [plain(key), plain(value)]),
      ),
    ),
    ...(attribution === null ? [] : [section('Data', `<p>${text(attribution)}</p>`)]),
  ];
}

const style = `
:root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; }
main { max-width: 1100px; margin: 0 auto; padding: 24px; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.headline { font-size: 1.15rem; font-weight: 600; } .note { color: #57606a; font-size: 0.9rem; }
.frame { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.9rem; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid #d8dee4; text-align: left; vertical-align: top; }
tbody th { min-width: 11rem; } .numeric { text-align: right; font-variant-numeric: tabular-nums; white-space: pre; } thead th.numeric { white-space: normal; }
img { max-width: 100%; } @media print { section { break-inside: avoid; } }
`;
