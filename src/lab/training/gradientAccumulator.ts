import type { DeviceName } from '../../shared/device.ts';
import { elementsOf, type ParameterSpecification } from '../encoders/encoder.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { float32, float32Scalar } from '../graph/hostTensor.ts';
import { add } from '../graph/operators/elementwise.ts';
import type { DeviceTensor, Feeds, Session } from '../engine/session.ts';
import { DeviceTensors, updateSession } from './deviceTensors.ts';
import { expand } from '../graph/operators/broadcast.ts';

/** The name of the input with the sum of a parameter's gradients. */
export function gradientName(parameter: string): string {
  return `gradient:${parameter}`;
}

/** The sums of gradients so far as inputs of a graph. */
export function gradientInput(graph: Graph, { name, shape }: ParameterSpecification): Tensor {
  return graph.input(gradientName(name), 'float32', shape);
}

/** The new sums for the gradients of a part of the batch, for `updateSession`. */
export function accumulate(
  graph: Graph,
  parameters: readonly ParameterSpecification[],
  gradients: readonly Tensor[],
): Record<string, Tensor> {
  return Object.fromEntries(
    parameters.map((parameter, i) => [
      gradientName(parameter.name),
      add(gradientInput(graph, parameter), gradients[i]!),
    ]),
  );
}

/** Sums of gradients over the parts of a batch, on the device. */
export class GradientAccumulator {
  readonly #sums: DeviceTensors;
  readonly #zeros: Session;

  private constructor(sums: DeviceTensors, zeros: Session) {
    this.#sums = sums;
    this.#zeros = zeros;
  }

  static async create(parameters: readonly ParameterSpecification[], device: DeviceName): Promise<GradientAccumulator> {
    const graph = new Graph();
    // An input, because a constant would be expanded and stay in memory.
    const zero = graph.input('zero', 'float32', []);
    const zeros = await updateSession(
      {
        figures: {},
        updates: Object.fromEntries(parameters.map(({ name, shape }) => [gradientName(name), expand(zero, shape)])),
      },
      device,
    );
    const values = parameters.map(
      ({ name, shape }) => [gradientName(name), float32(new Float32Array(elementsOf(shape)), shape)] as const,
    );
    return new GradientAccumulator(await DeviceTensors.create(Object.fromEntries(values), device), zeros);
  }

  get tensors(): Readonly<Record<string, DeviceTensor>> {
    return this.#sums.all;
  }

  async clear(): Promise<void> {
    await this.#sums.update(this.#zeros, { zero: float32Scalar(0) });
  }

  /** Adds the gradients of one part, with a model that `accumulate` made. */
  async add(session: Session, feeds: Feeds): Promise<void> {
    await this.#sums.update(session, feeds);
  }

  async dispose(): Promise<void> {
    await this.#sums.dispose();
    await this.#zeros.dispose();
  }
}
