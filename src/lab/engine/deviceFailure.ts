import type { DeviceName } from '../../shared/device.ts';
import { LabError } from '../../shared/errors.ts';

/**
 * What ONNX Runtime 1.30 and WebGPU say when the device is at fault, and not the model. A buffer that could not
 * be had is told of on stderr only: the error names what was to be done with it. A device that is lost answers nothing,
 * so that results cannot be fetched.
 */
const memory =
  /is invalid due to a previous error|out of (device |host )?memory|OUT_OF_(DEVICE|HOST)_MEMORY|bad_alloc|failed to allocate memory|cannot allocate memory/i;
const loss = /Failed to download data from buffer|device (is |was )?lost/i;

/** An error of ONNX Runtime as a `device` LabError where it says that the device is at fault; else as it is. */
export function asDeviceFailure(error: unknown, device: DeviceName): unknown {
  const words = wordsFor(error instanceof Error ? error.message : String(error), device);
  if (words === null) return error;
  return new LabError(
    'device',
    words,
    'Go on from the last checkpoint once nothing else uses the memory; where it happens again, take a smaller batch_size or max_length, or a gradient_cache_batch.',
    { cause: error },
  );
}

function wordsFor(message: string, device: DeviceName): string | null {
  if (memory.test(message))
    return device === 'cpu' ? 'The machine ran out of memory.' : 'The GPU, or the machine itself, ran out of memory.';
  return loss.test(message) ? 'The GPU was lost: its driver was reset, or memory ran out.' : null;
}
