import { execFile } from 'node:child_process';
import { freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { DeviceName } from '../../shared/device.ts';

/**
 * Free bytes of a device's memory, or all its bytes if the system does not say what is free; null if neither is known.
 */
export async function availableMemory(device: DeviceName): Promise<number | null> {
  // macOS fills its memory with caches, and its GPU shares the memory: only the total is meaningful.
  if (process.platform === 'darwin') return totalmem();
  return device === 'cpu' ? freeMemoryOfProcess() : freeMemoryOfNvidia();
}

/**
 * The memory that a container already uses is not subtracted from its limit: cached files count as used there, but the
 * system can drop them.
 */
function freeMemoryOfProcess(): number {
  return Math.min(freemem(), process.constrainedMemory() || Infinity);
}

const milliseconds = 5000;

/**
 * Vulkan and Direct3D do not report free memory; NVIDIA's driver has a program that does. With several GPUs: the one
 * with the least.
 */
async function freeMemoryOfNvidia(): Promise<number | null> {
  const answer = await promisify(execFile)('nvidia-smi', ['--query-gpu=memory.free', '--format=csv,noheader,nounits'], {
    timeout: milliseconds,
  }).catch(() => null);
  if (answer === null) return null;
  const mebibytes = answer.stdout.trim().split('\n').map(Number);
  return mebibytes.every((each) => each > 0) ? Math.min(...mebibytes) * 2 ** 20 : null;
}
