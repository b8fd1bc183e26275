import type { ComparedRun } from '../comparison.ts';
import { bandTitles, type BandKind } from '../spread.ts';
import type { SpreadTitle } from '../charts/chart.ts';
import type { SeriesStyle } from '../charts/palette.ts';
import { isBaseline, type Row } from './rows.ts';

/** What is drawn as one line or bar: a run, or the runs of a recipe with a band around their mean. */
export interface CurveGroup {
  readonly id: string;
  readonly name: string;
  readonly style: SeriesStyle;
  readonly runs: readonly ComparedRun[];
}

/** What stands around a mean; `runs`: no mean, but each run alone. */
export type BandChoice = BandKind | 'runs';

export function groupsOf(
  rows: readonly Row[],
  chosen: ReadonlySet<string>,
  styles: ReadonlyMap<string, SeriesStyle>,
  band: BandChoice,
): CurveGroup[] {
  return rows
    .filter((row) => !isBaseline(row) && chosen.has(row.id))
    .flatMap(({ id, name, runs }): CurveGroup[] => {
      const style = styles.get(id)!;
      if (band !== 'runs') return [{ id, name, style, runs }];
      return runs.map((run) => ({ id: run.id, name: run.name, style, runs: [run] }));
    });
}

/** What a chart says of its bands and error bars; nothing where every group is one run. */
export function spreadTitle(
  groups: readonly { readonly runs: readonly unknown[] }[],
  band: BandChoice,
): { spread?: SpreadTitle } {
  if (band === 'runs' || groups.every(({ runs }) => runs.length < 2)) return {};
  return { spread: { title: bandTitles[band], symmetric: band !== 'range' } };
}
