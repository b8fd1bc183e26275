import { multiply, square, subtract } from '../graph/operators/elementwise.ts';
import { float32 } from '../graph/hostTensor.ts';
import { gatherRows } from '../graph/operators/indexing.ts';
import { meanAll, squeeze, sumAll } from '../graph/operators/reduction.ts';
import { pairsByGroup } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';
import { indices } from './matrix.ts';
import { Negatives } from './negatives.ts';
import { scaledScores } from './scores.ts';
import { reduceSum } from '../graph/operators/broadcast.ts';

/**
 * (similarity − score)², averaged over pairs. With `normalize`, scores are scaled to [0, 1] within their question, so
 * that the target is 1 for the best answer and 0 for the worst; without it, the raw votes are the target, which a
 * similarity reaches only between −1 and 1.
 */
export const meanSquaredError: Loss<'mse'> = {
  name: 'mse',
  title: 'Regression on votes',
  description: 'The similarity of a question and an answer must equal the votes of that answer, scaled to 0…1.',
  fits: 'Questions with several answers, and votes that are worth predicting. The loss has no negatives from other questions.',
  build: (embeddings) => {
    const { graph } = embeddings;
    const questions = gatherRows(embeddings, graph.input('loss.questions', 'int32', ['pairs']));
    const answers = gatherRows(embeddings, graph.input('loss.answers', 'int32', ['pairs']));
    const similarity = squeeze(reduceSum(multiply(questions, answers), [-1]), [-1]);
    return {
      loss: meanAll(square(subtract(similarity, graph.input('loss.scores', 'float32', ['pairs'])))),
      metrics: {
        avg_pos_sim: sumAll(multiply(similarity, graph.input('loss.best', 'float32', ['pairs']))),
        avg_neg_sim: sumAll(multiply(similarity, graph.input('loss.others', 'float32', ['pairs']))),
      },
    };
  },
  feed: (batch, { normalize }) => {
    const pairBatch = pairsOf(batch);
    const { pairs } = pairBatch;
    const aims = normalize ? scaledScores(pairs) : pairs.map(({ score }) => score);
    const negatives = new Negatives(pairBatch);
    for (const members of pairsByGroup(pairs)) {
      const highest = Math.max(...members.map((i) => aims[i]!));
      members.filter((i) => aims[i]! < highest).forEach((i) => negatives.push(pairs[i]!));
    }
    const isBest = pairs.map(({ rank }) => rank === 0);
    return {
      inputs: {
        'loss.questions': indices(pairs.map(({ question }) => question)),
        'loss.answers': indices(pairs.map(({ answer }) => answer)),
        'loss.scores': vector(aims),
        'loss.best': vector(sharesOf(isBest)),
        'loss.others': vector(sharesOf(isBest.map((best) => !best))),
      },
      metrics: {},
      negatives: negatives.figures,
    };
  },
};

/** Weights that average over the marked pairs; all 0 if none is marked. */
function sharesOf(marked: readonly boolean[]): number[] {
  const count = marked.filter(Boolean).length;
  return marked.map((mark) => (mark ? 1 / count : 0));
}

function vector(values: readonly number[]) {
  return float32(Float32Array.from(values), [values.length]);
}
