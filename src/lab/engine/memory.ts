import type { DeviceName } from '../../shared/device.ts';
import { bindDimensions, type UpdateModel } from '../graph/compile.ts';
import { evaluateDimension, sizeOf, type Bindings } from '../graph/dimension.ts';
import { ancestors, isNode, type ElementType, type Tensor } from '../graph/graph.ts';
import type { HostTensor } from '../graph/hostTensor.ts';

/**
 * Estimates the memory that models need, without running them: it allocates and frees the values of a graph in the
 * order in which ONNX Runtime 1.30 would do it on a device.
 */
export interface DeviceMemory {
  /** Values that stay on the device; each is given by its bytes. */
  keep(values: readonly number[]): void;
  /** One run of a model. The new values of `updates` replace values that were kept before. */
  run(model: UpdateModel, feeds: Readonly<Record<string, HostTensor>>): void;
  /** The most bytes that were in use at one time. */
  readonly peakBytes: number;
}

export function memoryOf(device: DeviceName): DeviceMemory {
  return device === 'cpu' ? new ProcessMemory() : new GpuMemory();
}

// --- The CPU ------------------------------------------------------------------------------------

/**
 * Memory for blocks of ONNX Runtime's arena and buffers of its products, relative to the values; measured, see
 * docs/speed.md.
 */
const arenaFactor = 1.2;

/** Updates are made in place. Each session has its own arena, which never shrinks. */
class ProcessMemory implements DeviceMemory {
  #kept = 0;
  readonly #arenas = new Map<UpdateModel, number>();

  keep(values: readonly number[]): void {
    this.#kept += sum(values);
  }

  run(model: UpdateModel, feeds: Readonly<Record<string, HostTensor>>): void {
    const inPlace = new Set(Object.values(model.updates));
    let used = 0;
    let peak = 0;
    walk(model, feeds, {
      take: (tensor, bytes) => {
        if (!inPlace.has(tensor)) used += bytes;
        peak = Math.max(peak, used);
      },
      give: (tensor, bytes) => {
        if (!inPlace.has(tensor)) used -= bytes;
      },
      computed: () => undefined,
    });
    this.#arenas.set(model, Math.max(peak, this.#arenas.get(model) ?? 0));
  }

  get peakBytes(): number {
    return this.#kept + arenaFactor * sum(this.#arenas.values());
  }
}

// --- The GPU ------------------------------------------------------------------------------------

/**
 * Sizes of buffers in bytes, and how many of each ONNX Runtime keeps for later. A value gets a buffer of the next
 * size; larger ones get exactly their size, and are not kept.
 */
const bufferSizes: readonly (readonly [bytes: number, kept: number])[] = [
  [64, 250],
  [128, 200],
  [256, 200],
  [512, 200],
  [2048, 230],
  [4096, 200],
  [8192, 50],
  [16_384, 50],
  [32_768, 50],
  [65_536, 50],
  [131_072, 50],
  [262_144, 50],
  [524_288, 50],
  [1_048_576, 50],
  [2_097_152, 30],
  [4_194_304, 20],
  [8_388_608, 10],
  [12_582_912, 10],
  [16_777_216, 10],
  [26_214_400, 15],
  [33_554_432, 22],
  [44_236_800, 2],
  [58_982_400, 6],
  [67_108_864, 6],
  [134_217_728, 6],
  [167_772_160, 6],
];
const keptOfSize = new Map(bufferSizes);

/**
 * Number of nodes that are submitted to the GPU together: buffers that they no longer need become free after the last
 * of them.
 */
const nodesAtOnce = 16;

class GpuMemory implements DeviceMemory {
  readonly #free = new Map<number, number>();
  #givenBack: number[] = [];
  #nodes = 0;
  #bytes = 0;
  peakBytes = 0;

  /** They have their own buffers, from the upload. */
  keep(values: readonly number[]): void {
    for (const bytes of [...values, ...values]) this.#take(bytes);
    this.#giveBack(values);
    this.#settle();
  }

  run(model: UpdateModel, feeds: Readonly<Record<string, HostTensor>>): void {
    const replaced: number[] = [];
    const updates = new Set(Object.values(model.updates));
    walk(model, feeds, {
      take: (tensor, bytes) => {
        if (updates.has(tensor)) replaced.push(bytes);
        this.#take(bytes);
      },
      give: (tensor, bytes) => {
        if (!updates.has(tensor)) this.#giveBack([bytes]);
      },
      computed: () => {
        if (++this.#nodes % nodesAtOnce === 0) this.#settle();
      },
    });
    this.#giveBack(replaced);
    this.#settle();
  }

  #take(bytes: number): void {
    const size = bufferSize(bytes);
    const free = this.#free.get(size) ?? 0;
    if (free > 0) this.#free.set(size, free - 1);
    else this.#bytes += size;
    this.peakBytes = Math.max(this.peakBytes, this.#bytes);
  }

  #giveBack(values: readonly number[]): void {
    this.#givenBack.push(...values.map(bufferSize));
  }

  #settle(): void {
    for (const size of this.#givenBack) {
      const free = this.#free.get(size) ?? 0;
      if (free < (keptOfSize.get(size) ?? 0)) this.#free.set(size, free + 1);
      else this.#bytes -= size;
    }
    this.#givenBack = [];
  }
}

function bufferSize(bytes: number): number {
  return bufferSizes.find(([size]) => size >= bytes)?.[0] ?? bytes;
}

// --- The values of a graph ----------------------------------------------------------------------

/** The events of a run, in order. */
interface Run {
  take(value: Tensor, bytes: number): void;
  give(value: Tensor, bytes: number): void;
  /** After each node, once its value has been taken. */
  computed(): void;
}

function walk({ figures, updates }: UpdateModel, feeds: Readonly<Record<string, HostTensor>>, run: Run): void {
  const order = ancestors([...Object.values(figures), ...Object.values(updates)]);
  const lengths = lengthsIn(order, feeds);
  const bytes = (value: Tensor): number => elementBytes[value.type] * evaluateDimension(sizeOf(value.shape), lengths);
  const lastUses = groupByLastUse(order);
  for (const tensor of order) {
    if (isComputed(tensor)) {
      run.take(tensor, bytes(tensor));
      run.computed();
    }
    for (const value of lastUses.get(tensor) ?? []) if (isComputed(value)) run.give(value, bytes(value));
  }
}

const elementBytes: Readonly<Record<ElementType, number>> = { float32: 4, int32: 4, int64: 8, bool: 1 };

/** For each tensor, the values that no later tensor needs. */
function groupByLastUse(order: readonly Tensor[]): Map<Tensor, Tensor[]> {
  const last = new Map<Tensor, Tensor>();
  for (const tensor of order) {
    last.set(valueOf(tensor), tensor);
    if (isNode(tensor.origin)) for (const input of tensor.origin.inputs) last.set(valueOf(input), tensor);
  }
  return Map.groupBy(last.keys(), (value) => last.get(value)!);
}

function isComputed(tensor: Tensor): boolean {
  return isNode(tensor.origin) && valueOf(tensor) === tensor;
}

/** The tensor that holds the elements of a view. */
function valueOf(tensor: Tensor): Tensor {
  let at = tensor;
  while (isNode(at.origin) && at.origin.operator.isView) at = at.origin.inputs[0]!;
  return at;
}

/** Inputs with only fixed lengths are skipped. */
function lengthsIn(order: readonly Tensor[], feeds: Readonly<Record<string, HostTensor>>): Bindings {
  const inputs = order.flatMap(({ type, shape, origin }) =>
    'kind' in origin && origin.kind === 'input' && shape.some((dimension) => typeof dimension === 'string')
      ? [{ name: origin.name, type, shape }]
      : [],
  );
  return bindDimensions(inputs, (name) => feeds[name]!.dims);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
