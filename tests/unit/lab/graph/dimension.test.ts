import { describe, expect, test } from 'vitest';
import {
  broadcastAxes,
  broadcastShapes,
  evaluateDimension,
  multiplyDimensions,
  sameShape,
  type Dimension,
  type Shape,
} from '../../../../src/lab/graph/dimension.ts';

describe('a product of lengths has one form', () => {
  test.each<[Dimension[], Dimension]>([
    [[], 1],
    [[3, 4], 12],
    [['texts', 'length'], 'length*texts'],
    [['length', 'texts'], 'length*texts'],
    [['texts', 3, 'length', 4], '12*length*texts'],
    [['length*texts', 2], '2*length*texts'],
    [['3*texts', '2*length'], '6*length*texts'],
    [['texts', 'texts'], 'texts*texts'],
    [['texts', 1], 'texts'],
    [['texts', 0], 0],
  ])('%j is %j', (factors, product) => {
    expect(multiplyDimensions(factors)).toBe(product);
  });

  test('the number that a product stands for in a run', () => {
    const bindings = new Map([
      ['texts', 5],
      ['length', 7],
    ]);
    expect(evaluateDimension('2*length*texts', bindings)).toBe(70);
    expect(evaluateDimension('texts*texts', bindings)).toBe(25);
    expect(evaluateDimension(9, bindings)).toBe(9);
    expect(() => evaluateDimension('length*words', bindings)).toThrow('dimension "words"');
  });

  test('equal shapes are equal strings', () => {
    expect(sameShape([multiplyDimensions(['b', 'a']), 2], ['a*b', 2])).toBe(true);
    expect(sameShape(['a'], ['a', 1])).toBe(false);
  });
});

describe('broadcasting', () => {
  test.each<[Shape, Shape, Shape]>([
    [[3, 4], [4], [3, 4]],
    [
      [3, 1],
      [1, 4],
      [3, 4],
    ],
    [[], ['texts', 2], ['texts', 2]],
    [['texts', 1], ['length'], ['texts', 'length']],
    [
      ['texts', 4],
      ['texts', 4],
      ['texts', 4],
    ],
    [[0], [1], [0]],
  ])('%j with %j gives %j, either way round', (a, b, result) => {
    expect(broadcastShapes(a, b)).toEqual(result);
    expect(broadcastShapes(b, a)).toEqual(result);
  });

  test.each<[Shape, Shape, string]>([
    [[3, 4], [3], 'Shapes [3, 4] and [3] do not broadcast: 4 against 3'],
    [['texts'], ['length'], 'Shapes [texts] and [length] do not broadcast: texts against length'],
    [['texts'], [3], 'Shapes [texts] and [3] do not broadcast: texts against 3'],
  ])('%j with %j is refused', (a, b, message) => {
    expect(() => broadcastShapes(a, b)).toThrow(message);
  });

  test.each<[Shape, Shape, number[]]>([
    [[4], [3, 4], [0]],
    [[3, 1], [3, 4], [1]],
    [[], [2, 'texts'], [0, 1]],
    [[1, 4], [1, 4], []],
    [[1], [2, 1], [0]],
  ])('a gradient of %j, broadcast to %j, is summed over axes %j', (from, shape, axes) => {
    expect(broadcastAxes(from, shape)).toEqual(axes);
  });
});
