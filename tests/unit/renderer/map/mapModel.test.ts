import { describe, expect, test } from 'vitest';
import type { EmbeddingMap, MapPoint } from '../../../../src/shared/contract/map.ts';
import {
  familiesOf,
  frameOf,
  movedDistances,
  nearestPoint,
  pixelOf,
  pointsBetween,
  searchQuestions,
} from '../../../../src/renderer/features/map/mapModel.ts';

const point = (kind: MapPoint['kind'], question: number, text: string): MapPoint => ({
  kind,
  id: text,
  text,
  question,
  votes: null,
  best: false,
});
const points = [
  point('question', 0, 'What is a kernel?'),
  point('answer', 0, 'A weighting function'),
  point('question', 2, 'What is bias?'),
  point('answer', 2, 'A kernel of truth'),
  point('answer', 2, 'An offset'),
];
const layout = (...positions: number[]) => ({ run: 'r', name: 'r', seed: 1, positions: Float32Array.from(positions) });

describe('places', () => {
  const layouts = [layout(0, 0, 10, 0, 10, 10, 5, 5, 0, 10), layout(-5, 5, 5, 5, 5, 5, 5, 5, 5, 5)];

  test('all points of all layouts lie within the frame, as wide as high', () => {
    const frame = frameOf(layouts, 400, 300);
    for (const { positions } of layouts) {
      for (let i = 0; i < 5; i++) {
        const { x, y } = pixelOf(positions, i, frame);
        expect(x).toBeGreaterThanOrEqual(15);
        expect(x).toBeLessThanOrEqual(385);
        expect(y).toBeGreaterThanOrEqual(15);
        expect(y).toBeLessThanOrEqual(285);
      }
    }
    const [a, b, c] = [0, 1, 2].map((i) => pixelOf(layouts[0]!.positions, i, frame));
    expect(b!.x - a!.x).toBeCloseTo(b!.y - c!.y, 9);
    // Up is up.
    expect(c!.y).toBeLessThan(b!.y);
  });

  test('the nearest point, where one is near', () => {
    const frame = frameOf(layouts, 400, 300);
    const { positions } = layouts[0]!;
    const at = pixelOf(positions, 3, frame);
    expect(nearestPoint(positions, frame, { x: at.x + 3, y: at.y - 4 }, 6)).toBe(3);
    expect(nearestPoint(positions, frame, { x: at.x + 30, y: at.y }, 6)).toBeNull();
  });

  test('what lies in a rectangle, from whichever corner it was drawn', () => {
    const frame = frameOf(layouts, 400, 300);
    const { positions } = layouts[0]!;
    const [from, to] = [pixelOf(positions, 3, frame), pixelOf(positions, 1, frame)];
    expect(pointsBetween(positions, frame, from, to)).toEqual([1, 3]);
    expect(pointsBetween(positions, frame, to, from)).toEqual([1, 3]);
  });

  test('a single place has a frame, too', () => {
    const frame = frameOf([layout(3, 3, 3, 3)], 400, 300);
    const { x, y } = pixelOf(Float32Array.of(3, 3), 0, frame);
    expect([x, y].map(Math.round)).toEqual([200, 150]);
  });
});

test('a family is a question with its answers, whichever of them is meant', () => {
  expect(familiesOf(points, [1])).toEqual([0, 1]);
  expect(familiesOf(points, [4, 2])).toEqual([2, 3, 4]);
  expect(familiesOf(points, [])).toEqual([]);
});

test('how far points have moved, as a share of the radius', () => {
  const map = {
    dataset: 'd',
    testQuestions: 2,
    points,
    layouts: [layout(-1, 0, 1, 0), layout(-1, 0, 1, 3)],
  } satisfies EmbeddingMap;
  expect([...movedDistances(map)!]).toEqual([0, 3]);
  expect(movedDistances({ ...map, layouts: map.layouts.slice(0, 1) })).toBeNull();
});

test('a search finds questions by their words and by those of their answers, each once', () => {
  expect(searchQuestions(points, 'KERNEL', 9)).toEqual([0, 2]);
  expect(searchQuestions(points, 'kernel truth', 9)).toEqual([2]);
  expect(searchQuestions(points, 'what', 1)).toEqual([0]);
  expect(searchQuestions(points, '  ', 9)).toEqual([]);
});
