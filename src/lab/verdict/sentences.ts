import { metricTitle } from '../../shared/metrics.ts';
import type { Contestant, PairVerdict, Verdict } from '../../shared/verdict.ts';
import { formatAmount, formatDecimal, formatProbability } from '../../shared/format.ts';
import { andList } from '../../shared/andList.ts';

type Judged = Pick<Verdict, 'metric' | 'questions' | 'seeds' | 'contestants' | 'pairs'>;

/** A verdict as text: which recipe is best, then how it compares with the untrained encoder and BM25. */
export function verdictSentences(judged: Judged): string[] {
  return new Wording(judged).sentences();
}

class Wording {
  readonly #judged: Judged;
  readonly #recipes: readonly Contestant[];
  readonly #untrained: Contestant | undefined;
  readonly #bm25: Contestant | undefined;
  /** Seeds and questions are the same in every sentence, so only the first figure states them. */
  #hasSaidExtent = false;

  constructor(judged: Judged) {
    this.#judged = judged;
    const ofKind = (kind: Contestant['kind']): Contestant[] =>
      judged.contestants.filter((contestant) => contestant.kind === kind);
    this.#recipes = ofKind('recipe');
    this.#untrained = ofKind('untrained')[0];
    this.#bm25 = ofKind('bm25')[0];
  }

  sentences(): string[] {
    const [best] = this.#recipes;
    if (!best) return [];
    return [...this.#against(best), ...this.#worseThanUntrained(best), ...this.#againstBm25(best)];
  }

  #against(best: Contestant): string[] {
    const untrained = this.#untrained;
    if (untrained && this.#advantage(best, untrained) <= 0) return [this.#noGain(best, untrained)];
    if (untrained && !this.#isDetectable(best, untrained)) {
      return [
        `No loss is detectably better than the untrained encoder: the best, ${best.name}, gains ${this.#amount(best, untrained)}${this.#withinChance(best, untrained)}.`,
      ];
    }
    const among = this.#recipes.length > 1 ? this.#amongRecipes(best) : [];
    return untrained
      ? [...among, `${best.name} beats the untrained encoder by ${this.#amount(best, untrained)}.`]
      : among;
  }

  #noGain(best: Contestant, untrained: Contestant): string {
    const allWorse = this.#recipes.every((recipe) => this.#isDetectable(recipe, untrained));
    const beginning = allWorse
      ? 'Every loss is worse than the untrained encoder'
      : 'No loss is better than the untrained encoder';
    return `${beginning}: the best, ${best.name}, ${this.#advantage(best, untrained) === 0 ? 'equals it' : `loses ${this.#amount(untrained, best)}`}.`;
  }

  #amongRecipes(best: Contestant): string[] {
    const others = this.#recipes.slice(1);
    const equal = others.filter((other) => !this.#isDetectable(best, other));
    const beaten = others.filter((other) => this.#isDetectable(best, other));
    const second = equal[0];
    const next = beaten[0];
    if (!second)
      return [
        `${best.name} beats ${others.length === 1 ? next!.name : `every other loss; the next, ${next!.name},`} by ${this.#amount(best, next!)}.`,
      ];
    const lead = `No detectable difference between ${andList([best, ...equal].map(({ name }) => name))}: ${best.name} leads ${second.name} by ${this.#amount(best, second)}${this.#withinChance(best, second)}.`;
    if (!next) return [lead];
    return [
      lead,
      `${best.name} beats ${beaten.length === 1 ? next.name : `the other ${beaten.length}; the next of them, ${next.name},`} by ${this.#amount(best, next)}.`,
    ];
  }

  #worseThanUntrained(best: Contestant): string[] {
    const untrained = this.#untrained;
    if (!untrained || this.#advantage(best, untrained) <= 0) return [];
    const worse = this.#recipes.filter(
      (recipe) => this.#advantage(recipe, untrained) < 0 && this.#isDetectable(recipe, untrained),
    );
    return worse.length === 0 ? [] : [`Worse than the untrained encoder: ${andList(worse.map(({ name }) => name))}.`];
  }

  #againstBm25(best: Contestant): string[] {
    const bm25 = this.#bm25;
    if (!bm25) return [];
    if (!this.#isDetectable(best, bm25))
      return [`No detectable difference between ${best.name} and BM25, which is not trained.`];
    return this.#advantage(best, bm25) > 0
      ? [`${best.name} beats BM25 by ${this.#amount(best, bm25)}.`]
      : [`BM25, which is not trained, beats ${best.name} by ${this.#amount(bm25, best)}.`];
  }

  #pair(one: Contestant, other: Contestant): PairVerdict {
    const [first, second] = [one, other]
      .map((contestant) => this.#judged.contestants.indexOf(contestant))
      .sort((a, b) => a - b);
    return this.#judged.pairs.find(({ a, b }) => a === first && b === second)!;
  }

  #isDetectable(one: Contestant, other: Contestant): boolean {
    return this.#pair(one, other).detectable;
  }

  /** An interval is about one pair. If it excludes 0 and the difference is still not detectable, this explains why. */
  #withinChance(higher: Contestant, lower: Contestant): string {
    const { low, adjustedP } = this.#pair(higher, lower);
    return low > 0
      ? `, which could be chance: with ${formatAmount(this.#judged.pairs.length, 'comparison')}, a difference this large can be expected (p ${formatProbability(adjustedP)})`
      : '';
  }

  #advantage(one: Contestant, other: Contestant): number {
    return one.mean - other.mean;
  }

  /** How much the first has more than the second: "0.021 MRR@10 (95 % interval 0.008 to 0.034; 3 seeds; 612 questions)". */
  #amount(higher: Contestant, lower: Contestant): string {
    const { metric, questions, seeds } = this.#judged;
    const title = metricTitle(metric);
    const { low, high } = this.#pair(higher, lower);
    const extent = this.#hasSaidExtent
      ? []
      : [...(seeds.length > 0 ? [formatAmount(seeds.length, 'seed')] : []), formatAmount(questions, 'question')];
    this.#hasSaidExtent = true;
    const about = [`95 % interval ${formatDecimal(low, 3)} to ${formatDecimal(high, 3)}`, ...extent];
    return `${formatDecimal(this.#advantage(higher, lower), 3)} ${title} (${about.join('; ')})`;
  }
}
