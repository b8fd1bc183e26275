import { execFile } from 'node:child_process';
import { freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { DeviceName } from '../../shared/device.ts';

/** Bytes of a device's memory that are free, or that it has where the system tells no more; null where it tells nothing. */
export async function availableMemory(device: DeviceName): Promise<number | null> {
  // macOS fills its memory with what it can forget, and its GPU uses the same: only the whole says something.
  if (process.platform === 'darwin') return totalmem();
  return device === 'cpu' ? freeMemoryOfProcess() : freeMemoryOfNvidia();
}

/** What a container has used of its limit is not taken off: files that were read count as used there, and make room for others. */
function freeMemoryOfProcess(): number {
  return Math.min(freemem(), process.constrainedMemory() || Infinity);
}

const milliseconds = 5000;

/** Vulkan and Direct3D keep to themselves what is free; NVIDIA's driver comes with a program that tells. Where it finds several GPUs: of the fullest. */
async function freeMemoryOfNvidia(): Promise<number | null> {
  const answer = await promisify(execFile)('nvidia-smi', ['--query-gpu=memory.free', '--format=csv,noheader,nounits'], {
    timeout: milliseconds,
  }).catch(() => null);
  if (answer === null) return null;
  const mebibytes = answer.stdout.trim().split('\n').map(Number);
  return mebibytes.every((each) => each > 0) ? Math.min(...mebibytes) * 2 ** 20 : null;
}
