import type { DeviceName } from '../../shared/device.ts';
import { compileModel, type UpdateModel } from '../graph/compile.ts';
import { Graph } from '../graph/graph.ts';
import { float32Scalar, type HostTensor } from '../graph/hostTensor.ts';
import { Session, toDeviceTensor, type DeviceTensor, type Feeds } from '../engine/session.ts';

/** The name of the new value of a tensor in a model. */
function newName(name: string): string {
  return `new.${name}`;
}

/** For `DeviceTensors.update`. Figures are scalars. */
export function updateSession({ figures, updates }: UpdateModel, device: DeviceName): Promise<Session> {
  const renamed = Object.fromEntries(Object.entries(updates).map(([name, tensor]) => [newName(name), tensor]));
  const model = compileModel({ ...figures, ...renamed }, { withoutCopies: device === 'cpu' });
  return Session.create(model, device, { keepOnDevice: Object.keys(renamed) });
}

/**
 * Named tensors that stay on a device while models update them. On the CPU they share their arrays and are updated in
 * place. On the GPU they are buffers, and each update replaces them. Dispose of them before the sessions that update
 * them: ONNX Runtime 1.30 crashes if a buffer outlives the session that created it.
 */
export class DeviceTensors {
  readonly #device: DeviceName;
  readonly #tensors: Record<string, DeviceTensor>;
  /** The session that created the first buffers. */
  readonly #upload: Session | null;

  private constructor(device: DeviceName, tensors: Record<string, DeviceTensor>, upload: Session | null) {
    this.#device = device;
    this.#tensors = tensors;
    this.#upload = upload;
  }

  static async create(values: Readonly<Record<string, HostTensor>>, device: DeviceName): Promise<DeviceTensors> {
    const tensors = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toDeviceTensor(value)]));
    if (device === 'cpu') return new DeviceTensors(device, tensors, null);
    const graph = new Graph();
    const upload = await updateSession(
      {
        figures: {},
        updates: Object.fromEntries(
          Object.entries(values).map(([name, { dims }]) => [name, graph.input(name, 'float32', dims)]),
        ),
      },
      device,
    );
    const outputs = await upload.run(tensors);
    return new DeviceTensors(
      device,
      Object.fromEntries(Object.keys(values).map((name) => [name, outputs[newName(name)]!])),
      upload,
    );
  }

  get all(): Readonly<Record<string, DeviceTensor>> {
    return this.#tensors;
  }

  /** Runs a model made by `updateSession`, which may update some of the tensors, and returns its figures. */
  async update(session: Session, feeds: Feeds): Promise<Readonly<Record<string, DeviceTensor>>> {
    const outputNames = new Set(session.model.outputs);
    const updated = Object.keys(this.#tensors).filter((name) => outputNames.delete(newName(name)));
    const figures = [...outputNames];
    const inputs = { ...feeds, ...this.#tensors };
    if (this.#device === 'cpu') {
      const into = Object.fromEntries(figures.map((name) => [name, toDeviceTensor(float32Scalar(0))]));
      await session.runInto(inputs, {
        ...into,
        ...Object.fromEntries(updated.map((name) => [newName(name), this.#tensors[name]!])),
      });
      return into;
    }
    const outputs = await session.run(inputs);
    for (const name of updated) this.#replace(name, outputs[newName(name)]!);
    return Object.fromEntries(figures.map((name) => [name, outputs[name]!]));
  }

  #replace(name: string, tensor: DeviceTensor): void {
    this.#tensors[name]!.dispose();
    this.#tensors[name] = tensor;
  }

  /** The named tensors in memory. On the CPU they are not copies: they change with the next update. */
  async read(names: readonly string[]): Promise<Readonly<Record<string, DeviceTensor>>> {
    const wanted: Record<string, DeviceTensor> = {};
    for (const name of names)
      wanted[name] = this.#device === 'cpu' ? this.#tensors[name]! : await download(this.#tensors[name]!, this.#device);
    return wanted;
  }

  async dispose(): Promise<void> {
    if (this.#upload === null) return;
    for (const tensor of Object.values(this.#tensors)) tensor.dispose();
    await this.#upload.dispose();
  }
}

/** Through a session of one identity: reading a buffer directly ends the process (ONNX Runtime 1.30). */
async function download(tensor: DeviceTensor, device: DeviceName): Promise<DeviceTensor> {
  const session = await Session.create(
    compileModel({ read: new Graph().input('tensor', 'float32', tensor.dims) }),
    device,
  );
  const { read } = await session.run({ tensor });
  await session.dispose();
  return read!;
}
