import type * as ort from './onnxRuntime.ts';
import type { DeviceName } from '../../shared/device.ts';

/** Session options of a device. On `webgpu` a model with a node that would run on the CPU is refused. */
export function executionOptions(device: DeviceName): ort.InferenceSession.SessionOptions {
  if (device === 'cpu') {
    return {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      enableMemPattern: false,
      // This optimiser would fuse transposes into products, which makes them slower (see operators/matrix.ts).
      extra: { optimization: { disable_specified_optimizers: 'GemmTransposeFusion' } },
    };
  }
  return {
    executionProviders: ['webgpu'],
    graphOptimizationLevel: 'all',
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  };
}
