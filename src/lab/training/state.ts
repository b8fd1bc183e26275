import { stateKinds, stateName, type StateKind } from '../encoders/stateNames.ts';
import type { DeviceName } from '../../shared/device.ts';
import { elementsOf, type Parametrised, type Weights } from '../encoders/encoder.ts';
import { float32, type HostTensor } from '../graph/hostTensor.ts';
import type { DeviceTensor, Feeds, Session } from '../engine/session.ts';
import { DeviceTensors } from './deviceTensors.ts';
import { oneGroup, type ParameterGroups } from './parameterGroups.ts';

/** Everything that a training step changes, in memory: the content of a checkpoint. */
export interface TrainingState {
  /** Number of updates. */
  readonly step: number;
  readonly parameter: Weights;
  /** AdamW's moving averages of the gradient and of its square, for trained parameters. */
  readonly first: Weights;
  readonly second: Weights;
}

/** `groups` lists the trained parameters; by default all. */
export function initialState(
  encoder: Parametrised,
  weights: Weights,
  groups: ParameterGroups = oneGroup(encoder),
): TrainingState {
  const trained = encoder.parameters.filter(({ name }) => groups.has(name));
  const zeros = (): Weights => new Map(trained.map(({ name, shape }) => [name, new Float32Array(elementsOf(shape))]));
  return { step: 0, parameter: weights, first: zeros(), second: zeros() };
}

/** Bytes of each tensor of such a state. */
export function stateBytes({ parameters }: Parametrised, groups: ParameterGroups): number[] {
  return parameters.flatMap(({ name, shape }) =>
    Array.from({ length: groups.has(name) ? stateKinds.length : 1 }, () => 4 * elementsOf(shape)),
  );
}

/** A training state on its device. */
export class DeviceState {
  step: number;
  /** The parameters of the state. */
  readonly of: Parametrised;
  readonly #tensors: DeviceTensors;

  private constructor(of: Parametrised, step: number, tensors: DeviceTensors) {
    this.of = of;
    this.step = step;
    this.#tensors = tensors;
  }

  static async create(of: Parametrised, state: TrainingState, device: DeviceName): Promise<DeviceState> {
    const values: Record<string, HostTensor> = {};
    for (const { name, shape } of of.parameters) {
      for (const kind of stateKinds) {
        const data = state[kind].get(name);
        if (data) values[stateName(kind, name)] = float32(data, shape);
      }
    }
    return new DeviceState(of, state.step, await DeviceTensors.create(values, device));
  }

  /** Only the parameters, for inference. */
  get parameters(): Readonly<Record<string, DeviceTensor>> {
    return Object.fromEntries(
      this.of.parameters.map(({ name }) => [
        stateName('parameter', name),
        this.#tensors.all[stateName('parameter', name)]!,
      ]),
    );
  }

  /** One update by a model made by `updateSession`, which also gets the state as input; returns its figures. */
  async update(session: Session, feeds: Feeds): Promise<Readonly<Record<string, DeviceTensor>>> {
    const figures = await this.#tensors.update(session, feeds);
    this.step++;
    return figures;
  }

  /** The state in memory. On the CPU this is not a copy: it changes with the next step. */
  async read(kinds: readonly StateKind[] = stateKinds): Promise<TrainingState> {
    const namesOf = (kind: StateKind): string[] =>
      kinds.includes(kind)
        ? this.of.parameters.map(({ name }) => name).filter((name) => stateName(kind, name) in this.#tensors.all)
        : [];
    const values = await this.#tensors.read(
      stateKinds.flatMap((kind) => namesOf(kind).map((name) => stateName(kind, name))),
    );
    const weights = (kind: StateKind): Weights =>
      new Map(namesOf(kind).map((name) => [name, values[stateName(kind, name)]!.data as Float32Array]));
    return { step: this.step, parameter: weights('parameter'), first: weights('first'), second: weights('second') };
  }

  async dispose(): Promise<void> {
    await this.#tensors.dispose();
  }
}
