import type { DeviceName } from '../../shared/device.ts';
import { LabError } from '../../shared/errors.ts';

/**
 * Messages of ONNX Runtime 1.30 and WebGPU when the device fails, not the model. If a buffer cannot be allocated, only
 * stderr says so; the error names the operation that needed it. A lost device does not answer, so results cannot be
 * fetched.
 */
const memory =
  /is invalid due to a previous error|out of (device |host )?memory|OUT_OF_(DEVICE|HOST)_MEMORY|bad_alloc|failed to allocate memory|cannot allocate memory/i;
const loss = /Failed to download data from buffer|device (is |was )?lost/i;

/** Turns an error of ONNX Runtime into a `device` LabError if the device has failed; returns other errors unchanged. */
export function asDeviceFailure(error: unknown, device: DeviceName): unknown {
  const words = wordsFor(error instanceof Error ? error.message : String(error), device);
  if (words === null) return error;
  return new LabError(
    'device',
    words,
    'Close other programs that use the memory, and resume the run from its last checkpoint. If it happens again, set a smaller batch_size or max_length, or set gradient_cache_batch.',
    { cause: error },
  );
}

function wordsFor(message: string, device: DeviceName): string | null {
  if (memory.test(message))
    return device === 'cpu' ? 'The machine ran out of memory.' : 'The GPU or the machine ran out of memory.';
  return loss.test(message) ? 'The GPU was lost: its driver was reset, or memory ran out.' : null;
}
