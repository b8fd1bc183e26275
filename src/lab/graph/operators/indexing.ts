import { multiplyDimensions, type Dimension } from '../dimension.ts';
import type { Operator, Tensor } from '../graph.ts';
import { reshape } from './movement.ts';

/** Reads and sums rows by index. */

export interface GatherOptions {
  /** The caller guarantees that no index occurs twice: the gradient is then written instead of summed. */
  readonly unique?: boolean;
}

/** Rows of `table` [rows, columns] at int32 `indices` of any shape → [...indices, columns]. */
export function gatherRows(table: Tensor, indices: Tensor, { unique = false }: GatherOptions = {}): Tensor {
  if (table.shape.length !== 2) throw new Error(`gatherRows takes a matrix; found [${table.shape.join(', ')}].`);
  const shape = [...indices.shape, table.shape[1]!];
  return table.graph.apply(gatherOperator, [table, indices], { type: table.type, shape }, { unique: Number(unique) });
}

const gatherOperator: Operator = {
  name: 'Gather',
  emit: (emitter, _node, inputs) => emitter.node('Gather', inputs, { axis: 0 }),
  gradient: ({ inputs: [table, indices], attributes }, dy) => {
    const [rows, columns] = table!.shape as [Dimension, Dimension];
    const count = multiplyDimensions(indices!.shape);
    return [
      scatterRows(reshape(dy, [count, columns]), reshape(indices!, [count, 1]), rows, attributes.unique === 1),
      null,
    ];
  },
};

/**
 * Rows of `table` [rows, columns] at int32 `indices` of any shape, if the caller guarantees that each row's value is
 * used in one place only, `inverse` [rows]: the gradient of all other places is 0. So the gradient is read from that
 * place, and nothing is summed.
 */
export function regroupRows(table: Tensor, indices: Tensor, inverse: Tensor): Tensor {
  if (table.shape.length !== 2) throw new Error(`regroupRows takes a matrix; found [${table.shape.join(', ')}].`);
  return table.graph.apply(regroupOperator, [table, indices, inverse], {
    type: table.type,
    shape: [...indices.shape, table.shape[1]!],
  });
}

const regroupOperator: Operator = {
  name: 'Regroup',
  emit: (emitter, _node, [table, indices]) => emitter.node('Gather', [table!, indices!], { axis: 0 }),
  gradient: ({ inputs: [table, indices, inverse] }, dy) => {
    const [rows, columns] = table!.shape as [Dimension, Dimension];
    const places = reshape(dy, [multiplyDimensions(indices!.shape), columns]);
    return [reshape(gatherRows(places, reshape(inverse!, [rows]), { unique: true }), table!.shape), null, null];
  },
};

/** A matrix [rows, columns] of zeros to which each row of `updates` [n, columns] is added at its index [n, 1]. */
function scatterRows(updates: Tensor, indices: Tensor, rows: Dimension, unique: boolean): Tensor {
  const shape = [rows, updates.shape[1]!];
  const operator = unique ? writeRowsOperator : addRowsOperator;
  return updates.graph.apply(operator, [updates, indices], { type: 'float32', shape });
}

/**
 * ScatterElements, not ScatterND: on the CPU, ONNX Runtime's ScatterND loses additions if it runs on two threads and an
 * index occurs twice.
 */
const addRowsOperator: Operator = {
  name: 'AddRows',
  emit: (emitter, { output, inputs }, [updates, indices]) => {
    const zeros = emitter.node('Expand', [emitter.scalar(0, 'float32'), emitter.shape(output.shape)]);
    const cells = emitter.node('Expand', [indices!, emitter.shape(inputs[0]!.shape)]);
    return emitter.node('ScatterElements', [zeros, cells, updates!], { axis: 0, reduction: 'add' });
  },
  gradient: null,
};

const writeRowsOperator: Operator = {
  name: 'WriteRows',
  emit: (emitter, { output }, [updates, indices]) => {
    const zeros = emitter.node('Expand', [emitter.scalar(0, 'float32'), emitter.shape(output.shape)]);
    // ScatterND writes whole rows, and takes int64 indices. No index occurs twice, so nothing is added.
    return emitter.node('ScatterND', [zeros, emitter.node('Cast', [indices!], { to: 7 }), updates!]);
  },
  gradient: null,
};

/** Index of the largest element along the last axis (the first of equal ones), kept as an axis of length 1; int64. */
export function argMax(x: Tensor): Tensor {
  const shape = [...x.shape.slice(0, -1), 1];
  return x.graph.apply(argMaxOperator, [x], { type: 'int64', shape });
}

const argMaxOperator: Operator = {
  name: 'ArgMax',
  emit: (emitter, _node, inputs) => emitter.node('ArgMax', inputs, { axis: -1, keepdims: 1 }),
  gradient: null,
};

/** Elements of `x` along its last axis at `indices` (same rank, int32 or int64). No gradient. */
export function gatherElements(x: Tensor, indices: Tensor): Tensor {
  return x.graph.apply(gatherElementsOperator, [x, indices], { type: x.type, shape: indices.shape });
}

const gatherElementsOperator: Operator = {
  name: 'GatherElements',
  emit: (emitter, _node, inputs) => emitter.node('GatherElements', inputs, { axis: -1 }),
  gradient: null,
};
