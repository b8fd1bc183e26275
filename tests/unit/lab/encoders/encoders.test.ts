import { describe, expect, test } from 'vitest';
import { bert } from '../../../../src/lab/encoders/bert.ts';
import { distilbert } from '../../../../src/lab/encoders/distilbert.ts';
import { elementsOf, initialWeights, parameterCount, type Encoder } from '../../../../src/lab/encoders/encoder.ts';
import { mini } from '../../../../src/lab/encoders/mini.ts';
import { staticEncoder, type StaticSettings } from '../../../../src/lab/encoders/static.ts';
import type { TransformerSettings } from '../../../../src/lab/encoders/transformer.ts';
import type { Dropout } from '../../../../src/lab/graph/dropout.ts';
import { Graph, type Tensor } from '../../../../src/lab/graph/graph.ts';
import { float32, type HostTensor } from '../../../../src/lab/graph/hostTensor.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { evaluate } from '../../../helpers/graph.ts';

const text = (...ids: number[]): Int32Array => Int32Array.from(ids);

/** Embeddings with random weights; larger than an encoder's initial ones, so that differences show. */
async function embed(encoder: Encoder, feed: Record<string, HostTensor>): Promise<number[][]> {
  const graph = new Graph();
  const weights = initialWeights(encoder, (name) => randomStream(3, 'weights', name));
  const parameters = Object.fromEntries(
    encoder.parameters.map(({ name, shape }) => [
      name,
      float32(
        weights.get(name)!.map((value) => value * 5),
        shape,
      ),
    ]),
  );
  const output = encoder.build(graph, (name) => graph.input(name, 'float32', parameters[name]!.dims));
  const { embeddings } = await evaluate({ embeddings: output }, { ...parameters, ...feed });
  return Array.from({ length: embeddings!.length / encoder.dimension }, (_, i) =>
    embeddings!.slice(i * encoder.dimension, (i + 1) * encoder.dimension),
  );
}

const norm = (vector: readonly number[]): number => Math.hypot(...vector);

function expectSame(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
}

describe('static', () => {
  const settings: StaticSettings = {
    vocabularySize: 10,
    size: 6,
    projection: 6,
    specialIds: [0, 1, 2],
    tokenWeights: Float32Array.of(0, 0, 0, 1, 2, 3, 1, 2, 3, 4),
  };

  test('a batch is its distinct tokens, and how often each occurs in each text', () => {
    const { token_ids, token_shares } = staticEncoder(settings).feed([
      text(1, 5, 7, 5, 5, 2),
      text(1, 7, 2),
      text(1, 2),
    ]);
    expect(token_ids).toEqual({ type: 'int32', dims: [2], data: text(5, 7) });
    expect(token_shares).toEqual({ type: 'float32', dims: [3, 2], data: Float32Array.of(0.75, 0.25, 0, 1, 0, 0) });
  });

  test.each([6, 4])(
    'special tokens say nothing, order neither, other texts neither (projected to %d)',
    async (projection) => {
      const encoder = staticEncoder({ ...settings, projection });
      const [framed, bare, reordered] = await embed(
        encoder,
        encoder.feed([text(1, 5, 7, 5, 2, 0, 0), text(5, 7, 5), text(7, 5, 5)]),
      );
      const [alone] = await embed(encoder, encoder.feed([text(1, 5, 7, 5, 2)]));
      for (const other of [bare, reordered, alone]) expectSame(other!, framed!);
      expect(norm(framed!)).toBeCloseTo(1, 5);
    },
  );

  test.each([6, 4])(
    'a text without a token is a finite vector, alone and among others (projected to %d)',
    async (projection) => {
      const encoder = staticEncoder({ ...settings, projection });
      const texts = [[text(1, 2)], [text(1, 2), text(1, 5, 2)], [text(), text(1, 2)]];
      for (const batch of texts) {
        const embeddings = await embed(encoder, encoder.feed(batch));
        expect(embeddings).toHaveLength(batch.length);
        expect(embeddings.flat().every(Number.isFinite)).toBe(true);
      }
    },
  );

  test('the weights of tokens begin at their document frequencies, scaled to a mean of 1 over those that have any', () => {
    const weights = initialWeights(staticEncoder(settings), () => randomStream(1, 'weights')).get('token_weight')!;
    expectSame(
      [...weights],
      [0, 0, 0, 1, 2, 3, 1, 2, 3, 4].map((weight) => (weight * 7) / 16),
    );
  });

  test('a projection is there where the lengths differ', () => {
    expect(parameterCount(staticEncoder(settings))).toBe(10 * 6 + 10);
    expect(parameterCount(staticEncoder({ ...settings, projection: 4 }))).toBe(10 * 6 + 10 + 6 * 4 + 4);
  });
});

const tiny: TransformerSettings = {
  vocabularySize: 40,
  maxPositions: 16,
  size: 12,
  layers: 2,
  heads: 3,
  innerSize: 20,
  projection: 5,
  pooling: 'mean',
  padId: 0,
  dropout: 0,
};
const [short, middle, long] = [text(2, 9, 3), text(2, 11, 12, 13, 3), text(2, 21, 22, 23, 24, 25, 26, 27, 3)];

const tinyBert = (settings: TransformerSettings): Encoder => bert({ ...settings, tokenTypes: 2, epsilon: 1e-12 });

describe.each([
  ['mini', mini],
  ['distilbert', distilbert],
  ['bert', tinyBert],
] as const)('%s', (_, make) => {
  describe.each(['cls', 'mean'] as const)('pooling %s', (pooling) => {
    const encoder = make({ ...tiny, pooling });

    test('gives unit vectors of the projected length, different for different texts', async () => {
      const embeddings = await embed(encoder, encoder.feed([short, middle, long]));
      for (const embedding of embeddings) {
        expect(embedding).toHaveLength(5);
        expect(norm(embedding)).toBeCloseTo(1, 5);
      }
      expect(norm(embeddings[0]!.map((value, i) => value - embeddings[1]![i]!))).toBeGreaterThan(0.01);
    });

    test('padding and the other texts of a batch change no embedding', async () => {
      const together = await embed(encoder, encoder.feed([short, middle, long]));
      for (const [i, alone] of [short, middle, long].entries())
        expectSame((await embed(encoder, encoder.feed([alone])))[0]!, together[i]!);
    });

    test('the order of words matters', async () => {
      const [one, other] = await embed(encoder, encoder.feed([text(2, 9, 10, 3), text(2, 10, 9, 3)]));
      expect(norm(one!.map((value, i) => value - other![i]!))).toBeGreaterThan(1e-3);
    });
  });

  test('the vector of the first token alone is what all rows of the last layer have in its place', async () => {
    const texts = [short, middle, long];
    const cls = make({ ...tiny, pooling: 'cls' });
    const mean = make({ ...tiny, pooling: 'mean' });
    // The mean computes every row; with these shares it takes the first.
    const feed = mean.feed(texts);
    const shares = new Float32Array(texts.length * long.length);
    texts.forEach((_text, i) => (shares[i * long.length] = 1));
    const expected = await embed(mean, { ...feed, token_shares: float32(shares, [texts.length, 1, long.length]) });
    (await embed(cls, cls.feed(texts))).forEach((found, i) => expectSame(found, expected[i]!));
  });

  test('initial values fill the shapes, and are a function of the stream', () => {
    const encoder = make(tiny);
    const weights = initialWeights(encoder, (name) => randomStream(1, 'weights', name));
    for (const { name, shape } of encoder.parameters) expect(weights.get(name), name).toHaveLength(elementsOf(shape));
    expect(initialWeights(encoder, (name) => randomStream(1, 'weights', name))).toEqual(weights);
    expect(new Set(encoder.parameters.map(({ name }) => name)).size).toBe(encoder.parameters.length);
  });
});

test.each<[string, Encoder, string[]]>([
  ['distilbert', distilbert(tiny), ['embeddings', 'attention', 'states', 'attention', 'states']],
  // BERT drops out what attention gives, too.
  ['bert', tinyBert(tiny), ['embeddings', 'attention', 'states', 'states', 'attention', 'states', 'states']],
])('%s drops out where its papers say', (_, encoder, expected) => {
  const graph = new Graph();
  const dropped: Tensor[] = [];
  const dropout = { apply: (x: Tensor) => (dropped.push(x), x) } as unknown as Dropout;
  const shapes = new Map(encoder.parameters.map(({ name, shape }) => [name, shape]));
  encoder.build(graph, (name) => graph.input(name, 'float32', shapes.get(name)!), dropout);
  expect(dropped.map(({ shape }, i) => (shape.length === 4 ? 'attention' : i === 0 ? 'embeddings' : 'states'))).toEqual(
    expected,
  );
});

test.each([
  ['mini', mini],
  ['distilbert', distilbert],
  ['bert', tinyBert],
] as const)('every parameter of %s knows its place', (_, make) => {
  const places = make(tiny).parameters.map(({ layer }) => layer);
  expect([...new Set(places)]).toEqual(['embeddings', 0, 1, 'head']);
  for (const layer of [0, 1]) expect(places.filter((place) => place === layer)).toHaveLength(16);
});

test.each([
  ['mini', mini],
  ['distilbert', distilbert],
  ['bert', tinyBert],
] as const)('%s without a projection gives pooled states of length 1', async (_, make) => {
  const encoder = make({ ...tiny, projection: null });
  expect(encoder.parameters.some(({ name }) => name.startsWith('projection'))).toBe(false);
  const [embedding] = await embed(encoder, encoder.feed([short]));
  expect(embedding).toHaveLength(tiny.size);
  expect(norm(embedding!)).toBeCloseTo(1, 5);
});

describe('parameters', () => {
  const base: TransformerSettings = {
    vocabularySize: 30_522,
    maxPositions: 512,
    size: 768,
    layers: 6,
    heads: 12,
    innerSize: 3072,
    projection: 128,
    pooling: 'cls',
    padId: 0,
    dropout: 0.1,
  };
  const shapes = new Map(distilbert(base).parameters.map(({ name, shape }) => [name, shape]));

  test('DistilBERT base has the published number of them, and the projection', () => {
    expect(parameterCount(distilbert(base))).toBe(66_362_880 + 768 * 128 + 128);
  });

  test('BERT base and MiniLM-L6 have the published numbers of them, less their poolers', () => {
    const pooler = (size: number): number => size * size + size;
    const family = { ...base, projection: null, tokenTypes: 2, epsilon: 1e-12 };
    expect(parameterCount(bert({ ...family, layers: 12 }))).toBe(109_482_240 - pooler(768));
    expect(parameterCount(bert({ ...family, size: 384, innerSize: 1536 }))).toBe(22_713_216 - pooler(384));
  });

  test.each([
    ['embeddings.word_embeddings.weight', [30_522, 768]],
    ['embeddings.position_embeddings.weight', [512, 768]],
    ['embeddings.LayerNorm.bias', [768]],
    ['transformer.layer.0.attention.q_lin.weight', [768, 768]],
    ['transformer.layer.5.attention.out_lin.bias', [768]],
    ['transformer.layer.3.sa_layer_norm.weight', [768]],
    ['transformer.layer.5.ffn.lin1.weight', [3072, 768]],
    ['transformer.layer.5.ffn.lin2.weight', [768, 3072]],
    ['transformer.layer.5.output_layer_norm.weight', [768]],
    ['projection.weight', [128, 768]],
  ])('DistilBERT has %s', (name, shape) => {
    expect(shapes.get(name)).toEqual(shape);
  });

  test('mini counts as its layers say', () => {
    const [v, p, d, f, layers, projection] = [8000, 128, 128, 512, 2, 64] as const;
    const layer = 4 * (d * d + d) + (d * f + f) + (f * d + d) + 4 * d;
    const encoder = mini({
      ...base,
      vocabularySize: v,
      maxPositions: p,
      size: d,
      innerSize: f,
      layers,
      heads: 4,
      projection,
    });
    expect(parameterCount(encoder)).toBe(v * d + p * d + layers * layer + 2 * d + (d * projection + projection));
    expect(encoder.parameters.find(({ name }) => name === 'layers.1.feed_forward.inner.weight')!.shape).toEqual([
      512, 128,
    ]);
  });
});
