import { describe, expect, it } from 'vitest';
import { compileModel } from '../../../../src/lab/graph/compile.ts';
import { sizeOf, evaluateDimension, type Shape } from '../../../../src/lab/graph/dimension.ts';
import { gradients } from '../../../../src/lab/graph/gradient.ts';
import { Graph, type Tensor } from '../../../../src/lab/graph/graph.ts';
import { float32, type HostTensor } from '../../../../src/lab/graph/hostTensor.ts';
import * as broadcast from '../../../../src/lab/graph/operators/broadcast.ts';
import * as elementwise from '../../../../src/lab/graph/operators/elementwise.ts';
import * as indexing from '../../../../src/lab/graph/operators/indexing.ts';
import * as matrix from '../../../../src/lab/graph/operators/matrix.ts';
import * as movement from '../../../../src/lab/graph/operators/movement.ts';
import * as normalisation from '../../../../src/lab/graph/operators/normalisation.ts';
import * as reduction from '../../../../src/lab/graph/operators/reduction.ts';
import { Session } from '../../../../src/lab/engine/session.ts';
import { randomStream, shuffled } from '../../../../src/lab/base/random.ts';
import { evaluate, lengthsOf } from '../../../helpers/graph.ts';

/** The gradient rule of every operator against central differences of what it computes. */

const operators = { ...broadcast, ...elementwise, ...indexing, ...matrix, ...movement, ...normalisation, ...reduction };
type OperatorName = keyof typeof operators;

interface Case {
  readonly operator: OperatorName;
  readonly what: string;
  readonly shapes: readonly Shape[];
  readonly build: (inputs: readonly Tensor[]) => Tensor;
  /** Where the operator is defined, or is smooth enough to be differenced. */
  readonly range: readonly [number, number];
}

/** What the symbols in the shapes below are bound to. */
const lengths = new Map([
  ['texts', 3],
  ['length', 4],
]);

const anywhere = [-1.5, 1.5] as const;
const positive = [0.5, 2] as const;

const broadcasts: [Shape, Shape][] = [
  [
    [3, 4],
    [3, 4],
  ],
  [[3, 4], [4]],
  [
    [3, 4],
    [1, 4],
  ],
  [
    [3, 4],
    [3, 1],
  ],
  [[3, 4], []],
  [[], [3, 4]],
  [
    [3, 1],
    [1, 4],
  ],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [[1], [2, 3]],
  [
    ['texts', 4],
    ['texts', 1],
  ],
  [['texts', 'length'], ['length']],
  [
    [1, 'length'],
    ['texts', 1],
  ],
  [['length*texts', 2], [2]],
];

const cases: Case[] = [];

function add(
  operator: OperatorName,
  what: string,
  shapes: readonly Shape[],
  build: (...inputs: Tensor[]) => Tensor,
  range: readonly [number, number] = anywhere,
): void {
  const described = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
  cases.push({
    operator,
    what: what ? `${what}, ${described}` : described,
    shapes,
    build: (inputs) => build(...inputs),
    range,
  });
}

for (const shapes of broadcasts) {
  for (const name of ['add', 'subtract', 'multiply', 'maximum', 'minimum'] as const)
    add(name, '', shapes, (a, b) => operators[name](a, b));
  add('divide', '', shapes, (a, b) => elementwise.divide(a, b), positive);
  add('where', 'by a condition that broadcasts', shapes, (a, b) =>
    elementwise.where(elementwise.greater(a, 0.2), elementwise.multiply(b, 2), a),
  );
}
for (const name of ['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum'] as const) {
  add(name, 'a number on the left', [[2, 3]], (x) => operators[name](0.9, x), positive);
  add(name, 'a number on the right', [[2, 3]], (x) => operators[name](x, 0.9), positive);
  add(name, 'both the same tensor', [[2, 3]], (x) => operators[name](elementwise.square(x), x), positive);
}
for (const shape of [[], [5], [3, 4], ['texts', 'length']] as Shape[]) {
  for (const name of [
    'negate',
    'exponential',
    'hyperbolicTangent',
    'sigmoid',
    'rectify',
    'errorFunction',
    'square',
    'gelu',
  ] as const)
    add(name, '', [shape], (x) => operators[name](x));
  for (const name of ['logarithm', 'squareRoot'] as const) add(name, '', [shape], (x) => operators[name](x), positive);
}
add('gelu', 'far from zero', [[12]], (x) => elementwise.gelu(x), [-5, 5]);

for (const shape of [[3, 4], [1, 4], [4], [2, 3, 4], ['texts', 'length'], ['length*texts', 4]] as Shape[]) {
  for (const name of ['softmax', 'logSoftmax', 'l2Normalise'] as const)
    add(name, '', [shape], (x) => operators[name](x));
  const last = shape.at(-1)!;
  add('layerNormalisation', '', [shape, [last], [last]], (x, scale, bias) =>
    normalisation.layerNormalisation(x, scale, bias, 1e-5),
  );
}

for (const axes of [[0], [1], [-1], [0, 2], [-2, -1], [0, 1, 2]]) {
  for (const shape of [
    [2, 3, 4],
    ['texts', 2, 'length'],
  ] as Shape[]) {
    for (const name of ['reduceSum', 'reduceMean', 'reduceMax'] as const)
      add(name, `axes ${axes.join(', ')}`, [shape], (x) => operators[name](x, axes));
  }
}
add('reduceSum', 'no axes', [[2, 3]], (x) => broadcast.reduceSum(x, []));
for (const shape of [[], [3, 4], ['texts', 2]] as Shape[]) {
  for (const name of ['sumAll', 'meanAll'] as const) add(name, '', [shape], (x) => operators[name](x));
}
add('squeeze', 'one axis', [['texts', 1, 4]], (x) => reduction.squeeze(x, [1]));
add('squeeze', 'all axes', [[1, 1]], (x) => reduction.squeeze(x, [0, -1]));

const products: [Shape, Shape][] = [
  [
    [2, 3],
    [3, 4],
  ],
  [
    [1, 3],
    [3, 1],
  ],
  [
    [2, 2, 3],
    [2, 3, 2],
  ],
  [
    [2, 2, 3],
    [3, 2],
  ],
  [
    [2, 3],
    [2, 3, 2],
  ],
  [
    [2, 1, 2, 3],
    [3, 3, 2],
  ],
  [
    ['texts', 2, 'length'],
    ['texts', 'length', 2],
  ],
  [
    ['texts', 1, 'length'],
    ['length', 2],
  ],
];
for (const shapes of products) add('matmul', '', shapes, (a, b) => matrix.matmul(a, b));
add('swapLastTwo', '', [[2, 3, 4]], (x) => matrix.swapLastTwo(x));
for (const transposeA of [false, true]) {
  for (const transposeB of [false, true]) {
    const options = { transposeA, transposeB };
    const what = `${transposeA ? "a'" : 'a'} × ${transposeB ? "b'" : 'b'}`;
    for (const rows of [2, 'texts']) {
      const shapes: Shape[] = [transposeA ? [3, rows] : [rows, 3], transposeB ? [4, 3] : [3, 4]];
      add('gemm', what, shapes, (a, b) => matrix.gemm(a, b, options));
      add('gemm', `${what} + bias`, [...shapes, [4]], (a, b, bias) => matrix.gemm(a, b, options, bias));
    }
  }
}

add('reshape', '', [[3, 4]], (x) => movement.reshape(x, [2, 6]));
add('reshape', 'symbols', [['texts', 2, 'length']], (x) => movement.reshape(x, ['length*texts', 2]));
add('reshape', 'to a scalar', [[1, 1]], (x) => movement.reshape(x, []));
for (const shape of [[4], [1, 4], [3, 1], []] as Shape[])
  add('expand', 'to [2, 3, 4]', [shape], (x) => broadcast.expand(x, [2, 3, 4]));
add('expand', 'to symbols', [[1, 'length']], (x) => broadcast.expand(x, [2, 1, 'length']));
add('transpose', '', [[3, 4]], (x) => movement.transpose(x, [1, 0]));
add('transpose', 'a cycle', [[2, 3, 'length']], (x) => movement.transpose(x, [1, 2, 0]));
add('sumTo', '', [[2, 3, 4]], (x) => broadcast.sumTo(x, [3, 1]));

const indexed =
  (indices: readonly number[], dims: readonly number[], unique = false) =>
  (table: Tensor) =>
    indexing.gatherRows(table, table.graph.constant(indices, dims, 'int32'), { unique });
add('gatherRows', 'an index several times', [[5, 3]], (table) => indexed([4, 0, 4, 2, 4, 0], [6])(table));
add('gatherRows', 'indices in a matrix', [[5, 2]], (table) => indexed([1, 1, 3, 0, 1, 4], [2, 3])(table));
add('gatherRows', 'each index once', [[5, 3]], (table) => indexed([4, 0, 2], [3], true)(table));
add('gatherRows', 'rows known in the run', [['length', 2]], (table) => indexed([3, 0, 3], [3])(table));
add('regroupRows', 'a gradient of 0 wherever a row does not count', [[3, 2]], (table) => {
  const { graph } = table;
  const grid = indexing.regroupRows(
    table,
    graph.constant([0, 1, 2, 0], [2, 2], 'int32'),
    graph.constant([0, 1, 2], [3], 'int32'),
  );
  return elementwise.multiply(grid, graph.constant([1, 1, 1, 0], [2, 2, 1]));
});
add('gatherRows', 'as many as another axis is long', [[5, 2]], (table) =>
  indexing.gatherRows(table, table.graph.range('texts'), { unique: true }),
);

/** Values at even distances, in random order: no two so near that a step would change which is greater, none at zero. */
function spread(
  count: number,
  [low, high]: readonly [number, number],
  random: ReturnType<typeof randomStream>,
): number[] {
  return shuffled(
    Array.from({ length: count }, (_, i) => low + ((i + 0.3) * (high - low)) / count),
    random,
  );
}

interface Prepared {
  readonly output: Tensor;
  readonly loss: Tensor;
  readonly inputs: readonly Tensor[];
  readonly feeds: Record<string, HostTensor>;
  /** What each element of the output counts in the loss. */
  readonly shares: Float32Array;
}

function prepare({ operator, what, shapes, build, range }: Case): Prepared {
  const random = randomStream(1, 'weights', operator, what);
  const graph = new Graph();
  // Counts for nothing: it binds the symbols before an input whose shape has their product.
  const symbols = graph.input('symbols', 'float32', ['texts', 'length']);
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, 'float32', shape));
  const output = build(inputs);
  const shareInput = graph.input('shares', 'float32', output.shape);
  const loss = elementwise.add(
    reduction.sumAll(elementwise.multiply(output, shareInput)),
    elementwise.multiply(reduction.sumAll(symbols), 0),
  );
  const counts = shapes.map((shape) => evaluateDimension(sizeOf(shape), lengths));
  const values = spread(
    counts.reduce((sum, count) => sum + count, 0),
    range,
    random,
  );
  const feeds: Record<string, HostTensor> = {
    symbols: float32(new Float32Array(12), lengthsOf(symbols.shape, lengths)),
  };
  shapes.forEach(
    (shape, i) => (feeds[`x${i}`] = float32(Float32Array.from(values.splice(0, counts[i])), lengthsOf(shape, lengths))),
  );
  const shares = Float32Array.from({ length: evaluateDimension(sizeOf(output.shape), lengths) }, () => random.normal());
  feeds.shares = float32(shares, lengthsOf(output.shape, lengths));
  return { output, loss, inputs, feeds, shares };
}

const step = 4e-3;

/** d (Σ share · output) / d element for each element of each input; the sum is taken in float64. */
async function centralDifferences({ output, loss, inputs, feeds, shares }: Prepared): Promise<number[]> {
  const session = await Session.create(compileModel({ output, loss }), 'cpu');
  const value = async (): Promise<number> => {
    const { output: result } = await session.run(feeds);
    return (result!.data as Float32Array).reduce((sum, element, i) => sum + element * shares[i]!, 0);
  };
  const differences: number[] = [];
  for (const [i] of inputs.entries()) {
    const data = feeds[`x${i}`]!.data as Float32Array;
    for (const [j, middle] of data.entries()) {
      const [above, below] = [Math.fround(middle + step), Math.fround(middle - step)];
      data[j] = above;
      const upper = await value();
      data[j] = below;
      const lower = await value();
      data[j] = middle;
      differences.push((upper - lower) / (above - below));
    }
  }
  await session.dispose();
  return differences;
}

function derivatives({ loss, inputs }: Prepared): Record<string, Tensor> {
  return Object.fromEntries(gradients(loss, inputs).map((gradient, i) => [`d${i}`, gradient]));
}

function expectNear(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  const scale = Math.max(1e-2, ...expected.map(Math.abs));
  found.forEach((value, i) =>
    expect(Math.abs(value - expected[i]!), `element ${i}: found ${value}, expected ${expected[i]}`).toBeLessThanOrEqual(
      tolerance * scale,
    ),
  );
}

describe.each([...new Set(cases.map(({ operator }) => operator))])('%s', (operator) => {
  it.each(cases.filter((one) => one.operator === operator).map((one) => [one.what, one] as const))(
    '%s',
    async (_, one) => {
      const prepared = prepare(one);
      const outputs = derivatives(prepared);
      prepared.inputs.forEach((input, i) => expect(outputs[`d${i}`]!.shape).toEqual(input.shape));
      const found = await evaluate({ ...outputs, loss: prepared.loss }, prepared.feeds);
      const analytic = prepared.inputs.flatMap((_input, i) => found[`d${i}`]!);
      expectNear(analytic, await centralDifferences(prepared), 1e-3);
    },
  );
});

describe('where a function has a corner', () => {
  const derivative = async (build: (x: Tensor) => Tensor, values: readonly number[]): Promise<number[]> => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [values.length]);
    const [dx] = gradients(reduction.sumAll(build(x)), [x]);
    return (await evaluate({ dx: dx! }, { x: float32(Float32Array.from(values), [values.length]) })).dx!;
  };

  it('the gradient of a rectified zero is zero', async () => {
    expect(await derivative(elementwise.rectify, [-1, 0, 1])).toEqual([0, 0, 1]);
  });

  it('equal maxima share the gradient of their maximum', async () => {
    expect(await derivative((x) => reduction.reduceMax(x, [0]), [2, 1, 2])).toEqual([0.5, 0, 0.5]);
  });

  it('the first of two equal numbers gets the gradient of the greater', async () => {
    expect(
      await derivative((x) => elementwise.maximum(elementwise.multiply(x, 3), elementwise.multiply(x, 5)), [0]),
    ).toEqual([3]);
  });

  it('a zero vector is normalised to zero, with a finite gradient', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 2]);
    const y = normalisation.l2Normalise(x);
    const [dx] = gradients(reduction.sumAll(y), [x]);
    const found = await evaluate({ y, dx: dx! }, { x: float32(Float32Array.of(0, 0, 3, 4), [2, 2]) });
    expectNear(found.y!, [0, 0, 0.6, 0.8], 1e-6);
    expect(found.dx!.every(Number.isFinite)).toBe(true);
  });

  it('the log of a softmax is finite for similarities far apart', async () => {
    const graph = new Graph();
    const y = normalisation.logSoftmax(graph.input('x', 'float32', [3]));
    expectNear(
      (await evaluate({ y }, { x: float32(Float32Array.of(1000, 0, -1000), [3]) })).y!,
      [0, -1000, -2000],
      1e-6,
    );
  });
});

describe('completeness', () => {
  /** Functions of `operators/` through which no gradient passes, each applied to an input of shape [2, 3]. */
  const withoutGradient: Partial<Record<OperatorName, (x: Tensor) => Tensor>> = {
    greater: (x) => elementwise.cast(elementwise.greater(x, 0), 'float32'),
    equal: (x) => elementwise.cast(elementwise.equal(x, 0), 'float32'),
    logicalAnd: (x) =>
      elementwise.cast(elementwise.logicalAnd(elementwise.greater(x, 0), elementwise.greater(x, 1)), 'float32'),
    logicalNot: (x) => elementwise.cast(elementwise.logicalNot(elementwise.greater(x, 0)), 'float32'),
    roundDown: elementwise.roundDown,
    cast: (x) => elementwise.cast(elementwise.cast(x, 'int32'), 'float32'),
    stopGradient: elementwise.stopGradient,
    sumOfSquares: reduction.sumOfSquares,
    argMax: (x) => elementwise.cast(indexing.argMax(x), 'float32'),
    gatherElements: (x) => indexing.gatherElements(x, x.graph.constant([0, 1], [2, 1], 'int32')),
  };

  it('every function of operators/ has a case here, or is known to pass no gradient', () => {
    const exported = Object.entries(operators)
      .filter(([, value]) => typeof value === 'function')
      .map(([name]) => name);
    const known = [...new Set<string>(cases.map(({ operator }) => operator)), ...Object.keys(withoutGradient)];
    expect(exported.sort()).toEqual(known.sort());
  });

  it.each(Object.entries(withoutGradient))('%s passes no gradient', (_, build) => {
    const x = new Graph().input('x', 'float32', [2, 3]);
    expect(() => gradients(reduction.sumAll(build(x)), [x])).toThrow('does not depend on "x"');
  });
});
