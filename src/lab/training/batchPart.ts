import type { TokenIds } from '../encoders/encoder.ts';
import { tokenPlaces, tokens } from '../encoders/tokenRows.ts';
import { sizeOf, type Shape } from '../graph/dimension.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { int32, int32Scalar, type HostTensor } from '../graph/hostTensor.ts';
import { add, multiply } from '../graph/operators/elementwise.ts';
import { reshape } from '../graph/operators/movement.ts';

/** Some texts of a batch that are encoded together. */
export interface BatchPart {
  /** Positions of the texts in the batch. */
  readonly places: readonly number[];
  readonly texts: readonly TokenIds[];
}

/** Parts of at most `size` texts, those of about the same length together, so that little padding is computed; the longest first. */
export function partsOf(texts: readonly TokenIds[], size: number): BatchPart[] {
  const order = texts.map((_, place) => place).sort((a, b) => texts[b]!.length - texts[a]!.length || a - b);
  return Array.from({ length: Math.ceil(order.length / size) }, (_, i) => {
    const places = order.slice(i * size, (i + 1) * size);
    return { places, texts: places.map((place) => texts[place]!) };
  });
}

/** Numbers of rows that dropout goes by in a whole batch: of tokens, their places in the grid, so that what is dropped of a text does not depend on the lengths of those before it. */
export function rowsOfBatch(graph: Graph, leading: Shape): Tensor {
  return leading.length === 1 && leading[0] === tokens ? tokenPlaces(graph) : graph.range(sizeOf(leading));
}

/**
 * Numbers of the rows of a part in the whole batch: dropout that goes by them drops of each text
 * what it would drop were the batch encoded at once. `leading` is the tokens, or begins with the texts.
 */
export function rowsInBatch(graph: Graph, leading: Shape): Tensor {
  const [first, ...others] = leading;
  if (first === tokens && others.length === 0) return graph.input('batch.token_places', 'int32', [tokens]);
  if (first !== 'texts') throw new Error(`Rows of [${leading.join(', ')}] are not those of texts.`);
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
