import type { Graph, Tensor } from '../graph/graph.ts';
import type { Parametrised } from './encoder.ts';

/**
 * The state of each parameter in training: its values, and AdamW's moving averages of the gradient and of its square.
 */
export const stateKinds = ['parameter', 'first', 'second'] as const;
export type StateKind = (typeof stateKinds)[number];

/** Name of such a tensor among the inputs and outputs of a graph. */
export function stateName(kind: StateKind, parameter: string): string {
  return `${kind}:${parameter}`;
}

/** The parameters of an encoder as inputs of a graph, by their names. */
export function parameterInputs(graph: Graph, { parameters }: Parametrised): (name: string) => Tensor {
  const shapes = new Map(parameters.map(({ name, shape }) => [name, shape]));
  return (name) => graph.input(stateName('parameter', name), 'float32', shapes.get(name)!);
}
