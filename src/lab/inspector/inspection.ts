import type { InspectedAnswer, InspectedColumn, Inspection } from '../../shared/contract/inspector.ts';
import { evaluateFullCorpus } from '../evaluation/fullCorpus.ts';
import type { ColumnSource } from './columns.ts';
import { titleOf, type InspectedSplit, type SearchedAnswers } from '../evaluation/inspectedSplit.ts';
import { firstPlaces, ranksOf } from './ranking.ts';

/** A column with what it makes of the query: a score for each document, or why there is none. */
export interface ScoredColumn {
  readonly source: ColumnSource;
  readonly outcome: { readonly row: Float32Array } | { readonly problem: NonNullable<InspectedColumn['problem']> };
}

/**
 * The documents worth looking at, with their places in every column: those among the first `top` of any
 * column, and `own`, the question's answers (best first; empty for a free query).
 */
export function assemble(
  split: InspectedSplit,
  searched: SearchedAnswers,
  scored: readonly ScoredColumn[],
  own: readonly number[],
  top: number,
): Pick<Inspection, 'answers' | 'columns'> {
  const rows = scored.flatMap(({ outcome }) => ('row' in outcome ? [outcome.row] : []));
  const shown = [...new Set([...own, ...rows.flatMap((row) => firstPlaces(row, top))])];
  const ranks = new Map(rows.map((row) => [row, ranksOf(row, shown)]));
  const order = inOrder(shown, own.length, [...ranks.values()]);
  return {
    answers: order.map((index) => describeAnswer(split, searched, shown[index]!, own)),
    columns: scored.map(({ source, outcome }) => ({
      ...describeColumn(source),
      ...('problem' in outcome
        ? { problem: outcome.problem, places: [], values: null }
        : {
            problem: null,
            places: order.map((index) => ({
              rank: ranks.get(outcome.row)![index]!,
              similarity: outcome.row[shown[index]!]!,
            })),
            values: own.length > 0 ? evaluateFullCorpus(outcome.row, own) : null,
          }),
    })),
  };
}

/** Indices of `shown`: the question's own answers as they are, the others by their best rank in any column. */
function inOrder(shown: readonly number[], own: number, ranks: readonly (readonly number[])[]): number[] {
  const best = shown.map((_, index) => Math.min(...ranks.map((each) => each[index]!)));
  const others = shown.flatMap((_, index) => (index < own ? [] : [index])).sort((a, b) => best[a]! - best[b]! || a - b);
  return [...shown.slice(0, own).keys(), ...others];
}

function describeAnswer(
  { questions, corpus }: InspectedSplit,
  { documents, owners }: SearchedAnswers,
  document: number,
  own: readonly number[],
): InspectedAnswer {
  const { id, text, score } = documents[document]!;
  const owner = questions[owners[document]!]!;
  const place = own.indexOf(document);
  return {
    id,
    text: corpus.texts[text]!,
    votes: score,
    role: place === 0 ? 'best' : place > 0 ? 'own' : 'other',
    question: { id: owner.id, title: titleOf(owner) },
  };
}

function describeColumn({
  key,
  name,
  kind,
  seed,
}: ColumnSource): Pick<InspectedColumn, 'key' | 'name' | 'kind' | 'seed'> {
  return { key, name, kind, seed };
}
