import { evaluateDimension, type Bindings, type Dimension, type Shape } from './dimension.ts';
import { ancestors, isNode, type AttributeValue, type ElementType, type Emitter, type Tensor } from './graph.ts';
import {
  attributeTypes,
  elementTypes,
  encodeModel,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxTensor,
  type OnnxValueInfo,
} from './onnxSchema.ts';
import { float32Scalar, int32, type HostTensor } from './hostTensor.ts';

/**
 * Writes a graph as an ONNX model. Lengths that are known only in a run (a shape to reshape to, a number of texts to
 * divide by) become inputs of the model. The session computes them from the shapes of its inputs, so the device has no
 * shape arithmetic.
 */
export interface CompiledModel {
  readonly bytes: Uint8Array;
  readonly inputs: readonly ModelInput[];
  readonly derivedInputs: readonly DerivedInput[];
  readonly outputs: readonly string[];
}

export interface ModelInput {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

export type DerivedInput = { readonly name: string } & (
  | { readonly kind: 'shape'; readonly shape: Shape } // int64 vector of the lengths
  | { readonly kind: 'size'; readonly dimension: Dimension } // float32 scalar
  | { readonly kind: 'range'; readonly dimension: Dimension } // int32 vector 0, 1, …
);

/** Outputs of a model: new values of some of its inputs, by name, and figures. */
export interface UpdateModel {
  readonly figures: Readonly<Record<string, Tensor>>;
  readonly updates: Readonly<Record<string, Tensor>>;
}

/** The operator set versions that ONNX Runtime 1.30 runs on both devices. */
const operatorSets = [
  { domain: '', version: 21 },
  { domain: 'com.microsoft', version: 1 },
];

/**
 * An output that is not a tensor, the first in a model that was compiled `withoutCopies`. After the model has run, ONNX
 * Runtime's binding fails at such an output, and so does not copy the outputs after it.
 */
export const endOfRun = 'end_of_run';

export interface CompileOptions {
  /** For `Session.runInto`. */
  readonly withoutCopies?: boolean;
}

export function compileModel(outputs: Readonly<Record<string, Tensor>>, options: CompileOptions = {}): CompiledModel {
  const { graph, ...model } = writeModel(outputs, options);
  return { ...model, bytes: encodeModel({ irVersion: 10, producerName: 'losslab', graph, opsetImport: operatorSets }) };
}

/** A model before encoding, so that it can become part of another model. */
export type WrittenModel = Omit<CompiledModel, 'bytes'> & { readonly graph: OnnxGraph };

export function writeModel(
  outputs: Readonly<Record<string, Tensor>>,
  { withoutCopies = false }: CompileOptions = {},
): WrittenModel {
  const writer = new ModelWriter();
  if (withoutCopies) writer.writeEndOfRun();
  const nameOf = new Map(Object.entries(outputs).map(([name, tensor]) => [tensor, name]));
  for (const tensor of ancestors(Object.values(outputs))) writer.write(tensor, nameOf.get(tensor));
  for (const [name, tensor] of Object.entries(outputs)) writer.writeOutput(name, tensor);
  return writer.finish(Object.keys(outputs));
}

class ModelWriter implements Emitter {
  readonly #onnx: OnnxGraph = { name: 'losslab', node: [], initializer: [], input: [], output: [] };
  readonly #inputs: ModelInput[] = [];
  readonly #derived = new Map<string, DerivedInput>();
  readonly #initializers = new Set<string>();
  readonly #names = new Map<Tensor, string>();
  #count = 0;

  /** A node whose value is an output gets the output's name, so that it writes the output directly, without a copy. */
  write(tensor: Tensor, outputName?: string): void {
    const value = this.#valueOf(tensor);
    const node = this.#onnx.node.at(-1);
    if (outputName !== undefined && isNode(tensor.origin) && node?.output[0] === value && !this.#isUsed(value)) {
      node.output[0] = outputName;
      this.#names.set(tensor, outputName);
    } else {
      this.#names.set(tensor, value);
    }
  }

  /** Whether an earlier tensor has the same value: nodes that pass their input on share its name. */
  #isUsed(value: string): boolean {
    return [...this.#names.values()].includes(value);
  }

  #valueOf(tensor: Tensor): string {
    const { origin } = tensor;
    if (isNode(origin))
      return origin.operator.emit(
        this,
        origin,
        origin.inputs.map((input) => this.#names.get(input)!),
      );
    switch (origin.kind) {
      case 'input':
        this.#inputs.push({ name: origin.name, type: tensor.type, shape: tensor.shape });
        this.#onnx.input.push(valueInfo(origin.name, tensor.type, tensor.shape));
        return origin.name;
      case 'constant':
        if (tensor.shape.length === 0) return this.scalar(origin.values[0]!, tensor.type);
        return this.#initializer(
          `constant:${tensor.id}`,
          tensor.type,
          tensor.shape as readonly number[],
          origin.values,
        );
      case 'size':
        return this.#derivedInput({ name: `size:${origin.dimension}`, kind: 'size', dimension: origin.dimension });
      case 'range':
        return this.#derivedInput({ name: `range:${origin.dimension}`, kind: 'range', dimension: origin.dimension });
    }
  }

  writeOutput(name: string, tensor: Tensor): void {
    const value = this.#names.get(tensor)!;
    if (value !== name)
      this.#onnx.node.push({ name: `output:${name}`, opType: 'Identity', input: [value], output: [name] });
    this.#onnx.output.push(valueInfo(name, tensor.type, tensor.shape));
  }

  writeEndOfRun(): void {
    this.#onnx.node.push({ name: endOfRun, opType: 'SequenceEmpty', input: [], output: [endOfRun] });
    this.#onnx.output.push({
      name: endOfRun,
      type: { sequenceType: { elemType: { tensorType: { elemType: elementTypes.float32, shape: { dim: [] } } } } },
    });
  }

  finish(outputs: readonly string[]): WrittenModel {
    return { graph: this.#onnx, inputs: this.#inputs, derivedInputs: [...this.#derived.values()], outputs };
  }

  node(type: string, inputs: readonly string[], attributes: Record<string, AttributeValue> = {}): string {
    const output = `v${this.#count++}`;
    const separator = type.lastIndexOf('.');
    this.#onnx.node.push({
      name: `${type}:${output}`,
      opType: type.slice(separator + 1),
      domain: separator < 0 ? '' : type.slice(0, separator),
      input: [...inputs],
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return output;
  }

  integers(values: readonly number[]): string {
    return this.#initializer(`integers:${values.join(',')}`, 'int64', [values.length], values);
  }

  shape(shape: Shape): string {
    if (shape.every((dimension) => typeof dimension === 'number')) return this.integers(shape);
    return this.#derivedInput({ name: `shape:${shape.join(',')}`, kind: 'shape', shape });
  }

  scalar(value: number, type: ElementType): string {
    return this.#initializer(`${type}:${Object.is(value, -0) ? '-0' : value}`, type, [], [value]);
  }

  #initializer(name: string, type: ElementType, dims: readonly number[], values: readonly number[]): string {
    if (!this.#initializers.has(name)) {
      this.#initializers.add(name);
      this.#onnx.initializer.push(onnxTensor(name, type, dims, values));
    }
    return name;
  }

  #derivedInput(input: DerivedInput): string {
    if (!this.#derived.has(input.name)) {
      this.#derived.set(input.name, input);
      const { type, shape } = derivedValue(input);
      this.#onnx.input.push(valueInfo(input.name, type, shape));
    }
    return input.name;
  }
}

/** Integers are written as integer attributes; the fractions that operators take (epsilon) never are integers. */
function attribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'string') return { name, type: attributeTypes.string, s: new TextEncoder().encode(value) };
  if (typeof value !== 'number') return { name, type: attributeTypes.ints, ints: [...value] };
  return Number.isInteger(value)
    ? { name, type: attributeTypes.int, i: value }
    : { name, type: attributeTypes.float, f: value };
}

function valueInfo(name: string, type: ElementType, shape: Shape): OnnxValueInfo {
  const dim = shape.map((dimension) =>
    typeof dimension === 'number' ? { dimValue: dimension } : { dimParam: dimension },
  );
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}

function onnxTensor(name: string, type: ElementType, dims: readonly number[], values: readonly number[]): OnnxTensor {
  const data = typedArray(type, values);
  return {
    name,
    dims: [...dims],
    dataType: elementTypes[type],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function typedArray(type: ElementType, values: readonly number[]) {
  switch (type) {
    case 'float32':
      return Float32Array.from(values);
    case 'int32':
      return Int32Array.from(values);
    case 'int64':
      return BigInt64Array.from(values, BigInt);
    case 'bool':
      return Uint8Array.from(values);
  }
}

function derivedValue(input: DerivedInput): { type: ElementType; shape: Shape } {
  switch (input.kind) {
    case 'shape':
      return { type: 'int64', shape: [input.shape.length] };
    case 'size':
      return { type: 'float32', shape: [] };
    case 'range':
      return { type: 'int32', shape: [input.dimension] };
  }
}

/** The value of a derived input in a run with the given lengths. */
export function deriveInput(input: DerivedInput, bindings: Bindings): HostTensor {
  switch (input.kind) {
    case 'shape':
      return {
        type: 'int64',
        dims: [input.shape.length],
        data: BigInt64Array.from(input.shape, (dimension) => BigInt(evaluateDimension(dimension, bindings))),
      };
    case 'size':
      return float32Scalar(evaluateDimension(input.dimension, bindings));
    case 'range': {
      const length = evaluateDimension(input.dimension, bindings);
      return int32(
        Int32Array.from({ length }, (_, i) => i),
        [length],
      );
    }
  }
}

/** Binds the symbols of a model from the dims of its inputs; throws if two inputs disagree. */
export function bindDimensions(inputs: readonly ModelInput[], dimsOf: (name: string) => readonly number[]): Bindings {
  const bindings = new Map<string, number>();
  for (const { name, shape } of inputs) {
    const dims = dimsOf(name);
    if (dims.length !== shape.length)
      throw new Error(`Input "${name}": expected rank ${shape.length}, found dims [${dims.join(', ')}].`);
    shape.forEach((dimension, axis) => {
      const length = dims[axis]!;
      const expected =
        typeof dimension === 'number'
          ? dimension
          : (bindings.get(dimension) ??
            (/^[a-z_]+$/i.test(dimension) ? undefined : evaluateDimension(dimension, bindings)));
      if (expected === undefined) bindings.set(dimension as string, length);
      else if (expected !== length)
        throw new Error(`Input "${name}": expected ${dimension} = ${expected} along axis ${axis}, found ${length}.`);
    });
  }
  return bindings;
}
