import { expect, test } from 'vitest';
import { gradients } from '../../../../src/lab/graph/gradient.ts';
import { Graph, ancestors } from '../../../../src/lab/graph/graph.ts';
import { float32Scalar } from '../../../../src/lab/graph/hostTensor.ts';
import {
  add,
  exponential,
  greater,
  multiply,
  square,
  stopGradient,
  where,
} from '../../../../src/lab/graph/operators/elementwise.ts';
import { evaluate } from '../../../helpers/graph.ts';

function scalars() {
  const graph = new Graph();
  return { graph, x: graph.input('x', 'float32', []), y: graph.input('y', 'float32', []) };
}

const at = { x: float32Scalar(3), y: float32Scalar(5) };

test('a tensor used several times gets the sum of its gradients', async () => {
  const { x, y } = scalars();
  const [dx, dy] = gradients(add(multiply(multiply(x, y), x), x), [x, y]);
  expect(await evaluate({ dx: dx!, dy: dy! }, at)).toEqual({ dx: [2 * 3 * 5 + 1], dy: [9] });
});

test('derivatives of a value on the way, and of the loss by itself', async () => {
  const { x } = scalars();
  const middle = square(x);
  const loss = multiply(middle, middle);
  const [dMiddle, dLoss] = gradients(loss, [middle, loss]);
  expect(await evaluate({ dMiddle: dMiddle!, dLoss: dLoss! }, { x: at.x })).toEqual({ dMiddle: [18], dLoss: [1] });
});

test('derivatives can be derived again', async () => {
  const { x } = scalars();
  const [first] = gradients(multiply(square(x), x), [x]);
  const [second] = gradients(first!, [x]);
  expect(await evaluate({ second: second! }, { x: at.x })).toEqual({ second: [18] });
});

test('stopGradient takes the value and hides where it came from', async () => {
  const { x } = scalars();
  const loss = multiply(x, stopGradient(square(x)));
  const [dx] = gradients(loss, [x]);
  expect(await evaluate({ loss, dx: dx! }, { x: at.x })).toEqual({ loss: [27], dx: [9] });
});

test('a target without influence on the loss is named', () => {
  const { graph, x, y } = scalars();
  expect(() => gradients(square(x), [x, y])).toThrow('The loss does not depend on "y".');
  expect(() => gradients(multiply(x, stopGradient(y)), [x, y])).toThrow('does not depend on "y"');
  expect(() => gradients(where(greater(y, 0), x, 0), [x, y])).toThrow('does not depend on "y"');
  const unused = exponential(y);
  expect(() => gradients(square(x), [unused])).toThrow(`does not depend on tensor ${unused.id}`);
  expect(() => gradients(graph.scalar(1), [x])).toThrow('does not depend on "x"');
});

test('a loss is a scalar', () => {
  const matrix = new Graph().input('m', 'float32', [2, 'n']);
  expect(() => gradients(matrix, [matrix])).toThrow('A loss must be a scalar; found the shape [2, n].');
});

test('what a tensor needs comes before it, once', () => {
  const { x, y } = scalars();
  const sum = add(x, y);
  exponential(sum);
  const product = multiply(sum, x);
  expect(ancestors([product, sum])).toEqual([x, y, sum, product]);
});
