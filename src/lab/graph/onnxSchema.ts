import protobuf from 'protobufjs/light.js';

/**
 * The part of the ONNX file format that LossLab writes: the fields of each message with their numbers, and the same
 * messages as types of plain objects. Field numbers and codes are those of `onnx.proto` (ONNX IR,
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto); only the numbers reach the file, so names follow this
 * project's style.
 */

/** TensorProto.DataType */
export const elementTypes = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const;
export type ElementTypeCode = (typeof elementTypes)[keyof typeof elementTypes];

/** AttributeProto.AttributeType */
export const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  floats: 6,
  ints: 7,
} as const;

export interface OnnxModel {
  /** Version of the file format, which bounds the operator sets a model may name. */
  irVersion: number;
  producerName: string;
  graph: OnnxGraph;
  opsetImport: OnnxOperatorSet[];
}

export interface OnnxOperatorSet {
  /** Empty for the standard operators. */
  domain: string;
  version: number;
}

export interface OnnxGraph {
  name: string;
  /** Ordered so that every input is known before it is used. */
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
}

export interface OnnxNode {
  name: string;
  opType: string;
  /** The operator set that defines `opType`; empty or absent for the standard operators. */
  domain?: string;
  /** Names of values; an empty name omits an optional input. */
  input: string[];
  output: string[];
  attribute?: OnnxAttribute[];
}

export type OnnxAttribute = { name: string } & (
  | { type: typeof attributeTypes.float; f: number }
  | { type: typeof attributeTypes.int; i: number }
  | { type: typeof attributeTypes.string; s: Uint8Array }
  | { type: typeof attributeTypes.tensor; t: OnnxTensor }
  | { type: typeof attributeTypes.floats; floats: number[] }
  | { type: typeof attributeTypes.ints; ints: number[] }
);

export interface OnnxTensor {
  name: string;
  /** Empty for a scalar. */
  dims: number[];
  dataType: ElementTypeCode;
  /** Elements in row-major order, little-endian; a bool takes one byte. */
  rawData: Uint8Array;
}

export interface OnnxValueInfo {
  name: string;
  type: OnnxTensorType | { sequenceType: { elemType: OnnxTensorType } };
}

export interface OnnxTensorType {
  tensorType: { elemType: ElementTypeCode; shape: { dim: OnnxDimension[] } };
}

/** A size, or the name of one that is known only when the model runs. */
export type OnnxDimension = { dimValue: number } | { dimParam: string };

const single = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id });

const schema = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: single('int64', 1),
        producerName: single('string', 2),
        graph: single('Graph', 7),
        opsetImport: repeated('OperatorSet', 8),
      },
    },
    OperatorSet: { fields: { domain: single('string', 1), version: single('int64', 2) } },
    Graph: {
      fields: {
        node: repeated('Node', 1),
        name: single('string', 2),
        initializer: repeated('Tensor', 5),
        input: repeated('ValueInfo', 11),
        output: repeated('ValueInfo', 12),
      },
    },
    Node: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        name: single('string', 3),
        opType: single('string', 4),
        attribute: repeated('Attribute', 5),
        domain: single('string', 7),
      },
    },
    Attribute: {
      fields: {
        name: single('string', 1),
        f: single('float', 2),
        i: single('int64', 3),
        s: single('bytes', 4),
        t: single('Tensor', 5),
        floats: repeated('float', 7),
        ints: repeated('int64', 8),
        type: single('int32', 20),
      },
    },
    Tensor: {
      fields: {
        dims: repeated('int64', 1),
        dataType: single('int32', 2),
        name: single('string', 8),
        rawData: single('bytes', 9),
      },
    },
    ValueInfo: { fields: { name: single('string', 1), type: single('Type', 2) } },
    Type: { fields: { tensorType: single('TensorType', 1), sequenceType: single('SequenceType', 4) } },
    SequenceType: { fields: { elemType: single('Type', 1) } },
    TensorType: { fields: { elemType: single('int32', 1), shape: single('Shape', 2) } },
    Shape: { fields: { dim: repeated('Dimension', 1) } },
    Dimension: { fields: { dimValue: single('int64', 1), dimParam: single('string', 2) } },
  },
});

const modelType = schema.lookupType('Model');

/** The bytes of an `.onnx` file. A protobuf message holds at most 2 GiB. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return modelType.encode(model).finish();
}
