import { expect, it } from 'vitest';
import { adamwFeed, appendAdamw, type AdamwSettings, type ParameterGroup } from '../../../../src/lab/graph/adamw.ts';
import { compileModel } from '../../../../src/lab/graph/compile.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32 } from '../../../../src/lab/graph/hostTensor.ts';
import { Session, scalarValue } from '../../../../src/lab/engine/session.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';

/** Ten updates in the graph against the same ten in plain float64, as PyTorch's documentation of AdamW defines them. */

interface Moments {
  readonly parameter: number[];
  readonly first: number[];
  readonly second: number[];
}

/** One update of every parameter, in place. Returns the norm of all gradients before clipping. */
function plainUpdate(
  states: readonly Moments[],
  gradients: readonly number[][],
  t: number,
  { learningRate, weightDecay, maxGradientNorm }: AdamwSettings,
  groups: readonly ParameterGroup[],
): number {
  const norm = Math.sqrt(gradients.flat().reduce((sum, g) => sum + g * g, 0));
  const clip = maxGradientNorm === null ? 1 : Math.min(1, maxGradientNorm / (norm + 1e-6));
  states.forEach(({ parameter, first, second }, p) => {
    const rate = learningRate * groups[p]!.rate;
    gradients[p]!.forEach((unclipped, i) => {
      const g = unclipped * clip;
      if (groups[p]!.decays) parameter[i]! -= rate * weightDecay * parameter[i]!;
      first[i] = 0.9 * first[i]! + 0.1 * g;
      second[i] = 0.999 * second[i]! + 0.001 * g * g;
      const corrected = first[i] / (1 - 0.9 ** t);
      const root = Math.sqrt(second[i] / (1 - 0.999 ** t));
      parameter[i]! -= (rate * corrected) / (root + 1e-8);
    });
  });
  return norm;
}

const shapes = [[3, 2], [4]];
const kinds = ['parameter', 'first', 'second'] as const;

const alike: readonly ParameterGroup[] = shapes.map(() => ({ rate: 1, decays: true }));

async function adamwSession(groups = alike): Promise<Session> {
  const graph = new Graph();
  const input = (kind: string, p: number) => graph.input(`${kind}${p}`, 'float32', shapes[p]!);
  const states = shapes.map((_, p) => ({
    parameter: input('parameter', p),
    gradient: input('gradient', p),
    first: input('first', p),
    second: input('second', p),
    group: groups[p]!,
  }));
  const { updates, gradientNorm } = appendAdamw(graph, states);
  return Session.create(
    compileModel({
      norm: gradientNorm,
      ...Object.fromEntries(updates.flatMap((update, p) => kinds.map((kind) => [`new.${kind}${p}`, update[kind]]))),
    }),
    'cpu',
  );
}

const variants: [string, Partial<AdamwSettings>, (readonly ParameterGroup[])?][] = [
  ['without clipping or decay', {}],
  ['with weight decay', { weightDecay: 0.1 }],
  ['with clipping, which some of the gradients exceed', { maxGradientNorm: 3 }],
  ['with clipping far below every gradient', { maxGradientNorm: 1e-3 }],
  ['with clipping and weight decay', { maxGradientNorm: 3, weightDecay: 0.5 }],
  [
    'with a rate of its own for each parameter',
    { weightDecay: 0.1 },
    [
      { rate: 1, decays: true },
      { rate: 0.3, decays: true },
    ],
  ],
  [
    'with a parameter that does not decay',
    { weightDecay: 0.5 },
    [
      { rate: 1, decays: true },
      { rate: 1, decays: false },
    ],
  ],
  [
    'with both at once, and clipping',
    { maxGradientNorm: 3, weightDecay: 0.5 },
    [
      { rate: 0.81, decays: false },
      { rate: 0.9, decays: true },
    ],
  ],
];

it.each(variants)('%s', async (_, variant, groups = alike) => {
  const random = randomStream(5, 'weights');
  const normals = (length: number): number[] => Array.from({ length }, () => Math.fround(random.normal()));
  const sizes = shapes.map((shape) => shape.reduce((product, length) => product * length, 1));
  const plain: Moments[] = sizes.map((size) => ({
    parameter: normals(size),
    first: new Array<number>(size).fill(0),
    second: new Array<number>(size).fill(0),
  }));
  const state: Record<string, Float32Array> = {};
  plain.forEach((moments, p) => kinds.forEach((kind) => (state[`${kind}${p}`] = Float32Array.from(moments[kind]))));
  const session = await adamwSession(groups);

  for (let t = 1; t <= 10; t++) {
    // Learning rates that rise, fall and are zero for once, as a schedule's.
    const settings: AdamwSettings = {
      learningRate: t === 6 ? 0 : 0.02 * Math.abs(Math.sin(t)),
      weightDecay: 0,
      maxGradientNorm: null,
      ...variant,
    };
    const gradients = sizes.map((size) => normals(size).map((value) => Math.fround(value * (t % 3 === 0 ? 0.1 : 1.5))));
    const norm = plainUpdate(plain, gradients, t, settings, groups);
    const feeds = {
      ...state,
      ...Object.fromEntries(gradients.map((values, p) => [`gradient${p}`, Float32Array.from(values)])),
    };
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, data]) => [name, float32(data, shapes[Number(name.at(-1))]!)]),
    );
    const outputs = await session.run({ ...tensors, ...adamwFeed(t, settings, groups) });
    expect(scalarValue(outputs.norm!) / norm).toBeCloseTo(1, 5);
    for (const name of Object.keys(state)) state[name] = outputs[`new.${name}`]!.data as Float32Array;
  }
  await session.dispose();

  plain.forEach((moments, p) =>
    kinds.forEach((kind) => {
      const scale = Math.max(...moments[kind].map(Math.abs));
      moments[kind].forEach((value, i) =>
        expect(Math.abs(state[`${kind}${p}`]![i]! - value), `${kind} ${p}, element ${i}`).toBeLessThan(3e-6 * scale),
      );
    }),
  );
});

it('the first update moves every element by about the learning rate, whatever its gradient', async () => {
  const session = await adamwSession();
  const all = (value: number, p: number) => float32(new Float32Array(p === 0 ? 6 : 4).fill(value), shapes[p]!);
  const feeds = Object.fromEntries(
    shapes.flatMap((_, p) =>
      [
        ['parameter', 1],
        ['first', 0],
        ['second', 0],
        ['gradient', p === 0 ? 100 : -1e-3],
      ].map(([kind, value]) => [`${kind}${p}`, all(value as number, p)]),
    ),
  );
  const outputs = await session.run({
    ...feeds,
    ...adamwFeed(1, { learningRate: 0.01, weightDecay: 0, maxGradientNorm: null }, alike),
  });
  await session.dispose();
  for (const value of outputs['new.parameter0']!.data as Float32Array) expect(value).toBeCloseTo(0.99, 5);
  for (const value of outputs['new.parameter1']!.data as Float32Array) expect(value).toBeCloseTo(1.01, 5);
});
