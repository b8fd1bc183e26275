import { describe, expect, test } from 'vitest';
import { plainSimilarities } from '../../../../src/lab/evaluation/similarity.ts';
import { layOut, neighbourCount } from '../../../../src/lab/map/layout.ts';
import { nearestNeighbours } from '../../../../src/lab/map/neighbours.ts';
import { alignTo } from '../../../../src/lab/map/procrustes.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';

const dimension = 12;
const groups = 4;

/** Points of length 1 around as many centres as there are groups, in turn: [points, dimension]. */
function clusters(points: number, noise: number, seed = 1): Float32Array {
  const random = randomStream(seed, 'weights');
  const centres = Array.from({ length: groups }, () => Float64Array.from({ length: dimension }, () => random.normal()));
  const rows = Array.from({ length: points }, (_, point) => {
    const row = centres[point % groups]!.map((value) => value + noise * random.normal());
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

const distance = (positions: Float32Array, a: number, b: number): number =>
  Math.hypot(positions[2 * a]! - positions[2 * b]!, positions[2 * a + 1]! - positions[2 * b + 1]!);

describe('neighbours', () => {
  test('are those that a search through all finds, itself first, then by rising distance', async () => {
    const embeddings = clusters(300, 0.8);
    const { indices, distances } = await nearestNeighbours(embeddings, dimension, 6, plainSimilarities);
    const cosine = (a: number, b: number): number =>
      embeddings
        .subarray(a * dimension, (a + 1) * dimension)
        .reduce((sum, value, i) => sum + value * embeddings[b * dimension + i]!, 0);
    for (const point of [0, 7, 150, 255, 256, 299]) {
      const others = Array.from({ length: 300 }, (_, other) => other)
        .filter((other) => other !== point)
        .sort((a, b) => cosine(point, b) - cosine(point, a));
      expect(indices[point]).toEqual([point, ...others.slice(0, 5)]);
      expect(distances[point]![0]).toBe(0);
      others
        .slice(0, 5)
        .forEach((other, i) => expect(distances[point]![i + 1]).toBeCloseTo(1 - cosine(point, other), 5));
    }
  });

  test('of equal texts: the first that stands there, at no distance', async () => {
    const same = Float32Array.from({ length: 5 * 2 }, (_, i) => (i % 2 === 0 ? 1 : 0));
    const { indices, distances } = await nearestNeighbours(same, 2, 3, plainSimilarities);
    expect(indices).toEqual([
      [0, 1, 2],
      [1, 0, 2],
      [2, 0, 1],
      [3, 0, 1],
      [4, 0, 1],
    ]);
    expect(distances.flat()).toEqual(new Array(15).fill(0));
  });
});

describe('a layout', () => {
  const layoutOf = async (embeddings: Float32Array, start: Float32Array | null = null): Promise<Float32Array> =>
    layOut(await nearestNeighbours(embeddings, dimension, neighbourCount, plainSimilarities), start, () => undefined);

  test('keeps together what belongs together, and is the same every time', async () => {
    const embeddings = clusters(120, 0.15);
    const layout = await layoutOf(embeddings);
    expect(layout).toHaveLength(240);
    for (let point = 0; point < 120; point++) {
      const nearest = Array.from({ length: 120 }, (_, other) => other)
        .filter((other) => other !== point)
        .sort((a, b) => distance(layout, point, a) - distance(layout, point, b))[0]!;
      expect(nearest % groups).toBe(point % groups);
    }
    expect(await layoutOf(embeddings)).toEqual(layout);
  });

  test('that begins where another ended stays nearer to it than one that begins by itself', async () => {
    const before = await layoutOf(clusters(120, 0.15));
    const changed = clusters(120, 0.25);
    const meanDistance = (layout: Float32Array): number =>
      Array.from({ length: 120 }, (_, point) =>
        Math.hypot(layout[2 * point]! - before[2 * point]!, layout[2 * point + 1]! - before[2 * point + 1]!),
      ).reduce((a, b) => a + b) / 120;
    const [following, alone] = [
      await layoutOf(changed, before),
      await layoutOf(
        changed,
        before.map((_, i) => (i * 7919) % 20),
      ),
    ];
    expect(meanDistance(following)).toBeLessThan(meanDistance(alone) / 2);
  });

  test('tells how far it is, to the end', async () => {
    const seen: [number, number][] = [];
    layOut(
      await nearestNeighbours(clusters(40, 0.3), dimension, neighbourCount, plainSimilarities),
      null,
      (done, total) => seen.push([done, total]),
    );
    expect(seen[0]).toEqual([1, 500]);
    expect(seen.at(-1)).toEqual([500, 500]);
  });

  test('of texts that are all equal is there, too', async () => {
    const layout = await layoutOf(
      Float32Array.from({ length: 20 * dimension }, (_, i) => (i % dimension === 0 ? 1 : 0)),
    );
    expect(layout.every(Number.isFinite)).toBe(true);
  });
});

describe('alignment', () => {
  const random = randomStream(3, 'weights');
  const fixed = Float32Array.from({ length: 80 }, () => 5 * random.normal());

  test.each([
    [0.3, 1, 1],
    [2.5, 1, 0.25],
    [-1.2, -1, 4],
    [Math.PI, -1, 1],
  ])('undoes a turn by %d, a mirror of %d and a stretch of %d', (angle, mirror, scale) => {
    const moved = Float32Array.from(fixed, (_, i) => {
      const [x, y] = [fixed[i - (i % 2)]!, mirror * fixed[i - (i % 2) + 1]!];
      return (
        (i % 2 === 0 ? Math.cos(angle) * x - Math.sin(angle) * y + 9 : Math.sin(angle) * x + Math.cos(angle) * y - 4) *
        scale
      );
    });
    const aligned = alignTo(fixed, moved);
    fixed.forEach((value, i) => expect(aligned[i]).toBeCloseTo(value, 4));
  });

  test('no other turn, mirrored or not, brings the points nearer', () => {
    const moved = fixed.map((value) => value + 3 * random.normal());
    const squared = (other: Float32Array): number => fixed.reduce((sum, value, i) => sum + (value - other[i]!) ** 2, 0);
    const aligned = alignTo(fixed, moved);
    const centre = [0, 1].map((axis) => fixed.filter((_, i) => i % 2 === axis).reduce((a, b) => a + b) / 40);
    for (let step = 1; step < 360; step++) {
      for (const mirror of [1, -1]) {
        const angle = (step * Math.PI) / 180;
        const turned = Float32Array.from(aligned, (_, i) => {
          const [x, y] = [aligned[i - (i % 2)]! - centre[0]!, mirror * (aligned[i - (i % 2) + 1]! - centre[1]!)];
          return i % 2 === 0
            ? centre[0]! + Math.cos(angle) * x - Math.sin(angle) * y
            : centre[1]! + Math.sin(angle) * x + Math.cos(angle) * y;
        });
        expect(squared(turned)).toBeGreaterThan(squared(aligned));
      }
    }
  });

  test('keeps the size: what fits badly is not shrunk', () => {
    const radius = (positions: Float32Array): number => {
      const centre = [0, 1].map(
        (axis) => positions.filter((_, i) => i % 2 === axis).reduce((a, b) => a + b) / (positions.length / 2),
      );
      return Math.sqrt(positions.reduce((sum, value, i) => sum + (value - centre[i % 2]!) ** 2, 0));
    };
    const unlike = Float32Array.from({ length: 80 }, () => random.normal());
    expect(radius(alignTo(fixed, unlike)) / radius(fixed)).toBeCloseTo(1, 5);
  });

  test('of what lies in one point gives that point', () => {
    expect([...alignTo(Float32Array.of(1, 2, 3, 4), Float32Array.of(7, 7, 7, 7))]).toEqual([2, 3, 2, 3]);
  });
});
