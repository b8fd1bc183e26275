import type { ElementType } from './graph.ts';

/** A value in the computer's memory. `data` matches `type`: bool is a Uint8Array. */
export interface HostTensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
}

export function float32(data: Float32Array, dims: readonly number[]): HostTensor {
  return { type: 'float32', dims, data };
}

export function int32(data: Int32Array, dims: readonly number[]): HostTensor {
  return { type: 'int32', dims, data };
}

export function float32Scalar(value: number): HostTensor {
  return float32(Float32Array.of(value), []);
}

export function int32Scalar(value: number): HostTensor {
  return int32(Int32Array.of(value), []);
}
