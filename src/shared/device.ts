/** Devices that models run on, and what is known of them on this machine. */

export const deviceNames = ['cpu', 'webgpu'] as const;
export type DeviceName = (typeof deviceNames)[number];

export interface SelfTest {
  /** Largest difference from the CPU, relative to the largest value. */
  readonly error: number;
  /** Of a product of square matrices, once warm; billions of operations per second. */
  readonly gflops: number;
}

export interface DeviceReport {
  readonly device: DeviceName;
  /** Name of the processor or adapter; null where the system does not tell. */
  readonly name: string | null;
  /** A processor that pretends to be a GPU: right, and slower than the CPU itself. */
  readonly software: boolean;
  readonly selfTest: SelfTest | null;
  /** Why the device cannot be used; null where it can. */
  readonly problem: string | null;
}

export interface ChosenDevice {
  readonly device: DeviceName;
  readonly reason: string;
}
