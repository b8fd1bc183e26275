import { sameShape, type Dimension, type Shape } from './dimension.ts';

/**
 * A typed tensor graph. Nodes are added by the functions of `operators/`; nothing is computed here.
 * `gradients` adds derivatives to a graph, `compileModel` writes it as an ONNX model.
 */

export type ElementType = 'float32' | 'int32' | 'int64' | 'bool';

export type AttributeValue = number | string | readonly number[];

/** What a node computes: its ONNX form and its gradient. */
export interface Operator {
  readonly name: string;
  /** Null if it has no gradient: comparisons, integer operators. */
  readonly gradient: GradientRule | null;
  readonly emit: EmitRule;
  /** Whether its output is its input, possibly in another shape, so that nothing is computed. */
  readonly isView?: true;
}

/** From d loss / d output to d loss / d input for each input; null for inputs without a gradient. */
export type GradientRule = (node: Node, outputGradient: Tensor) => (Tensor | null)[];

/** Writes the ONNX nodes of one node; `inputs` are value names. Returns the name of its output. */
export type EmitRule = (emitter: Emitter, node: Node, inputs: readonly string[]) => string;

export interface Emitter {
  /** Adds an ONNX node and returns the name of its (only) output. */
  node(type: string, inputs: readonly string[], attributes?: Record<string, AttributeValue>): string;
  /** Integers that are fixed when the model is written: axes, permutations, … */
  integers(values: readonly number[]): string;
  /** A one-dimensional int64 value with the lengths of a shape, including symbols. */
  shape(shape: Shape): string;
  /** A scalar. */
  scalar(value: number, type: ElementType): string;
}

export interface Node {
  readonly operator: Operator;
  readonly inputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly output: Tensor;
}

/** Origin of a tensor that no node computes. */
export type Source =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly values: readonly number[] }
  | { readonly kind: 'size'; readonly dimension: Dimension }
  | { readonly kind: 'range'; readonly dimension: Dimension };

export interface Tensor {
  readonly graph: Graph;
  /** Position in the order of construction: inputs of a node always come before it. */
  readonly id: number;
  readonly type: ElementType;
  readonly shape: Shape;
  readonly origin: Node | Source;
}

export class Graph {
  #count = 0;
  readonly #inputsByName = new Map<string, Tensor>();
  readonly #shared = new Map<string, Tensor>();

  /** An input of each run. The same name always returns the same tensor. */
  input(name: string, type: ElementType, shape: Shape): Tensor {
    const known = this.#inputsByName.get(name);
    if (known) {
      if (known.type !== type || !sameShape(known.shape, shape))
        throw new Error(`Input "${name}" exists with another type or shape.`);
      return known;
    }
    const tensor = this.#tensor(type, shape, { kind: 'input', name });
    this.#inputsByName.set(name, tensor);
    return tensor;
  }

  constant(values: readonly number[], shape: readonly number[], type: ElementType = 'float32'): Tensor {
    return this.#tensor(type, shape, { kind: 'constant', values });
  }

  scalar(value: number, type: ElementType = 'float32'): Tensor {
    const key = `${type}:${Object.is(value, -0) ? '-0' : value}`;
    let tensor = this.#shared.get(key);
    if (!tensor) this.#shared.set(key, (tensor = this.constant([value], [], type)));
    return tensor;
  }

  /** The length of a dimension in a run, as a float32 scalar. */
  size(dimension: Dimension): Tensor {
    if (typeof dimension === 'number') return this.scalar(dimension);
    const key = `size:${dimension}`;
    let tensor = this.#shared.get(key);
    if (!tensor) this.#shared.set(key, (tensor = this.#tensor('float32', [], { kind: 'size', dimension })));
    return tensor;
  }

  /** The int32 vector 0, 1, … of a dimension's length. */
  range(dimension: Dimension): Tensor {
    const key = `range:${dimension}`;
    let tensor = this.#shared.get(key);
    if (!tensor) this.#shared.set(key, (tensor = this.#tensor('int32', [dimension], { kind: 'range', dimension })));
    return tensor;
  }

  /** Adds a node; used by the functions of `operators/`. */
  apply(
    operator: Operator,
    inputs: readonly Tensor[],
    output: { type: ElementType; shape: Shape },
    attributes: Record<string, AttributeValue> = {},
  ): Tensor {
    for (const input of inputs)
      if (input.graph !== this) throw new Error(`${operator.name}: an input belongs to another graph.`);
    const node: { -readonly [K in keyof Node]: Node[K] | undefined } = {
      operator,
      inputs,
      attributes,
      output: undefined,
    };
    const tensor = this.#tensor(output.type, output.shape, node as Node);
    node.output = tensor;
    return tensor;
  }

  #tensor(type: ElementType, shape: Shape, origin: Node | Source): Tensor {
    return { graph: this, id: this.#count++, type, shape, origin };
  }
}

export function isNode(origin: Node | Source): origin is Node {
  return 'operator' in origin;
}

/** The nodes that the given tensors need, inputs before users. */
export function ancestors(outputs: Iterable<Tensor>): Tensor[] {
  const seen = new Set<Tensor>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const tensor = stack.pop()!;
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    if (isNode(tensor.origin)) stack.push(...tensor.origin.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
