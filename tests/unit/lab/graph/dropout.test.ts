import { beforeAll, describe, expect, it } from 'vitest';
import { compileModel } from '../../../../src/lab/graph/compile.ts';
import { Dropout, dropoutFeed } from '../../../../src/lab/graph/dropout.ts';
import { gradients } from '../../../../src/lab/graph/gradient.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32, int32Scalar } from '../../../../src/lab/graph/hostTensor.ts';
import { multiply } from '../../../../src/lab/graph/operators/elementwise.ts';
import { sumAll } from '../../../../src/lab/graph/operators/reduction.ts';
import { Session } from '../../../../src/lab/engine/session.ts';
import { evaluate, testsWebgpu } from '../../../helpers/graph.ts';

const [rows, columns] = [384, 192];
const ones = float32(new Float32Array(rows * columns).fill(1), [rows, columns]);

/** What becomes of a matrix of ones in some places of one graph. */
async function drop(rate: number, seed: number, places = 1, device: 'cpu' | 'webgpu' = 'cpu'): Promise<number[][]> {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['rows', columns]);
  const dropout = new Dropout(graph, rate);
  const outputs = Object.fromEntries(Array.from({ length: places }, (_, i) => [`place${i}`, dropout.apply(x)]));
  const found = await evaluate(outputs, { x: ones, ...dropoutFeed(seed) }, device);
  return Object.values(found);
}

describe.each([0.1, 0.25, 0.5, 0.9])('rate %d', (rate) => {
  let output: number[];
  beforeAll(async () => {
    [output] = (await drop(rate, 12345)) as [number[]];
  });
  const deviation = Math.sqrt(rate * (1 - rate));

  it('zeroes its share of the elements', () => {
    const zeros = output.filter((value) => value === 0).length;
    expect(Math.abs(zeros / output.length - rate)).toBeLessThan((4 * deviation) / Math.sqrt(output.length));
  });

  it('leaves the others divided by 1 − rate', () => {
    const survivors = new Set(output.filter((value) => value !== 0));
    expect(survivors.size).toBe(1);
    expect([...survivors][0]).toBeCloseTo(1 / (1 - rate), 5);
  });

  it('zeroes rows and columns about alike: their counts vary as those of independent draws', () => {
    const counts = (length: number, of: (i: number) => number): number[] => {
      const result = new Array<number>(length).fill(0);
      output.forEach((value, i) => (result[of(i)]! += value === 0 ? 1 : 0));
      return result;
    };
    // Mean of (count − expected)² over its variance: 1, with a standard deviation of √(2 / count).
    const dispersion = (found: number[], draws: number): number =>
      found.reduce((sum, count) => sum + (count - draws * rate) ** 2, 0) / found.length / (draws * deviation ** 2);
    expect(
      Math.abs(
        dispersion(
          counts(rows, (i) => Math.floor(i / columns)),
          columns,
        ) - 1,
      ),
    ).toBeLessThan(5 * Math.sqrt(2 / rows));
    expect(
      Math.abs(
        dispersion(
          counts(columns, (i) => i % columns),
          rows,
        ) - 1,
      ),
    ).toBeLessThan(5 * Math.sqrt(2 / columns));
  });
});

describe('no mask tells anything of another part of it, or of another mask', () => {
  /** Correlation of a[r][c] with b[r + down][c + right] over the elements that both have. */
  function correlation(
    a: readonly number[],
    b: readonly number[],
    down: number,
    right: number,
  ): { value: number; count: number } {
    let [count, sumA, sumB, both] = [0, 0, 0, 0];
    for (let row = Math.max(0, -down); row < Math.min(rows, rows - down); row++) {
      for (let column = Math.max(0, -right); column < Math.min(columns, columns - right); column++) {
        const x = a[row * columns + column] === 0 ? 1 : 0;
        const y = b[(row + down) * columns + column + right] === 0 ? 1 : 0;
        count++;
        sumA += x;
        sumB += y;
        both += x * y;
      }
    }
    const [meanA, meanB] = [sumA / count, sumB / count];
    return { value: (both / count - meanA * meanB) / Math.sqrt(meanA * (1 - meanA) * meanB * (1 - meanB)), count };
  }

  function expectIndependent(a: readonly number[], b: readonly number[], withItself = false): void {
    for (let down = -4; down <= 4; down++) {
      for (let right = -4; right <= 4; right++) {
        if (withItself && down === 0 && right === 0) continue;
        const { value, count } = correlation(a, b, down, right);
        expect(Math.abs(value), `${down} rows and ${right} columns apart`).toBeLessThan(5 / Math.sqrt(count));
      }
    }
  }

  it.each([0.1, 0.5])('neighbouring rows, columns and places at rate %d', async (rate) => {
    const places = await drop(rate, 7, 3);
    for (const place of places) expectIndependent(place, place, true);
    expectIndependent(places[0]!, places[1]!);
    expectIndependent(places[0]!, places[2]!);
    expectIndependent(places[1]!, places[2]!);
  });

  it.each([1, 2, 65_536, 0x1000000, -0x61c88647, 0x3c6ef372])('seeds that differ by %d', async (difference) => {
    const [[one], [other]] = await Promise.all([drop(0.5, 1000), drop(0.5, (1000 + difference) | 0)]);
    expectIndependent(one!, other!);
  });
});

it('the same seed gives the same mask, in another session too; another seed another one', async () => {
  const [first] = await drop(0.5, 99);
  expect((await drop(0.5, 99))[0]).toEqual(first);
  expect((await drop(0.5, 98))[0]).not.toEqual(first);
  expect((await drop(0.5, -99))[0]).not.toEqual(first);
});

it('a row keeps its mask when there are more rows', async () => {
  const graph = new Graph();
  const y = new Dropout(graph, 0.5).apply(graph.input('x', 'float32', ['rows', 8]));
  const session = await Session.create(compileModel({ y }), 'cpu');
  const mask = async (count: number): Promise<number[]> => {
    const found = await session.run({ x: float32(new Float32Array(count * 8).fill(1), [count, 8]), ...dropoutFeed(5) });
    return [...(found.y!.data as Float32Array)];
  };
  expect((await mask(9)).slice(0, 24)).toEqual(await mask(3));
  await session.dispose();
});

it('the gradient passes where the value passed', async () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 3, 5]);
  const weight = graph.input('weight', 'float32', [2, 3, 5]);
  const y = new Dropout(graph, 0.4).apply(x);
  const [dx] = gradients(sumAll(multiply(y, weight)), [x]);
  const numbers = (scale: number) =>
    float32(
      Float32Array.from({ length: 30 }, (_, i) => scale * (i + 1)),
      [2, 3, 5],
    );
  const found = await evaluate({ y, dx: dx! }, { x: numbers(1), weight: numbers(2), 'dropout.seed': int32Scalar(3) });
  expect(found.y!.filter((value) => value === 0).length).toBeGreaterThan(3);
  found.y!.forEach((value, i) => {
    const scale = value / (i + 1);
    expect([0, 1 / 0.6].some((expected) => Math.abs(scale - expected) < 1e-5)).toBe(true);
    expect(found.dx![i]).toBeCloseTo(2 * (i + 1) * scale, 4);
  });
});

it('rate 0 adds nothing to a graph', () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2]);
  expect(new Dropout(graph, 0).apply(x)).toBe(x);
});

describe.runIf(testsWebgpu)('on webgpu', () => {
  it('the masks are those of the CPU', async () => {
    const expected = await drop(0.3, 2024, 2);
    const found = await drop(0.3, 2024, 2, 'webgpu');
    found.forEach((mask, place) =>
      expect(mask.map((value) => value === 0)).toEqual(expected[place]!.map((value) => value === 0)),
    );
  });
});
