import { beforeAll, describe, expect, test } from 'vitest';
import { partsOf } from '../../../../src/lab/training/batchPart.ts';
import type { TrainingState } from '../../../../src/lab/training/state.ts';
import { parameterGroups } from '../../../../src/lab/training/parameterGroups.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { lossNames } from '../../../../src/shared/recipe.ts';
import { testedDevices } from '../../../helpers/graph.ts';
import { tinyBert, tinyConfigurations, tinyEncoder } from '../../../helpers/tinyEncoders.ts';
import { choiceOf, tinyBatch, trainTiny, type Trained } from '../../../helpers/tinySteps.ts';

/** ‖a − b‖ / ‖b‖ over all gradients: after one step from zero the first moment is a tenth of each. */
function gradientError(found: TrainingState, expected: TrainingState): number {
  let [difference, size] = [0, 0];
  for (const [name, values] of expected.first) {
    values.forEach((value, i) => {
      difference += (found.first.get(name)![i]! - value) ** 2;
      size += value ** 2;
    });
  }
  expect(size).toBeGreaterThan(1e-12);
  return Math.sqrt(difference / size);
}

function expectSameFigures(found: Trained, expected: Trained): void {
  found.figures.forEach(({ loss, gradientNorm, metrics }, i) => {
    const figures = expected.figures[i]!;
    expect(loss / figures.loss).toBeCloseTo(1, 5);
    expect(gradientNorm / figures.gradientNorm).toBeCloseTo(1, 5);
    expect(Object.keys(metrics)).toEqual(Object.keys(figures.metrics));
    for (const [name, value] of Object.entries(metrics)) expect(value, name).toBeCloseTo(figures.metrics[name]!, 5);
  });
}

const encoders = {
  ...Object.fromEntries(Object.entries(tinyConfigurations).map(([name, raw]) => [name, () => tinyEncoder(raw)])),
  'bert, mean': () => tinyBert('mean'),
  'bert, cls': () => tinyBert('cls'),
};

describe('the gradients are those of the whole batch', () => {
  // A loss sees embeddings only: the quickest encoder stands for all, which come below with dropout.
  test.each(lossNames)('for the loss %s', async (loss) => {
    const encoder = tinyEncoder(tinyConfigurations['static with a projection']!);
    const design = { loss: choiceOf(loss) };
    const whole = await trainTiny(encoder, design);
    const cached = await trainTiny(encoder, { ...design, cacheBatch: 5 });
    expectSameFigures(cached, whole);
    expect(gradientError(cached.state, whole.state)).toBeLessThan(1e-5);
  });

  test.each(Object.entries(encoders))('for the encoder %s, with dropout where it has some', async (name, make) => {
    const dropout = name.startsWith('static') ? 0 : 0.3;
    const whole = await trainTiny(make(), { dropout });
    const cached = await trainTiny(make(), { dropout, cacheBatch: 5 });
    expectSameFigures(cached, whole);
    expect(gradientError(cached.state, whole.state)).toBeLessThan(1e-5);
  });

  describe('whatever the size of the parts', () => {
    const encoder = tinyBert('cls');
    const design = { dropout: 0.2 };
    let whole: Trained;
    beforeAll(async () => {
      whole = await trainTiny(encoder, design);
    });

    test.each([1, 4, 7, 12, 1000])('in parts of %d texts', async (cacheBatch) => {
      const cached = await trainTiny(encoder, { ...design, cacheBatch });
      expect(gradientError(cached.state, whole.state)).toBeLessThan(1e-5);
    });

    test('and another mask gives others: the comparison would notice one that is not the same', async () => {
      const other = await trainTiny(encoder, { ...design, cacheBatch: 5 }, 1, { dropoutSeed: 2 });
      expect(gradientError(other.state, whole.state)).toBeGreaterThan(1e-2);
    });
  });

  test('step after step: sums of one step are not in the next', async () => {
    const encoder = tinyEncoder(tinyConfigurations['mini, mean']!);
    const [whole, cached] = [
      await trainTiny(encoder, { dropout: 0.1 }, 6),
      await trainTiny(encoder, { dropout: 0.1, cacheBatch: 5 }, 6),
    ];
    expectSameFigures(cached, whole);
  });

  test('with frozen layers, a rate for each layer, and clipping', async () => {
    const encoder = tinyBert('mean');
    const { training } = resolveConfiguration({
      encoder: './weights',
      freeze_embeddings: true,
      freeze_layers: 1,
      layer_decay: 0.5,
      decay_bias_and_norm: false,
    });
    const design = { dropout: 0.1, groups: parameterGroups(encoder.encoder, training) };
    const whole = await trainTiny(encoder, design, 3, { maxGradientNorm: 0.5 });
    const cached = await trainTiny(encoder, { ...design, cacheBatch: 5 }, 3, { maxGradientNorm: 0.5 });
    expectSameFigures(cached, whole);
    expect([...cached.state.first.keys()]).toEqual([...whole.state.first.keys()]);
  });
});

test('the same run gives the same bits', async () => {
  const train = async (): Promise<TrainingState> =>
    (await trainTiny(tinyBert('mean'), { dropout: 0.1, cacheBatch: 5 }, 3)).state;
  expect(await train()).toEqual(await train());
});

test('a loss that is not finite is reported with its value', async () => {
  const { encoder, weights } = tinyBert('mean');
  weights.get('embeddings.word_embeddings.weight')!.fill(NaN);
  const { figures } = await trainTiny({ encoder, weights }, { cacheBatch: 5 });
  expect(figures[0]!.loss).toBeNaN();
  expect(figures[0]!.gradientNorm).toBeNaN();
});

test('parts hold every text once, those of about the same length together', () => {
  const { texts } = tinyBatch();
  const parts = partsOf(texts, 5);
  expect(parts.map(({ places }) => places.length)).toEqual([5, 5, 2]);
  expect(parts.flatMap(({ places }) => places).sort((a, b) => a - b)).toEqual(texts.map((_, i) => i));
  for (const { places, texts: own } of parts) places.forEach((place, i) => expect(own[i]).toBe(texts[place]));
  const lengths = parts.flatMap(({ texts: own }) => own.map((ids) => ids.length));
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
});

describe.each(testedDevices.filter((device) => device !== 'cpu'))('gradient caching on %s', (device) => {
  test('two steps with dropout and a frozen layer are those of the CPU', { timeout: 120_000 }, async () => {
    const encoder = tinyEncoder(tinyConfigurations['distilbert, cls']!);
    const { training } = resolveConfiguration({ encoder: './weights', freeze_layers: 1, layer_decay: 0.9 });
    const design = { dropout: 0.2, groups: parameterGroups(encoder.encoder, training), cacheBatch: 5 };
    const expected = await trainTiny(encoder, design, 2);
    const found = await trainTiny(encoder, { ...design, device }, 2);
    found.figures.forEach(({ loss, gradientNorm }, i) => {
      expect(loss / expected.figures[i]!.loss).toBeCloseTo(1, 4);
      expect(gradientNorm / expected.figures[i]!.gradientNorm).toBeCloseTo(1, 3);
    });
    expect(gradientError(found.state, expected.state)).toBeLessThan(1e-3);
    for (const [name, values] of encoder.weights)
      if (!design.groups.has(name)) expect(found.state.parameter.get(name)).toEqual(values);
  });
});
