import * as ort from 'onnxruntime-node';
import type { DeviceName } from '../../shared/device.ts';
import { compileModel } from '../graph/compile.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { float32Scalar, type HostTensor } from '../graph/hostTensor.ts';
import { Session, toDeviceTensor, type DeviceTensor, type Feeds } from '../graph/session.ts';

/** What a model calls the new value of a tensor. */
function newName(name: string): string {
  return `new.${name}`;
}

/** A model that gives some tensors new values, and says numbers about it: `figures`, which are scalars. */
export function updateSession(figures: Readonly<Record<string, Tensor>>, updates: Readonly<Record<string, Tensor>>, device: DeviceName): Promise<Session> {
  const renamed = Object.fromEntries(Object.entries(updates).map(([name, tensor]) => [newName(name), tensor]));
  const model = compileModel({ ...figures, ...renamed }, { withoutCopies: device === 'cpu' });
  return Session.create(model, device, { keepOnDevice: Object.keys(renamed) });
}

/**
 * Named tensors that stay on a device while models give them new values. On the CPU: over the arrays
 * that they are made of, and updated in place. On the GPU: buffers, replaced by those of each update.
 * They need a session of their device from before they are made until they are disposed of.
 */
export class DeviceTensors {
  private readonly device: DeviceName;
  private readonly tensors: Record<string, DeviceTensor>;

  private constructor(device: DeviceName, tensors: Record<string, DeviceTensor>) {
    this.device = device;
    this.tensors = tensors;
  }

  static async create(values: Readonly<Record<string, HostTensor>>, device: DeviceName): Promise<DeviceTensors> {
    const tensors = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toDeviceTensor(value)]));
    return new DeviceTensors(device, device === 'cpu' ? tensors : await moved(tensors, device, 'gpu-buffer'));
  }

  get all(): Readonly<Record<string, DeviceTensor>> {
    return this.tensors;
  }

  /** Runs a model made by `updateSession`, which may update some of the tensors, and returns its figures. */
  async update(session: Session, feeds: Feeds): Promise<Readonly<Record<string, DeviceTensor>>> {
    const outputNames = new Set(session.model.outputs);
    const updated = Object.keys(this.tensors).filter((name) => outputNames.delete(newName(name)));
    const figures = [...outputNames];
    const inputs = { ...feeds, ...this.tensors };
    if (this.device === 'cpu') {
      const into = Object.fromEntries(figures.map((name) => [name, toDeviceTensor(float32Scalar(0))]));
      await session.runInto(inputs, { ...into, ...Object.fromEntries(updated.map((name) => [newName(name), this.tensors[name]!])) });
      return into;
    }
    const outputs = await session.run(inputs);
    for (const name of updated) this.replace(name, outputs[newName(name)]!);
    return Object.fromEntries(figures.map((name) => [name, outputs[name]!]));
  }

  private replace(name: string, tensor: DeviceTensor): void {
    this.tensors[name]!.dispose();
    this.tensors[name] = tensor;
  }

  /** The named tensors in memory. On the CPU they are the live ones, not copies: they change with the next update. */
  async read(names: readonly string[]): Promise<Readonly<Record<string, DeviceTensor>>> {
    const wanted = Object.fromEntries(names.map((name) => [name, this.tensors[name]!]));
    return this.device === 'cpu' ? wanted : moved(wanted, this.device, 'cpu');
  }

  dispose(): void {
    if (this.device !== 'cpu') for (const tensor of Object.values(this.tensors)) tensor.dispose();
  }
}

/** Through sessions of identities, one for each tensor: reading a buffer directly ends the process (ONNX Runtime 1.30). */
async function moved(tensors: Readonly<Record<string, ort.Tensor>>, device: DeviceName, to: 'cpu' | 'gpu-buffer'): Promise<Record<string, DeviceTensor>> {
  const result: Record<string, DeviceTensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const model = compileModel({ moved: new Graph().input('x', 'float32', tensor.dims) });
    const session = await Session.create(model, device, { keepOnDevice: to === 'cpu' ? [] : ['moved'] });
    result[name] = (await session.run({ x: tensor })).moved!;
    await session.dispose();
  }
  return result;
}
