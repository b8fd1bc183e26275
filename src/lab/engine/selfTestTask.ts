import type { DeviceName, SelfTest } from '../../shared/device.ts';
import { defineTask } from '../work/task.ts';

/** Tests a device. If a driver crashes, only the worker ends. */
export const selfTestTask = defineTask<DeviceName, SelfTest>({
  module: import.meta.url,
  what: 'The self-test of the device',
  fix: 'Update the graphics driver, or set device to "cpu".',
  limits: { seconds: 60 },
  // The Vulkan loader names the adapter only in its own log.
  environment: { VK_LOADER_DEBUG: 'driver' },
  async run(device) {
    const { env } = await import('./onnxRuntime.ts');
    env.logLevel = 'fatal';
    const { runSelfTest } = await import('./selfTest.ts');
    return runSelfTest(device);
  },
});
