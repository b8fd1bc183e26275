import type { MapPoint } from '../../shared/contract/map.ts';
import type { CorpusQuestion } from '../data/corpus.ts';
import { randomStream, shuffled } from '../base/random.ts';

/** A point of a map with its whole text, a number of the corpus. */
export interface SampledPoint extends Omit<MapPoint, 'text'> {
  readonly text: number;
}

/**
 * Test questions, drawn without regard to what they are, each with all its answers (a post listed twice is one point), as long
 * as no more than `limit` points come together. In the order of the test split; always the same for the same questions.
 */
export function sampleQuestions(questions: readonly CorpusQuestion[], limit: number): SampledPoint[] {
  const drawn = new Set<number>();
  let points = 0;
  for (const index of shuffled([...questions.keys()], randomStream(0, 'map', 'questions'))) {
    const count = 1 + distinctAnswers(questions[index]!).length;
    if (points + count > limit) continue;
    points += count;
    drawn.add(index);
  }
  const sampled: SampledPoint[] = [];
  for (const question of questions.filter((_, index) => drawn.has(index))) {
    const place = sampled.length;
    sampled.push({ kind: 'question', id: question.id, text: question.text, question: place, votes: null, best: false });
    for (const [rank, { id, text, score }] of distinctAnswers(question).entries()) {
      sampled.push({ kind: 'answer', id, text, question: place, votes: score, best: rank === 0 });
    }
  }
  return sampled;
}

function distinctAnswers({ answers }: CorpusQuestion): CorpusQuestion['answers'] {
  return [...new Map(answers.toReversed().map((answer) => [`${answer.text}/${answer.id}`, answer])).values()].reverse();
}
