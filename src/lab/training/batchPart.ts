import type { TokenIds } from '../encoders/encoder.ts';
import { tokenPlaces, tokens } from '../encoders/tokenRows.ts';
import { sizeOf, type Shape } from '../graph/dimension.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { int32, int32Scalar, type HostTensor } from '../graph/hostTensor.ts';
import { add, multiply } from '../graph/operators/elementwise.ts';
import { reshape } from '../graph/operators/movement.ts';

/** Texts of a batch that are encoded together. */
export interface BatchPart {
  /** Positions of the texts in the batch. */
  readonly places: readonly number[];
  readonly texts: readonly TokenIds[];
}

/**
 * Parts of at most `size` texts. Texts of similar length are together, so that there is little padding; the longest
 * come first.
 */
export function partsOf(texts: readonly TokenIds[], size: number): BatchPart[] {
  const order = texts.map((_, place) => place).sort((a, b) => texts[b]!.length - texts[a]!.length || a - b);
  return Array.from({ length: Math.ceil(order.length / size) }, (_, i) => {
    const places = order.slice(i * size, (i + 1) * size);
    return { places, texts: places.map((place) => texts[place]!) };
  });
}

/**
 * Row numbers that seed dropout in a whole batch. For tokens, they are the places in the grid, so that dropout of a
 * text does not depend on the lengths of the texts before it.
 */
export function rowsOfBatch(graph: Graph, leading: Shape): Tensor {
  return leading.length === 1 && leading[0] === tokens ? tokenPlaces(graph) : graph.range(sizeOf(leading));
}

/**
 * Row numbers of a part in the whole batch: with them, dropout of each text is the same as in the whole batch.
 * `leading` is the axis of tokens, or begins with that of texts.
 */
export function rowsInBatch(graph: Graph, leading: Shape): Tensor {
  const [first, ...others] = leading;
  if (first === tokens && others.length === 0) return graph.input('batch.token_places', 'int32', [tokens]);
  if (first !== 'texts') throw new Error(`Rows of [${leading.join(', ')}] are not rows of texts.`);
  const number = others.reduce<Tensor>(
    (outer, axis) => {
      const length = typeof axis === 'number' ? graph.scalar(axis, 'int32') : graph.input('batch.length', 'int32', []);
      return add(multiply(reshape(outer, [...outer.shape, 1]), length), graph.range(axis));
    },
    graph.input('batch.places', 'int32', ['texts']),
  );
  return reshape(number, [sizeOf(leading)]);
}

/** The inputs that `rowsInBatch` declares; `length` is that of the longest text of the whole batch. */
export function placesFeed({ places, texts }: BatchPart, length: number): Record<string, HostTensor> {
  const tokenPlaces = texts.flatMap((ids, i) =>
    Array.from({ length: ids.length }, (_, position) => places[i]! * length + position),
  );
  return {
    'batch.places': int32(Int32Array.from(places), [places.length]),
    'batch.token_places': int32(Int32Array.from(tokenPlaces), [tokenPlaces.length]),
    'batch.length': int32Scalar(length),
  };
}
