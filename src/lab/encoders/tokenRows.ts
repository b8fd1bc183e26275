import { sizeOf } from '../graph/dimension.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { float32, int32, int32Scalar, type HostTensor } from '../graph/hostTensor.ts';
import { add, multiply } from '../graph/operators/elementwise.ts';
import { gatherRows, regroupRows } from '../graph/operators/indexing.ts';
import { reshape } from '../graph/operators/movement.ts';
import type { TokenIds } from './encoder.ts';
import { expand } from '../graph/operators/broadcast.ts';

/**
 * How matrices store the tokens of texts with different lengths. Hidden states have one row for each token, text after
 * text, and none for padding: almost all arithmetic is done row by row. Only attention needs a grid [texts, length],
 * with padding after the tokens of the shorter texts. Padding repeats the first row and has no effect: its attention is
 * masked, its share in a mean is 0, and nothing reads its results.
 */

/** Rows of hidden states. */
export const tokens = 'tokens';
const grid = sizeOf(['texts', 'length']);

/** [tokens, n] → [texts, length, n]. */
export function onGrid(x: Tensor): Tensor {
  return regroupRows(x, gridRows(x.graph), tokenPlaces(x.graph));
}

/** [tokens, heads · n] → [texts, heads, length, n]. */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const { graph } = x;
  const perHead = (x.shape[1] as number) / heads;
  const row = multiply(reshape(gridRows(graph), ['texts', 1, 'length']), graph.scalar(heads, 'int32'));
  const indices = add(row, reshape(graph.range(heads), [1, heads, 1]));
  return regroupRows(
    reshape(x, [sizeOf([tokens, heads]), perHead]),
    indices,
    reshape(headPlaces(graph, heads), [sizeOf([tokens, heads])]),
  );
}

/** [texts, heads, length, n] → [tokens, heads · n]. */
export function mergeHeads(x: Tensor): Tensor {
  const [, heads, , perHead] = x.shape as [string, number, string, number];
  const rows = reshape(x, [sizeOf([grid, heads]), perHead]);
  return reshape(gatherRows(rows, headPlaces(x.graph, heads), { unique: true }), [tokens, heads * perHead]);
}

/** Rows for each position [length, n] → for each token [tokens, n]. */
export function tokenPositions(positions: Tensor): Tensor {
  const size = positions.shape[1]!;
  const everywhere = expand(reshape(positions, [1, 'length', size]), ['texts', 'length', size]);
  return gatherRows(reshape(everywhere, [grid, size]), tokenPlaces(positions.graph), { unique: true });
}

/** Position of each token in the grid, counted row by row: [tokens]. */
export function tokenPlaces(graph: Graph): Tensor {
  return graph.input('token_places', 'int32', [tokens]);
}

/** Row of hidden states of each position in the grid: [texts, length]. */
function gridRows(graph: Graph): Tensor {
  return graph.input('grid_rows', 'int32', ['texts', 'length']);
}

/** Position of each head of each token in [texts, heads, length]: [tokens, heads]. */
function headPlaces(graph: Graph, heads: number): Tensor {
  // The offset of a text is its offset in the grid times the number of heads.
  const further = multiply(graph.input('text_starts', 'int32', [tokens]), graph.scalar(heads - 1, 'int32'));
  const first = reshape(add(tokenPlaces(graph), further), [tokens, 1]);
  return add(first, reshape(multiply(graph.range(heads), graph.input('grid_length', 'int32', [])), [1, heads]));
}

/** The inputs for some texts. Padding gets −1e9 in attention and no share in a mean. */
export function feedTokens(texts: readonly TokenIds[]): Record<string, HostTensor> {
  const count = texts.length;
  const length = Math.max(...texts.map((ids) => ids.length));
  const total = texts.reduce((sum, ids) => sum + ids.length, 0);
  const ids = new Int32Array(total);
  const places = new Int32Array(total);
  const starts = new Int32Array(total);
  const rows = new Int32Array(count * length);
  const padding = new Float32Array(count * length).fill(-1e9);
  const shares = new Float32Array(count * length);
  const first = new Int32Array(count);
  let row = 0;
  texts.forEach((text, i) => {
    const start = i * length;
    first[i] = row;
    ids.set(text, row);
    starts.fill(start, row, row + text.length);
    for (let place = start; place < start + text.length; place++) {
      rows[place] = row;
      places[row++] = place;
    }
    padding.fill(0, start, start + text.length);
    shares.fill(1 / text.length, start, start + text.length);
  });
  return {
    token_ids: int32(ids, [total]),
    token_places: int32(places, [total]),
    text_starts: int32(starts, [total]),
    grid_rows: int32(rows, [count, length]),
    grid_length: int32Scalar(length),
    padding: float32(padding, [count, 1, 1, length]),
    token_shares: float32(shares, [count, 1, length]),
    first_tokens: int32(first, [count]),
  };
}
