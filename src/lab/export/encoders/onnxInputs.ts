import { tokens } from '../../encoders/tokenRows.ts';
import type { DerivedInput } from '../../graph/compile.ts';
import type { Dimension } from '../../graph/dimension.ts';
import type { ElementType } from '../../graph/graph.ts';
import {
  attributeTypes,
  elementTypes,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
} from '../../graph/onnxSchema.ts';

/**
 * The inputs that a session computes before each run of an encoder, written as ONNX nodes. The exported model then
 * needs only token ids and their mask, both int64 [texts, length].
 */

export const tokenInputs = ['input_ids', 'attention_mask'] as const;

type Integers = readonly number[];

/** Writes nodes whose values have the input names of the encoder's graph. */
export class InputWriter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #known = new Map<string, string>();
  #count = 0;

  /** Adds a node; its value gets `name`, or a unique name. */
  node(
    type: string,
    inputs: readonly string[],
    attributes: readonly OnnxAttribute[] = [],
    name = `given.${this.#count++}`,
  ): string {
    this.nodes.push({
      name: `${type}:${name}`,
      opType: type,
      input: [...inputs],
      output: [name],
      attribute: [...attributes],
    });
    return name;
  }

  /** A constant int64 vector, or scalar. */
  integers(values: Integers | number): string {
    const scalar = typeof values === 'number';
    const data = BigInt64Array.from(scalar ? [values] : values, BigInt);
    return this.#once(`given.integers:${scalar ? 'scalar:' : ''}${values.toString()}`, (name) =>
      this.#initializer(name, 'int64', scalar ? [] : [data.length], data),
    );
  }

  floats(name: string, dims: Integers, data: Float32Array): string {
    return this.#initializer(name, 'float32', dims, data);
  }

  cast(value: string, type: ElementType, name?: string): string {
    return this.node('Cast', [value], [{ name: 'to', type: attributeTypes.int, i: elementTypes[type] }], name);
  }

  reshape(value: string, shape: Integers, name?: string): string {
    return this.node('Reshape', [value, this.integers(shape)], [], name);
  }

  /** A length as an int64 vector of one element: a number, or a product of `texts`, `length` and a number. */
  length(dimension: Dimension): string {
    const factors = String(dimension)
      .split('*')
      .flatMap((factor) => (factor === tokens ? ['length', 'texts'] : [factor]))
      .map((factor) => this.#factor(factor));
    return this.#once(`given.length:${dimension}`, () =>
      factors.reduce((product, factor) => this.node('Mul', [product, factor])),
    );
  }

  #factor(factor: string): string {
    if (/^\d+$/.test(factor)) return this.integers([Number(factor)]);
    const axis = ['texts', 'length'].indexOf(factor);
    if (axis < 0) throw new Error(`The length "${factor}" cannot be computed from token ids.`);
    return this.#once(`given.factor:${factor}`, () =>
      this.node('Gather', [this.#once('given.shape', () => this.node('Shape', ['input_ids'])), this.integers([axis])]),
    );
  }

  /** A value whose nodes are written at its first use. */
  #once(key: string, write: (key: string) => string): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = write(key);
    this.#known.set(key, name);
    return name;
  }

  #initializer(name: string, type: ElementType, dims: Integers, data: Float32Array | BigInt64Array): string {
    this.initializers.push({
      name,
      dims: [...dims],
      dataType: elementTypes[type],
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return name;
  }
}

/** The value of a derived input, from the shape of the token ids. */
export function writeDerivedInput(writer: InputWriter, input: DerivedInput): void {
  const { name } = input;
  switch (input.kind) {
    case 'shape':
      writer.node(
        'Concat',
        input.shape.map((dimension) => writer.length(dimension)),
        [{ name: 'axis', type: attributeTypes.int, i: 0 }],
        name,
      );
      return;
    case 'size':
      writer.cast(writer.reshape(writer.length(input.dimension), []), 'float32', name);
      return;
    case 'range':
      writer.cast(rangeTo(writer, input.dimension), 'int32', name);
  }
}

/** The int64 vector 0, 1, … of a dimension's length. */
function rangeTo(writer: InputWriter, dimension: Dimension): string {
  return writer.node('Range', [writer.integers(0), writer.reshape(writer.length(dimension), []), writer.integers(1)]);
}

/**
 * The inputs that `feedTokens` (encoders/tokenRows.ts) makes, from ids and mask, but with rows for padding: some
 * runtimes do not support lengths that depend on the values of the input. `counted` is null if every token counts in a
 * mean, else 1 or 0 by token id.
 */
export function paddedInputs(writer: InputWriter, counted: Float32Array | null): Record<string, () => void> {
  return {
    grid_ids: () => void writer.cast('input_ids', 'int32', 'grid_ids'),
    token_ids: () => void writer.cast(writer.reshape('input_ids', [-1]), 'int32', 'token_ids'),
    token_places: () => void writer.cast(rangeTo(writer, 'length*texts'), 'int32', 'token_places'),
    grid_rows: () =>
      void writer.cast(
        writer.node('Reshape', [rangeTo(writer, 'length*texts'), writer.node('Shape', ['input_ids'])]),
        'int32',
        'grid_rows',
      ),
    grid_length: () => void writer.cast(writer.reshape(writer.length('length'), []), 'int32', 'grid_length'),
    text_starts: () => {
      const first = writer.node('Mul', [rangeTo(writer, 'texts'), writer.length('length')]);
      const each = writer.node('Expand', [writer.reshape(first, [-1, 1]), writer.node('Shape', ['input_ids'])]);
      writer.cast(writer.reshape(each, [-1]), 'int32', 'text_starts');
    },
    padding: () => {
      const mask = writer.cast('attention_mask', 'float32');
      const absent = writer.node('Sub', [writer.floats('given.one', [], Float32Array.of(1)), mask]);
      const padding = writer.node('Mul', [absent, writer.floats('given.masked', [], Float32Array.of(-1e9))]);
      writer.node('Unsqueeze', [padding, writer.integers([1, 2])], [], 'padding');
    },
    token_shares: () => {
      const mask = writer.cast('attention_mask', 'float32');
      const present =
        counted === null
          ? mask
          : writer.node('Mul', [
              mask,
              writer.node('Gather', [writer.floats('given.counted', [counted.length], counted), 'input_ids']),
            ]);
      const count = writer.node('ReduceSum', [present, writer.integers([1])]);
      // A text without tokens gets shares of 0 instead of 0 / 0.
      const shares = writer.node('Div', [
        present,
        writer.node('Max', [count, writer.floats('given.at_least', [], Float32Array.of(1))]),
      ]);
      writer.node('Unsqueeze', [shares, writer.integers([1])], [], 'token_shares');
    },
    first_tokens: () => {
      writer.cast(writer.node('Mul', [rangeTo(writer, 'texts'), writer.length('length')]), 'int32', 'first_tokens');
    },
  };
}
