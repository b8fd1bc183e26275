import * as ort from 'onnxruntime-node';
import { elementsOf, type Encoder, type Weights } from '../encoders/encoder.ts';
import { compileModel } from '../graph/compile.ts';
import type { DeviceName } from '../../shared/device.ts';
import { Graph } from '../graph/graph.ts';
import { Session, type DeviceTensor } from '../graph/session.ts';

/** Everything that a training step changes, in memory: what a checkpoint holds. */
export interface TrainingState {
  /** Updates done. */
  readonly step: number;
  readonly parameter: Weights;
  /** AdamW's moving averages of the gradient and of its square. */
  readonly first: Weights;
  readonly second: Weights;
}

export const stateKinds = ['parameter', 'first', 'second'] as const;
export type StateKind = (typeof stateKinds)[number];

export function stateName(kind: StateKind, parameter: string): string {
  return `${kind}:${parameter}`;
}

export function initialState(encoder: Encoder, weights: Weights): TrainingState {
  const zeros = (): Weights => new Map(encoder.parameters.map(({ name, shape }) => [name, new Float32Array(elementsOf(shape))]));
  return { step: 0, parameter: weights, first: zeros(), second: zeros() };
}

/**
 * A training state where the device wants it. On the CPU: tensors over the arrays of the given
 * state, which are updated in place. On the GPU: buffers, replaced by those that each step returns.
 */
export class DeviceState {
  step: number;
  private readonly encoder: Encoder;
  private readonly device: DeviceName;
  private current: Record<string, DeviceTensor>;

  constructor(encoder: Encoder, state: TrainingState, device: DeviceName) {
    this.encoder = encoder;
    this.device = device;
    this.step = state.step;
    this.current = Object.fromEntries(
      encoder.parameters.flatMap(({ name, shape }) =>
        stateKinds.map((kind) => [stateName(kind, name), new ort.Tensor('float32', state[kind].get(name)!, shape)] as const),
      ),
    );
  }

  /** By `stateName`. */
  get tensors(): Readonly<Record<string, DeviceTensor>> {
    return this.current;
  }

  /** The parameters alone: what inference takes. */
  get parameters(): Readonly<Record<string, DeviceTensor>> {
    return Object.fromEntries(this.encoder.parameters.map(({ name }) => [stateName('parameter', name), this.current[stateName('parameter', name)]!]));
  }

  /** Where a step writes its new state: on the CPU over the old one; null where it makes new buffers. */
  get targets(): Record<string, DeviceTensor> | null {
    if (this.device !== 'cpu') return null;
    return Object.fromEntries(Object.entries(this.current).map(([name, tensor]) => [`new.${name}`, tensor]));
  }

  advance(outputs: Readonly<Record<string, DeviceTensor>>): void {
    this.step++;
    if (this.device === 'cpu') return;
    for (const name of Object.keys(this.current)) {
      const old = this.current[name]!;
      this.current[name] = outputs[`new.${name}`]!;
      if (old.location === 'gpu-buffer') old.dispose();
    }
  }

  /** The state in memory. On the CPU this is the live state, not a copy: it changes with the next step. */
  async read(kinds: readonly StateKind[] = stateKinds): Promise<TrainingState> {
    const values = this.device === 'cpu' ? this.current : await this.download(kinds);
    const weights = (kind: StateKind): Weights =>
      new Map(kinds.includes(kind) ? this.encoder.parameters.map(({ name }) => [name, values[stateName(kind, name)]!.data as Float32Array]) : []);
    return { step: this.step, parameter: weights('parameter'), first: weights('first'), second: weights('second') };
  }

  /** Through a session of identities: reading a buffer directly ends the process (ONNX Runtime 1.30). */
  private async download(kinds: readonly StateKind[]): Promise<Record<string, DeviceTensor>> {
    const result: Record<string, DeviceTensor> = {};
    for (const { name, shape } of this.encoder.parameters) {
      const graph = new Graph();
      const names = kinds.map((kind) => stateName(kind, name));
      const session = await Session.create(compileModel(Object.fromEntries(names.map((key) => [`out.${key}`, graph.input(key, 'float32', shape)]))), this.device);
      const outputs = await session.run(Object.fromEntries(names.map((key) => [key, this.current[key]!])));
      for (const key of names) result[key] = outputs[`out.${key}`]!;
      await session.dispose();
    }
    return result;
  }

  dispose(): void {
    for (const tensor of Object.values(this.current)) if (tensor.location === 'gpu-buffer') tensor.dispose();
  }
}
