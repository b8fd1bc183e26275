import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import {
  attributeTypes,
  elementTypes,
  encodeModel,
  type OnnxModel,
  type OnnxNode,
  type OnnxValueInfo,
} from '../../../../src/lab/graph/onnxSchema.ts';

const float32 = (name: string, ...dimensions: (number | string)[]): OnnxValueInfo => ({
  name,
  type: {
    tensorType: {
      elemType: elementTypes.float32,
      shape: { dim: dimensions.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size })) },
    },
  },
});

const model = (
  node: OnnxNode[],
  input: OnnxValueInfo[],
  output: OnnxValueInfo[],
  initializer: OnnxModel['graph']['initializer'] = [],
): OnnxModel => ({
  irVersion: 10,
  producerName: 'losslab',
  opsetImport: [{ domain: '', version: 21 }],
  graph: { name: 'test', node, initializer, input, output },
});

async function run(built: OnnxModel, feeds: Record<string, Tensor>): Promise<Tensor> {
  const session = await InferenceSession.create(encodeModel(built));
  const result = await session.run(feeds);
  return result.y as Tensor;
}

test('a model with an initializer and a named dimension runs', async () => {
  const added = model(
    [{ name: 'add', opType: 'Add', input: ['x', 'two'], output: ['y'] }],
    [float32('x', 'n')],
    [float32('y', 'n')],
    [{ name: 'two', dims: [], dataType: elementTypes.float32, rawData: new Uint8Array(Float32Array.of(2).buffer) }],
  );
  const y = await run(added, { x: new Tensor('float32', [1, 2, 3], [3]) });
  expect([...(y.data as Float32Array)]).toEqual([3, 4, 5]);
});

test('names and dimensions of inputs are read back as they were written', async () => {
  const identity = model(
    [{ name: 'same', opType: 'Identity', input: ['x'], output: ['y'] }],
    [float32('x', 'texts', 4)],
    [float32('y', 'texts', 4)],
  );
  const session = await InferenceSession.create(encodeModel(identity));
  expect(session.inputMetadata).toEqual([{ name: 'x', isTensor: true, type: 'float32', shape: ['texts', 4] }]);
});

test('attributes of every kind reach the operator, zero and negative values too', async () => {
  const gemm = model(
    [
      {
        name: 'gemm',
        opType: 'Gemm',
        input: ['x', 'x'],
        output: ['y'],
        attribute: [
          { name: 'alpha', type: attributeTypes.float, f: -0.5 },
          { name: 'transA', type: attributeTypes.int, i: 0 },
          { name: 'transB', type: attributeTypes.int, i: 1 },
        ],
      },
    ],
    [float32('x', 2, 2)],
    [float32('y', 2, 2)],
  );
  expect([...((await run(gemm, { x: new Tensor('float32', [1, 2, 3, 4], [2, 2]) })).data as Float32Array)]).toEqual([
    -2.5, -5.5, -5.5, -12.5,
  ]);

  const rearranged = model(
    [
      {
        name: 'transpose',
        opType: 'Transpose',
        input: ['x'],
        output: ['t'],
        attribute: [{ name: 'perm', type: attributeTypes.ints, ints: [1, 0] }],
      },
      {
        name: 'constant',
        opType: 'Constant',
        input: [],
        output: ['c'],
        attribute: [{ name: 'value_floats', type: attributeTypes.floats, floats: [10, 0] }],
      },
      {
        name: 'tensor',
        opType: 'Constant',
        input: [],
        output: ['d'],
        attribute: [
          {
            name: 'value',
            type: attributeTypes.tensor,
            t: {
              name: '',
              dims: [1, 2],
              dataType: elementTypes.float32,
              rawData: new Uint8Array(Float32Array.of(0, -100).buffer),
            },
          },
        ],
      },
      { name: 'sum', opType: 'Sum', input: ['t', 'c', 'd'], output: ['s'] },
      {
        name: 'einsum',
        opType: 'Einsum',
        input: ['s'],
        output: ['y'],
        attribute: [{ name: 'equation', type: attributeTypes.string, s: new TextEncoder().encode('ij->ji') }],
      },
    ],
    [float32('x', 2, 2)],
    [float32('y', 2, 2)],
  );
  expect([
    ...((await run(rearranged, { x: new Tensor('float32', [1, 2, 3, 4], [2, 2]) })).data as Float32Array),
  ]).toEqual([11, 12, -97, -96]);
});
