import type { StrategyName, StrategyParameters } from '../../shared/recipe.ts';
import type { CorpusQuestion } from '../data/corpus.ts';
import type { Random } from '../base/random.ts';
import type { Batch, PairBatch } from './batch.ts';
import { FalseNegatives, type FalseNegativeRule } from './falseNegatives.ts';
import type { Pair } from './pair.ts';

/** Chooses the texts and relations for a loss from the questions of one batch. */
export interface Strategy<N extends StrategyName> {
  readonly name: N;
  /** For tables and screens. */
  readonly title: string;
  /** One plain sentence: what it feeds the loss. */
  readonly description: string;
  /** Number of answers that a question needs; questions with fewer are skipped. */
  minimumAnswers(parameters: StrategyParameters[N]): 1 | 2;
  /** The batch made from these questions; null if none of them qualifies. */
  build(
    questions: readonly CorpusQuestion[],
    parameters: StrategyParameters[N],
    random: Random,
    rule: FalseNegativeRule,
  ): Batch | null;
}

/** Gives each distinct corpus text one position, in order of first use. */
export class BatchTexts {
  readonly #positions = new Map<number, number>();

  /** Position in the batch of a corpus text. */
  positionOf(text: number): number {
    const known = this.#positions.get(text);
    if (known !== undefined) return known;
    const position = this.#positions.size;
    this.#positions.set(text, position);
    return position;
  }

  /** Corpus indices by position. */
  get texts(): number[] {
    return [...this.#positions.keys()];
  }
}

/** An answer as a strategy selects it. */
export interface SelectedAnswer {
  /** Index in `Corpus.texts`. */
  readonly text: number;
  /** 0 is the best answer of its question, even if it was not selected. */
  readonly rank: number;
  readonly score: number;
}

export interface Selection {
  readonly question: CorpusQuestion;
  /** At least one. */
  readonly answers: readonly SelectedAnswer[];
}

/** All answers of a question, best first, with their votes as scores. */
export function rankedAnswers(question: CorpusQuestion): SelectedAnswer[] {
  return question.answers.map(({ text, score }, rank) => ({ text, rank, score }));
}

/** A batch of pairs: each selected question with each of its selected answers, in the order given. */
export function pairBatch(
  scope: PairBatch['scope'],
  selections: readonly Selection[],
  rule: FalseNegativeRule,
): PairBatch | null {
  if (selections.length === 0) return null;
  const texts = new BatchTexts();
  const pairs: Pair[] = [];
  selections.forEach(({ question, answers }, group) => {
    const questionPosition = texts.positionOf(question.text);
    for (const { text, rank, score } of answers) {
      pairs.push({ question: questionPosition, answer: texts.positionOf(text), group, rank, score });
    }
  });
  return {
    kind: 'pairs',
    scope,
    texts: texts.texts,
    questionIds: selections.map(({ question }) => question.id),
    documents: selections.length + pairs.length,
    pairs,
    falseNegatives: new FalseNegatives(
      selections.map(({ question }) => question),
      texts.texts,
      rule,
    ),
  };
}

/** The questions with at least this number of answers, in order. */
export function withAnswers(questions: readonly CorpusQuestion[], minimum: number): CorpusQuestion[] {
  return questions.filter(({ answers }) => answers.length >= minimum);
}
