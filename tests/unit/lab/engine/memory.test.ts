import { expect, test } from 'vitest';
import { Graph, type Tensor } from '../../../../src/lab/graph/graph.ts';
import { float32 } from '../../../../src/lab/graph/hostTensor.ts';
import { memoryOf } from '../../../../src/lab/engine/memory.ts';
import { add, negate, multiply } from '../../../../src/lab/graph/operators/elementwise.ts';
import { reshape } from '../../../../src/lab/graph/operators/movement.ts';
import { sumAll } from '../../../../src/lab/graph/operators/reduction.ts';

const rows = 1000;
const feeds = { x: float32(new Float32Array(rows * 100), [rows, 100]) };
/** Of x, and of each value computed from it element by element. */
const valueBytes = 4 * rows * 100;

function peakOf(build: (x: Tensor) => Tensor, device: 'cpu' | 'webgpu' = 'cpu'): number {
  const memory = memoryOf(device);
  memory.run({ figures: { figure: build(new Graph().input('x', 'float32', ['rows', 100])) }, updates: {} }, feeds);
  return memory.peakBytes;
}

function chain(x: Tensor, length: number): Tensor {
  return length === 0 ? x : chain(negate(x), length - 1);
}

test('values that nothing needs any more make room for others', () => {
  const short = peakOf((x) => sumAll(chain(x, 3)));
  expect(peakOf((x) => sumAll(chain(x, 30)))).toBe(short);
  expect(short / valueBytes).toBeGreaterThan(2);
  expect(short / valueBytes).toBeLessThan(2.5);
});

test('values that are needed later are in memory until then', () => {
  const ofAll = (x: Tensor, length: number): Tensor => {
    const values = Array.from({ length }, (_, i) => multiply(x, x.graph.scalar(i)));
    return sumAll(values.reduce((sum, value) => add(sum, value)));
  };
  expect((peakOf((x) => ofAll(x, 20)) - peakOf((x) => ofAll(x, 10))) / valueBytes).toBeCloseTo(12, 0);
});

test('another shape is no other value', () => {
  expect(peakOf((x) => sumAll(negate(reshape(negate(x), [100, 'rows']))))).toBe(
    peakOf((x) => sumAll(negate(negate(x)))),
  );
});

test('on a GPU a value has a buffer of the next size, and buffers are free again after some nodes only', () => {
  expect(peakOf(negate, 'webgpu')).toBe(524_288);
  expect(peakOf((x) => chain(x, 16), 'webgpu')).toBe(16 * 524_288);
  expect(peakOf((x) => chain(x, 100), 'webgpu')).toBeLessThan(20 * 524_288);
});

test('what is updated is updated in place on the CPU, and on a GPU beside it', () => {
  const peak = (device: 'cpu' | 'webgpu'): number => {
    const memory = memoryOf(device);
    memory.keep([valueBytes]);
    const x = new Graph().input('x', 'float32', [rows, 100]);
    for (let run = 0; run < 5; run++) memory.run({ figures: {}, updates: { x: negate(x) } }, feeds);
    return memory.peakBytes;
  };
  expect(peak('cpu')).toBe(valueBytes);
  expect(peak('webgpu')).toBe(2 * 524_288);
});
