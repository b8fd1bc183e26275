import { describe, expect, test } from 'vitest';
import type { HealthEvaluation, HealthStep } from '../../../../src/lab/health/detector.ts';
import { HealthGuard } from '../../../../src/lab/health/healthGuard.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import type { Diagnostics } from '../../../../src/shared/diagnostics.ts';
import { lossParameters, type LossChoice } from '../../../../src/shared/recipe.ts';

const infonce: LossChoice = { name: 'infonce', parameters: lossParameters.infonce.parse({}) };
const triplet = (given: object = {}): LossChoice => ({
  name: 'batch_triplet',
  parameters: lossParameters.batch_triplet.parse({ margin: 0.5, ...given }),
});

const step = (number: number, change: Partial<HealthStep> = {}): HealthStep => ({
  step: number,
  loss: 1,
  gradient_norm: 1,
  metrics: {},
  ...change,
});

function diagnosed(meanCosine: number, effectiveRank: number, pairs = 64): Diagnostics {
  const figures = {
    alignment: 0.5,
    uniformity: -1,
    mean_cosine: meanCosine,
    effective_rank: effectiveRank,
    in_batch_margin: 0,
    hard_margin: 0,
  };
  return { pairs, figures, margins: { in_batch: [], hard: [] } };
}

/** `mrr@10` of 50 questions around a level, the same questions better or worse each time. */
function evaluation(number: number, level: number, change: Partial<HealthEvaluation> = {}): HealthEvaluation {
  const random = randomStream(1, 'sample');
  const values = Float32Array.from({ length: 50 }, () => level + 0.1 * random.normal());
  return {
    step: number,
    metrics: { 'mrr@10': values.reduce((sum, value) => sum + value, 0) / 50 },
    per_query: { question_ids: Array.from(values, (_, i) => `q${i}`), values: { 'mrr@10': values } },
    ...change,
  };
}

type Happening = HealthStep | HealthEvaluation;

/** What a guard finds, as kind and step. */
function findings(loss: LossChoice, happenings: readonly Happening[]): [string, number][] {
  const guard = new HealthGuard(loss);
  return happenings
    .flatMap((each) => ('per_query' in each ? guard.onEvaluation(each) : guard.onStep(each)))
    .map(({ kind, step: at, message, fix }) => {
      expect(message).toMatch(/\d/);
      expect(fix).not.toBe('');
      return [kind, at];
    });
}

const many = (count: number, make: (number: number) => Happening): Happening[] =>
  Array.from({ length: count }, (_, i) => make(i + 1));

describe('collapse', () => {
  const at = (number: number, cosine: number, rank: number): HealthEvaluation =>
    evaluation(number, 0.3, { diagnostics: diagnosed(cosine, rank) });

  test.each<[string, HealthEvaluation[], [string, number][]]>([
    ['one point', [at(0, 0.3, 40), at(5, 0.999, 1.2)], [['collapse', 5]]],
    ['one line, the untrained encoder unknown', [at(5, 0.2, 1.3)], [['collapse', 5]]],
    ['nearly one point, twice', [at(0, 0.6, 40), at(5, 0.97, 8), at(10, 0.97, 8)], [['collapse', 10]]],
    ['a few dimensions, twice', [at(0, 0.3, 40), at(5, 0.4, 3), at(10, 0.4, 3)], [['collapse', 10]]],
    [
      'nearly one point on the way to somewhere else',
      [at(0, 0.6, 40), at(5, 0.97, 8), at(10, 0.7, 20), at(15, 0.97, 20)],
      [],
    ],
    ['alike from the start, as pretrained encoders are', [at(0, 0.96, 12), at(5, 0.97, 11), at(10, 0.98, 11)], []],
    ['few dimensions from the start', [at(0, 0.1, 3.9), at(5, 0.1, 3.5), at(10, 0.1, 3.5)], []],
    ['a healthy run', [at(0, 0.08, 186), at(5, 0.003, 188), at(10, 0.12, 184)], []],
  ])('%s', (_, evaluations, expected) => {
    expect(findings(infonce, evaluations)).toEqual(expected);
  });

  test('of a handful of pairs nothing is said, nor of evaluations without diagnostics', () => {
    expect(findings(infonce, [evaluation(5, 0.3, { diagnostics: diagnosed(1, 1, 7) }), evaluation(10, 0.3)])).toEqual(
      [],
    );
  });
});

describe('stuck at the margin', () => {
  const alike = { avg_pos_sim: 0.999, avg_neg_sim: 0.999 };

  test('30 steps at the margin with everything alike', () => {
    expect(
      findings(
        triplet(),
        many(40, (number) => step(number, { loss: 0.4995, metrics: alike })),
      ),
    ).toEqual([['stuck_at_margin', 30]]);
  });

  test.each<[string, LossChoice, (number: number) => Partial<HealthStep>]>([
    [
      'at the margin while texts are apart: it has only begun',
      triplet(),
      () => ({ loss: 0.5, metrics: { avg_pos_sim: 0.1, avg_neg_sim: 0.1 } }),
    ],
    ['at the margin now and then', triplet(), (number) => ({ loss: number % 20 === 0 ? 0.3 : 0.5, metrics: alike })],
    ['without a hinge', triplet({ soft_margin: true }), () => ({ loss: 0.5, metrics: alike })],
    ['a loss without a margin', infonce, () => ({ loss: 0.5, metrics: alike })],
  ])('not %s', (_, loss, change) => {
    expect(
      findings(
        loss,
        many(60, (number) => step(number, change(number))),
      ),
    ).toEqual([]);
  });
});

describe('exploding gradients', () => {
  const norms = (of: (number: number) => number, count = 200): [string, number][] =>
    findings(
      infonce,
      many(count, (number) => step(number, { gradient_norm: of(number) })),
    );

  test('three times a hundredfold', () => {
    expect(norms((number) => ([50, 60, 70].includes(number) ? 150 : 1))).toEqual([['exploding_gradients', 70]]);
  });

  test('without an end', () => {
    expect(norms((number) => (number > 40 ? 1000 : 2))).toEqual([['exploding_gradients', 43]]);
  });

  test.each<[string, (number: number) => number]>([
    ['twice', (number) => ([50, 60].includes(number) ? 150 : 1)],
    ['three times, far apart', (number) => ([30, 140, 199].includes(number) ? 150 : 1)],
    ['tenfold, often', (number) => (number % 5 === 0 ? 10 : 1)],
    ['at the very beginning', (number) => (number < 10 ? 1000 : 1)],
    ['most batches are satisfied, a few are not', (number) => (number % 10 === 0 ? 0.3 : 0)],
    ['back to what it was after nearly converging', (number) => (number > 100 && number % 7 !== 0 ? 1e-5 : 1)],
    ['not a number: the run fails', () => NaN],
  ])('not where it happens %s', (_, of) => {
    expect(norms(of)).toEqual([]);
  });
});

describe('loss without retrieval', () => {
  /** Stretches of ten steps with a loss, each followed by an evaluation; the first is the untrained encoder. */
  function story(levels: readonly number[], losses: readonly number[]): Happening[] {
    return levels.flatMap((level, i) => [
      ...(i === 0 ? [] : many(10, (number) => step(10 * (i - 1) + number, { loss: losses[i - 1]! }))),
      evaluation(10 * i, level),
    ]);
  }

  test.each<[string, number[], number[], [string, number][]]>([
    [
      'below the untrained encoder from the start',
      [0.5, 0.3, 0.3, 0.3, 0.2],
      [4, 3, 2, 1],
      [['loss_without_retrieval', 30]],
    ],
    ['a peak, then down', [0.3, 0.5, 0.4, 0.35, 0.3], [4, 3, 2, 1], [['loss_without_retrieval', 40]]],
    ['the loss does not fall', [0.5, 0.3, 0.3, 0.3, 0.3], [1, 1, 1, 1.1], []],
    ['retrieval comes back', [0.5, 0.4, 0.4, 0.55, 0.6], [4, 3, 2, 1], []],
    ['too early to tell', [0.5, 0.3, 0.3], [4, 3], []],
    ['a healthy run', [0.3, 0.4, 0.45, 0.5, 0.5], [4, 3, 2, 1], []],
  ])('%s', (_, levels, losses, expected) => {
    expect(findings(infonce, story(levels, losses))).toEqual(expected);
  });

  test('a fall that chance explains is none', () => {
    const noisy = (number: number, seed: number): HealthEvaluation => {
      const random = randomStream(seed, 'sample');
      const values = Float32Array.from({ length: 50 }, () => Number(random.next() < 0.5));
      return {
        ...evaluation(number, 0),
        metrics: { 'mrr@10': values.reduce((sum, value) => sum + value, 0) / 50 },
        per_query: { question_ids: Array.from(values, (_, i) => `q${i}`), values: { 'mrr@10': values } },
      };
    };
    for (let seed = 0; seed < 200; seed++) {
      const happenings = [0, 1, 2, 3, 4, 5].flatMap((i) => [
        ...many(10, (number) => step(10 * i + number, { loss: 5 - i })),
        noisy(10 * (i + 1), 10 * seed + i),
      ]);
      expect(findings(infonce, happenings)).toEqual([]);
    }
  });
});

test('each kind once, however long it lasts', () => {
  const point = (number: number): HealthEvaluation => evaluation(number, 0.3, { diagnostics: diagnosed(1, 1) });
  expect(findings(infonce, [point(1), point(2), point(3)])).toEqual([['collapse', 1]]);
});
