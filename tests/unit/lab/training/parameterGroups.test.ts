import { describe, expect, test } from 'vitest';
import { parameterGroups } from '../../../../src/lab/training/parameterGroups.ts';
import {
  resolveConfiguration,
  type RawConfiguration,
  type TrainingConfiguration,
} from '../../../../src/shared/configuration.ts';
import type { Encoder, Weights } from '../../../../src/lab/encoders/encoder.ts';
import { tinyBert, tinyConfigurations, tinyEncoder } from '../../../helpers/tinyEncoders.ts';
import { trainTiny } from '../../../helpers/tinySteps.ts';

const bert = tinyBert('mean');
/** Two layers and no projection, as a sentence encoder of the Hub. */
const withoutHead = tinyEncoder({ ...tinyConfigurations['distilbert, mean'], projection_dim: null });

function training(raw: RawConfiguration): TrainingConfiguration {
  return resolveConfiguration({ encoder: './weights', ...raw }).training;
}

function groupsOf(raw: RawConfiguration, { encoder }: { encoder: Encoder } = bert) {
  return parameterGroups(encoder, training(raw));
}

describe('which parameters are trained, and how', () => {
  test('by default all of them alike', () => {
    expect([...groupsOf({})]).toEqual(bert.encoder.parameters.map(({ name }) => [name, { rate: 1, decays: true }]));
  });

  test('frozen embeddings are the tables and their normalisation', () => {
    const groups = groupsOf({ freeze_embeddings: true });
    expect(bert.encoder.parameters.filter(({ name }) => !groups.has(name)).map(({ name }) => name)).toEqual([
      'embeddings.word_embeddings.weight',
      'embeddings.position_embeddings.weight',
      'embeddings.token_type_embeddings.weight',
      'embeddings.LayerNorm.weight',
      'embeddings.LayerNorm.bias',
    ]);
  });

  test('frozen layers are counted from the lowest', () => {
    const groups = groupsOf({ freeze_layers: 1 });
    expect(
      bert.encoder.parameters
        .filter(({ name }) => !groups.has(name))
        .every(({ name }) => name.startsWith('encoder.layer.0.')),
    ).toBe(true);
    expect(
      bert.encoder.parameters
        .filter(({ name }) => name.startsWith('encoder.layer.1.'))
        .every(({ name }) => groups.has(name)),
    ).toBe(true);
    expect([...groupsOf({ freeze_embeddings: true, freeze_layers: 2 }).keys()]).toEqual([
      'projection.weight',
      'projection.bias',
    ]);
  });

  test('each layer has the rate of the one above times the factor, the projection the full one', () => {
    const groups = groupsOf({ layer_decay: 0.8 });
    const rate = (name: string) => groups.get(name)!.rate;
    expect(rate('projection.weight')).toBe(1);
    expect(rate('encoder.layer.1.output.dense.weight')).toBeCloseTo(0.8, 12);
    expect(rate('encoder.layer.0.attention.self.query.bias')).toBeCloseTo(0.64, 12);
    expect(rate('embeddings.word_embeddings.weight')).toBeCloseTo(0.512, 12);
    expect(rate('embeddings.LayerNorm.weight')).toBeCloseTo(0.512, 12);
  });

  test('without decay of biases and norms, matrices and tables still decay', () => {
    const groups = groupsOf({ decay_bias_and_norm: false });
    for (const [name, { decays }] of groups)
      expect(decays, name).toBe(!name.endsWith('.bias') && !name.includes('LayerNorm'));
  });
});

describe('what is frozen too far is refused with the reason', () => {
  test('more layers than there are', () => {
    expect(() => groupsOf({ freeze_layers: 3 })).toThrow(
      expect.objectContaining({
        name: 'LabError',
        code: 'configuration',
        message: 'freeze_layers is 3, but the encoder has 2 layers.',
      }),
    );
  });

  test('everything, where there is no projection', () => {
    expect(() => groupsOf({ freeze_embeddings: true, freeze_layers: 2 }, withoutHead)).toThrow(
      /freeze the whole encoder/,
    );
    expect(groupsOf({ freeze_layers: 2 }, withoutHead).size).toBeGreaterThan(0);
  });
});

/** How far each parameter is from where it began: the greatest of its elements. */
function moved(before: Weights, after: Weights): Map<string, number> {
  return new Map(
    Array.from(before, ([name, values]) => [
      name,
      values.reduce((most, value, i) => Math.max(most, Math.abs(after.get(name)![i]! - value)), 0),
    ]),
  );
}

describe('in training', () => {
  test.each([null, 5])(
    'what is frozen keeps its bits and has no moments; all else moves (parts: %s)',
    async (cacheBatch) => {
      const groups = groupsOf({ freeze_embeddings: true, freeze_layers: 1 });
      const { state } = await trainTiny(bert, { groups, dropout: 0.1, cacheBatch }, 5);
      for (const [name, distance] of moved(bert.weights, state.parameter)) {
        if (groups.has(name)) expect(distance, name).toBeGreaterThan(0);
        else expect(state.parameter.get(name), name).toEqual(bert.weights.get(name));
      }
      expect([...state.first.keys()]).toEqual([...groups.keys()]);
      expect([...state.second.keys()]).toEqual([...groups.keys()]);
    },
  );

  test('the gradients of what is trained are those of the whole encoder', async () => {
    const groups = groupsOf({ freeze_embeddings: true, freeze_layers: 1 });
    const [some, all] = [await trainTiny(bert, { groups }), await trainTiny(bert)];
    for (const [name, gradient] of some.state.first)
      gradient.forEach((value, i) => expect(value).toBeCloseTo(all.state.first.get(name)![i]!, 6));
    expect(some.figures[0]!.loss).toBe(all.figures[0]!.loss);
    expect(some.figures[0]!.gradientNorm).toBeLessThan(all.figures[0]!.gradientNorm);
  });

  test('the first step moves each layer by its own rate', async () => {
    const { state } = await trainTiny(bert, { groups: groupsOf({ layer_decay: 0.5 }) }, 1, {
      learningRate: 0.01,
      weightDecay: 0,
    });
    const distance = moved(bert.weights, state.parameter);
    // AdamW's first step has the length of the rate wherever there is a gradient.
    expect(distance.get('projection.weight')).toBeCloseTo(0.01, 5);
    expect(distance.get('encoder.layer.1.output.dense.weight')).toBeCloseTo(0.005, 5);
    expect(distance.get('encoder.layer.0.output.dense.weight')).toBeCloseTo(0.0025, 5);
    expect(distance.get('embeddings.word_embeddings.weight')).toBeCloseTo(0.00125, 5);
  });

  test('weight decay alone: a token that no text has shrinks, a bias does only where it may', async () => {
    const settings = { learningRate: 0.1, weightDecay: 0.5 };
    const kept = await trainTiny(bert, { groups: groupsOf({ decay_bias_and_norm: false }) }, 1, settings);
    const all = await trainTiny(bert, {}, 1, settings);
    const word = 'embeddings.word_embeddings.weight';
    // Token 0 is padding: its gradient is zero, so that only the decay moves it, by 1 − 0.1 · 0.5.
    for (let i = 0; i < 8; i++)
      expect(kept.state.parameter.get(word)![i]! / bert.weights.get(word)![i]!).toBeCloseTo(0.95, 5);
    // The rest of the update is the same.
    const norm = 'encoder.layer.0.output.LayerNorm.weight';
    bert.weights
      .get(norm)!
      .forEach((value, i) =>
        expect(kept.state.parameter.get(norm)![i]! - all.state.parameter.get(norm)![i]!).toBeCloseTo(0.05 * value, 5),
      );
  });
});
