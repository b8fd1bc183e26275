/** Devices that run models, and their state on this machine. */

export const deviceNames = ['cpu', 'webgpu'] as const;
export type DeviceName = (typeof deviceNames)[number];

export interface SelfTest {
  /** Largest difference from the CPU, relative to the largest value. */
  readonly error: number;
  /** Speed of a product of square matrices after warm-up, in billions of operations per second. */
  readonly gflops: number;
}

export interface DeviceReport {
  readonly device: DeviceName;
  /** Name of the processor or adapter; null if the system does not report it. */
  readonly name: string | null;
  /** A GPU emulated by the processor: correct, but slower than the CPU. */
  readonly software: boolean;
  readonly selfTest: SelfTest | null;
  /** Why the device cannot be used; null if it can. */
  readonly problem: string | null;
}

export interface ChosenDevice {
  readonly device: DeviceName;
  readonly reason: string;
}
