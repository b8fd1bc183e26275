import { metricTitle } from '../../shared/metrics.ts';
import type { Contestant, Verdict } from '../../shared/verdict.ts';
import { formatDecimal } from '../../shared/format.ts';

/**
 * A verdict as a LaTeX table (booktabs): mean ± standard deviation over seeds; the best in bold;
 * † on what is detectably better than the untrained encoder, § on a recipe that is detectably better
 * than BM25, ‡ on one that is not detectably worse than the best.
 */
export function latexTable(verdict: Verdict): string {
  const title = metricTitle(verdict.metric);
  const best = verdict.contestants.find(({ kind }) => kind === 'recipe');
  const untrained = verdict.contestants.find(({ kind }) => kind === 'untrained');
  const bm25 = verdict.contestants.find(({ kind }) => kind === 'bm25');
  const beats = (one: Contestant, other: Contestant | undefined): boolean =>
    other !== undefined && one.mean > other.mean && isDetectable(verdict, one, other);
  const rows = verdict.contestants.map((contestant) => {
    const marks = [
      ...(beats(contestant, untrained) ? ['\\dagger'] : []),
      ...(contestant.kind === 'recipe' && beats(contestant, bm25) ? ['\\S'] : []),
      ...(best && contestant !== best && contestant.kind === 'recipe' && !isDetectable(verdict, contestant, best)
        ? ['\\ddagger']
        : []),
    ];
    return `${escaped(contestant.name)} & ${value(contestant, contestant === best)}${marks.length > 0 ? `$^{${marks.join('')}}$` : ''} \\\\`;
  });
  return `% ${verdict.questions} test questions; seeds: ${verdict.seeds.join(', ') || 'different ones'}. Needs \\usepackage{booktabs}.
\\begin{tabular}{lr}
\\toprule
 & ${escaped(title)} \\\\
\\midrule
${rows.join('\n')}
\\bottomrule
\\end{tabular}
% $\\dagger$: better than the untrained encoder; \\S: better than BM25; $\\ddagger$: no detectable difference
% from the best recipe (randomisation test over test questions, Holm-corrected, 0.05).
`;
}

function isDetectable({ contestants, pairs }: Verdict, one: Contestant, other: Contestant): boolean {
  const [a, b] = [contestants.indexOf(one), contestants.indexOf(other)].sort((x, y) => x - y);
  return pairs.find((pair) => pair.a === a && pair.b === b)!.detectable;
}

function value({ mean, deviation }: Contestant, bold: boolean): string {
  const figure = formatDecimal(mean, 3);
  return `${bold ? `\\textbf{${figure}}` : figure}${deviation === null ? '' : ` $\\pm$ ${formatDecimal(deviation, 3)}`}`;
}

const specials: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function escaped(text: string): string {
  return text.replace(/[\\~^]|[&%$#_{}]/g, (character) => specials[character] ?? `\\${character}`);
}
