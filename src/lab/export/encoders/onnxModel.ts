import type { Encoder, Weights } from '../../encoders/encoder.ts';
import { writeModel } from '../../graph/compile.ts';
import { Graph, type Tensor } from '../../graph/graph.ts';
import {
  attributeTypes,
  elementTypes,
  encodeModel,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxTensorType,
  type OnnxValueInfo,
} from '../../graph/onnxSchema.ts';
import { bytesOf } from '../../encoders/safetensors.ts';
import { InputWriter, paddedInputs, tokenInputs, writeDerivedInput } from './onnxInputs.ts';
import { isStatic, projectionOf } from './parts.ts';
import { staticOverTokens, staticWeights } from './staticEncoder.ts';

/** Operator set and file format of ONNX Runtime 1.12 and later. */
const operatorSets = [{ domain: '', version: 17 }];
const irVersion = 8;

export const embeddingOutput = 'sentence_embedding';

/**
 * An encoder as one ONNX model of standard operators, with its weights: `input_ids` and `attention_mask`, int64 [batch,
 * length], to `sentence_embedding`, float32 [batch, dimension], for any batch and length. Padding is on the right. The
 * graph is that of evaluation, with nodes before it that compute its other inputs from the token ids.
 */
export function onnxModel(encoder: Encoder, weights: Weights, specialIds: readonly number[]): Uint8Array {
  const graph = isStatic(encoder) ? staticGraph(encoder, weights, specialIds) : transformerGraph(encoder, weights);
  return encodeModel({ irVersion, producerName: 'losslab', graph, opsetImport: operatorSets });
}

function transformerGraph(encoder: Encoder, weights: Weights): OnnxGraph {
  return complete(encoder, encoder.parameters, weights, null, (graph, parameter) => encoder.build(graph, parameter));
}

/** A batch of padded texts, where training has a batch of distinct tokens. */
function staticGraph(encoder: Encoder, weights: Weights, specialIds: readonly number[]): OnnxGraph {
  const { parameters, values, counted } = staticWeights(encoder, weights, specialIds);
  return complete(encoder, parameters, values, counted, (graph, parameter) =>
    staticOverTokens(graph, parameter, projectionOf(encoder).length > 0),
  );
}

type Shaped = readonly { readonly name: string; readonly shape: readonly number[] }[];
type Build = (graph: Graph, parameter: (name: string) => Tensor) => Tensor;

function complete(
  encoder: Encoder,
  parameters: Shaped,
  weights: Weights,
  counted: Float32Array | null,
  build: Build,
): OnnxGraph {
  const shapes = new Map(parameters.map(({ name, shape }) => [name, shape]));
  const source = new Graph();
  const written = writeModel({
    [embeddingOutput]: build(source, (name) => source.input(name, 'float32', shapes.get(name)!)),
  });
  const writer = new InputWriter();
  const fed = paddedInputs(writer, counted);
  for (const { name } of written.inputs) if (!shapes.has(name)) requireKnown(fed, name)();
  for (const derived of written.derivedInputs) writeDerivedInput(writer, derived);
  const used = written.inputs
    .filter(({ name }) => shapes.has(name))
    .map(({ name }) => initializer(name, shapes.get(name)!, weights.get(name)!));
  return {
    name: 'losslab',
    node: [...writer.nodes, ...written.graph.node.flatMap(standardNodes)],
    initializer: [...used, ...writer.initializers, ...written.graph.initializer],
    input: tokenInputs.map((name) =>
      valueInfo(name, elementTypes.int64, [{ dimParam: 'batch' }, { dimParam: 'length' }]),
    ),
    output: [
      valueInfo(embeddingOutput, elementTypes.float32, [{ dimParam: 'batch' }, { dimValue: encoder.dimension }]),
    ],
  };
}

function requireKnown(fed: Readonly<Record<string, () => void>>, name: string): () => void {
  const write = fed[name];
  if (!write) throw new Error(`The input "${name}" cannot be computed from token ids.`);
  return write;
}

function initializer(name: string, dims: readonly number[], data: Float32Array): OnnxTensor {
  return { name, dims: [...dims], dataType: elementTypes.float32, rawData: bytesOf(data) };
}

function valueInfo(
  name: string,
  elemType: OnnxTensorType['tensorType']['elemType'],
  dim: OnnxTensorType['tensorType']['shape']['dim'],
): OnnxValueInfo {
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

/**
 * GELU is a standard operator only in later versions: it is written as x · ½ · (1 + erf(x / √2)), which ONNX Runtime
 * fuses.
 */
function standardNodes(node: OnnxNode): OnnxNode[] {
  if (node.domain !== 'com.microsoft') return [node];
  if (node.opType !== 'Gelu') throw new Error(`${node.opType} cannot be written with standard operators.`);
  const [x] = node.input;
  const [y] = node.output;
  const constant = (name: string, value: number): OnnxNode => ({
    name: `${y}.${name}`,
    opType: 'Constant',
    input: [],
    output: [`${y}.${name}`],
    attribute: [{ name: 'value', type: attributeTypes.tensor, t: initializer('', [], Float32Array.of(value)) }],
  });
  const step = (opType: string, input: string[], output: string): OnnxNode => ({
    name: `${opType}:${output}`,
    opType,
    input,
    output: [output],
  });
  return [
    constant('sqrt2', Math.SQRT2),
    constant('one', 1),
    constant('half', 0.5),
    step('Div', [x!, `${y}.sqrt2`], `${y}.scaled`),
    step('Erf', [`${y}.scaled`], `${y}.erf`),
    step('Add', [`${y}.erf`, `${y}.one`], `${y}.doubled`),
    step('Mul', [x!, `${y}.doubled`], `${y}.weighted`),
    step('Mul', [`${y}.weighted`, `${y}.half`], y!),
  ];
}
