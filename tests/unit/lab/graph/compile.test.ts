import { describe, expect, test } from 'vitest';
import { bindDimensions, compileModel, type ModelInput } from '../../../../src/lab/graph/compile.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32, float32Scalar, int32 } from '../../../../src/lab/graph/hostTensor.ts';
import { add, divide, exponential, multiply, roundDown } from '../../../../src/lab/graph/operators/elementwise.ts';
import { gatherRows } from '../../../../src/lab/graph/operators/indexing.ts';
import { reshape } from '../../../../src/lab/graph/operators/movement.ts';
import { meanAll } from '../../../../src/lab/graph/operators/reduction.ts';
import { Session, scalarValue, toDeviceTensor } from '../../../../src/lab/engine/session.ts';
import { evaluate, testsWebgpu } from '../../../helpers/graph.ts';
import { reduceSum } from '../../../../src/lab/graph/operators/broadcast.ts';

const vector = (...values: number[]) => float32(Float32Array.from(values), [values.length]);

describe('a model', () => {
  test('holds what its outputs need, and nothing else of the graph', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const unused = exponential(graph.input('unused', 'float32', ['n']));
    const all = compileModel({ y: add(x, 1), z: meanAll(unused) });
    const some = compileModel({ y: add(x, 1) });
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
    expect(all.inputs.map(({ name }) => name)).toEqual(['x', 'unused']);
    expect(all.derivedInputs.map(({ name }) => name)).toEqual(['size:n']);
    expect(text(all.bytes)).toContain('Exp');
    expect(some.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(some.derivedInputs).toEqual([]);
    expect(text(some.bytes)).not.toContain('Exp');
  });

  test('gives its outputs under the names asked for, the same tensor under two, an input as it is', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const y = multiply(x, 2);
    const model = compileModel({ doubled: y, again: y, 'x as it is': x });
    expect(model.outputs).toEqual(['doubled', 'again', 'x as it is']);
    expect(await evaluate({ doubled: y, again: y, 'x as it is': x }, { x: vector(1, 2) })).toEqual({
      doubled: [2, 4],
      again: [2, 4],
      'x as it is': [1, 2],
    });
  });

  test('serves all lengths of its symbols in one session', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['texts', 'length']);
    const flat = reshape(x, ['length*texts']);
    const outputs = {
      flat,
      mean: meanAll(x),
      place: graph.range('length*texts'),
      bySize: divide(reduceSum(flat, [0]), graph.size('texts')),
    };
    const session = await Session.create(compileModel(outputs), 'cpu');
    for (const [texts, length] of [
      [2, 3],
      [1, 1],
      [5, 2],
      [2, 3],
    ] as const) {
      const values = Float32Array.from({ length: texts * length }, (_, i) => i + 1);
      const total = values.reduce((sum, value) => sum + value, 0);
      const { flat: found, mean, place, bySize } = await session.run({ x: float32(values, [texts, length]) });
      expect(found!.dims).toEqual([texts * length]);
      expect(found!.data).toEqual(values);
      expect(scalarValue(mean!)).toBeCloseTo(total / (texts * length), 5);
      expect([...(place!.data as Int32Array)]).toEqual([...values.keys()]);
      expect((bySize!.data as Float32Array)[0]).toBeCloseTo(total / texts, 4);
    }
    await session.dispose();
  });

  test('keeps constants of every type, negative zero included', async () => {
    const graph = new Graph();
    const zeros = multiply(graph.input('x', 'float32', []), graph.constant([0, 0], [2]));
    const outputs = {
      floats: graph.constant([1.5, -2, 3, 4], [2, 2]),
      integers: graph.constant([1, -2], [2], 'int32'),
      flags: graph.constant([1, 0], [2], 'bool'),
      signs: divide(1, graph.scalar(-0)),
      zeros,
    };
    expect(await evaluate(outputs, { x: float32Scalar(1) })).toEqual({
      floats: [1.5, -2, 3, 4],
      integers: [1, -2],
      flags: [1, 0],
      signs: [-Infinity],
      zeros: [0, 0],
    });
  });
});

describe('what is fed', () => {
  const inputs: ModelInput[] = [
    { name: 'ids', type: 'int32', shape: ['texts', 'length'] },
    { name: 'mask', type: 'float32', shape: ['texts', 4] },
    { name: 'rows', type: 'float32', shape: ['length*texts'] },
  ];
  const bind = (dims: Record<string, number[]>) => bindDimensions(inputs, (name) => dims[name]!);

  test('binds the symbols', () => {
    expect(bind({ ids: [2, 3], mask: [2, 4], rows: [6] })).toEqual(
      new Map([
        ['texts', 2],
        ['length', 3],
      ]),
    );
  });

  test.each<[string, Record<string, number[]>, string]>([
    [
      'a symbol with two lengths',
      { ids: [2, 3], mask: [5, 4], rows: [6] },
      'Input "mask": expected texts = 2 along axis 0, found 5.',
    ],
    [
      'another fixed length',
      { ids: [2, 3], mask: [2, 7], rows: [6] },
      'Input "mask": expected 4 = 4 along axis 1, found 7.',
    ],
    [
      'a product that does not fit',
      { ids: [2, 3], mask: [2, 4], rows: [5] },
      'Input "rows": expected length*texts = 6 along axis 0, found 5.',
    ],
    ['another rank', { ids: [6], mask: [2, 4], rows: [6] }, 'Input "ids": expected rank 2, found dims [6].'],
  ])('%s is refused, naming input and axis', (_, dims, message) => {
    expect(() => bind(dims)).toThrow(message);
  });

  test('an input that is missing is named', async () => {
    const graph = new Graph();
    const session = await Session.create(
      compileModel({ y: add(graph.input('left', 'float32', []), graph.input('right', 'float32', [])) }),
      'cpu',
    );
    await expect(session.run({ left: float32Scalar(1) })).rejects.toThrow('No value was given for the input "right".');
    await session.dispose();
  });

  test('an output can be written over an input of the same run', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const session = await Session.create(
      compileModel({ next: add(multiply(x, 2), 1) }, { withoutCopies: true }),
      'cpu',
    );
    const values = Float32Array.of(1, 2);
    const tensor = toDeviceTensor(float32(values, [2]));
    for (let i = 0; i < 3; i++) await session.runInto({ x: tensor }, { next: tensor });
    await session.dispose();
    expect([...values]).toEqual([15, 23]);
  });

  test('what is written into given tensors is not copied', async () => {
    const graph = new Graph();
    const length = 4_000_000;
    const session = await Session.create(
      compileModel({ next: add(graph.input('x', 'float32', [length]), 1) }, { withoutCopies: true }),
      'cpu',
    );
    const tensor = toDeviceTensor(float32(new Float32Array(length), [length]));
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 3; i++) await session.runInto({ x: tensor }, { next: tensor });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * length);
    await session.dispose();
  });

  test('an output without a tensor to be written into, and an error of the run, are told', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['n']);
    const session = await Session.create(compileModel({ next: add(x, 1) }, { withoutCopies: true }), 'cpu');
    const two = toDeviceTensor(float32(new Float32Array(2), [2]));
    await expect(session.runInto({ x: two }, {})).rejects.toThrow('No tensor was given for the output "next".');
    await expect(
      session.runInto({ x: two }, { next: toDeviceTensor(float32(new Float32Array(3), [3])) }),
    ).rejects.toThrow(/shape/i);
    await session.dispose();
  });
});

describe('mistakes in a graph', () => {
  test('an input under one name has one type and shape', () => {
    const graph = new Graph();
    expect(graph.input('x', 'float32', ['n'])).toBe(graph.input('x', 'float32', ['n']));
    expect(() => graph.input('x', 'float32', [2])).toThrow('Input "x" exists with another type or shape.');
    expect(() => graph.input('x', 'int32', ['n'])).toThrow('Input "x" exists with another type or shape.');
  });

  test('tensors of two graphs do not mix, nor do element types', () => {
    const x = new Graph().input('x', 'float32', []);
    const other = new Graph();
    expect(() => add(x, other.input('y', 'float32', []))).toThrow('another graph');
    expect(() => add(x, x.graph.input('i', 'int32', []))).toThrow('Add: float32 against int32.');
  });

  test('shapes that do not fit are named', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    expect(() => reshape(x, [4])).toThrow('Cannot reshape [2, 3] to [4].');
    expect(() => reduceSum(x, [2])).toThrow('Axis 2 is out of range for a tensor of rank 2.');
    expect(() => gatherRows(graph.input('v', 'float32', [3]), graph.input('i', 'int32', [1]))).toThrow(
      'gatherRows takes a matrix; found [3].',
    );
  });
});

describe.runIf(testsWebgpu)('on webgpu', () => {
  test('an operator without a WebGPU kernel is refused, not run on the CPU', async () => {
    const graph = new Graph();
    const kept = graph.input('x', 'int32', [2]);
    const withoutKernel = graph.apply(
      { name: 'Mod', gradient: null, emit: (emitter, _node, inputs) => emitter.node('Mod', inputs) },
      [kept, kept],
      { type: 'int32', shape: [2] },
    );
    const outputs = { y: withoutKernel };
    await expect(evaluate(outputs, { x: int32(Int32Array.of(3, 4), [2]) }, 'webgpu')).rejects.toThrow(
      'fallback to CPU EP has been explicitly disabled',
    );
    expect(await evaluate(outputs, { x: int32(Int32Array.of(3, 4), [2]) }, 'cpu')).toEqual({ y: [0, 0] });
  });

  test('a value that is on the GPU is not handed to the CPU', async () => {
    const graph = new Graph();
    const model = compileModel({ y: roundDown(graph.input('x', 'float32', [1])) });
    const onGpu = await Session.create(model, 'webgpu', { keepOnDevice: ['y'] });
    const { y } = await onGpu.run({ x: vector(1.5) });
    expect(y!.location).toBe('gpu-buffer');
    const onCpu = await Session.create(model, 'cpu');
    await expect(onCpu.run({ x: y! })).rejects.toThrow('Input "x" is on the GPU');
    y!.dispose();
    await onGpu.dispose();
    await onCpu.dispose();
  });
});
