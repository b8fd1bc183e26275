/**
 * BERT and DistilBERT as they are written down in their papers, over plain lists of numbers: one text at
 * a time, no graph, no padding. What is loaded from a folder is held to this.
 */

export type Matrix = readonly (readonly number[])[];
/** A tensor by name: [rows, columns], vectors as one row. */
export type TensorLookup = (name: string) => Matrix;

interface Names {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly output: string;
  readonly attentionNorm: string;
  readonly inner: string;
  readonly outer: string;
  readonly outputNorm: string;
}

export interface TransformerConfig {
  readonly model_type: string;
  readonly [key: string]: unknown;
}

/** States of the last layer, one row a token. */
export function hiddenStates(config: TransformerConfig, tensor: TensorLookup, ids: readonly number[]): Matrix {
  const isBert = config.model_type === 'bert';
  const layers = Number(isBert ? config.num_hidden_layers : config.n_layers);
  const heads = Number(isBert ? config.num_attention_heads : config.n_heads);
  const epsilon = Number(config.layer_norm_eps ?? 1e-12);
  const linear = (x: Matrix, name: string): number[][] =>
    x.map((row) => tensor(`${name}.weight`).map((weights, i) => dot(row, weights) + tensor(`${name}.bias`)[0]![i]!));
  const norm = (x: Matrix, name: string): number[][] =>
    x.map((row) => layerNorm(row, tensor(`${name}.weight`)[0]!, tensor(`${name}.bias`)[0]!, epsilon));

  let x: Matrix = ids.map((id, position) => {
    const tables = [
      tensor('embeddings.word_embeddings.weight')[id]!,
      tensor('embeddings.position_embeddings.weight')[position]!,
      ...(isBert ? [tensor('embeddings.token_type_embeddings.weight')[0]!] : []),
    ];
    return tables.reduce((sum, row) => sum.map((value, i) => value + row[i]!));
  });
  x = norm(x, 'embeddings.LayerNorm');
  for (let layer = 0; layer < layers; layer++) {
    const names = isBert ? bertNames(layer) : distilbertNames(layer);
    const context = attention(linear(x, names.query), linear(x, names.key), linear(x, names.value), heads);
    const attended = norm(add(linear(context, names.output), x), names.attentionNorm);
    const inner = linear(attended, names.inner).map((row) => row.map(gelu));
    x = norm(add(linear(inner, names.outer), attended), names.outputNorm);
  }
  return x;
}

function attention(q: Matrix, k: Matrix, v: Matrix, heads: number): Matrix {
  const size = q[0]!.length / heads;
  return q.map((query) => {
    const parts = Array.from({ length: heads }, (_, head) => {
      const part = (row: readonly number[]): readonly number[] => row.slice(head * size, (head + 1) * size);
      const exponentials = k.map((key) => Math.exp(dot(part(query), part(key)) / Math.sqrt(size)));
      const total = exponentials.reduce((a, b) => a + b);
      return part(v[0]!).map((_, i) =>
        v.reduce((sum, value, j) => sum + (exponentials[j]! / total) * part(value)[i]!, 0),
      );
    });
    return parts.flat();
  });
}

function layerNorm(
  row: readonly number[],
  scale: readonly number[],
  bias: readonly number[],
  epsilon: number,
): number[] {
  const mean = row.reduce((a, b) => a + b) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return row.map((value, i) => ((value - mean) / Math.sqrt(variance + epsilon)) * scale[i]! + bias[i]!);
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

/** By its Taylor series, which is exact to double precision for the small arguments that occur here. */
function erf(x: number): number {
  let [sum, term] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function add(a: Matrix, b: Matrix): number[][] {
  return a.map((row, i) => row.map((value, j) => value + b[i]![j]!));
}

function distilbertNames(layer: number): Names {
  const name = `transformer.layer.${layer}`;
  const attention = `${name}.attention`;
  return {
    query: `${attention}.q_lin`,
    key: `${attention}.k_lin`,
    value: `${attention}.v_lin`,
    output: `${attention}.out_lin`,
    attentionNorm: `${name}.sa_layer_norm`,
    inner: `${name}.ffn.lin1`,
    outer: `${name}.ffn.lin2`,
    outputNorm: `${name}.output_layer_norm`,
  };
}

function bertNames(layer: number): Names {
  const name = `encoder.layer.${layer}`;
  const attention = `${name}.attention.self`;
  return {
    query: `${attention}.query`,
    key: `${attention}.key`,
    value: `${attention}.value`,
    output: `${name}.attention.output.dense`,
    attentionNorm: `${name}.attention.output.LayerNorm`,
    inner: `${name}.intermediate.dense`,
    outer: `${name}.output.dense`,
    outputNorm: `${name}.output.LayerNorm`,
  };
}
