import * as ort from 'onnxruntime-node';

/**
 * Entry of a training process whose device is lost after LOSE_DEVICE_AFTER model runs: later runs fail. The error is
 * that of ONNX Runtime 1.30 when the driver reports VK_ERROR_DEVICE_LOST.
 */
const lost =
  '/onnxruntime_src/onnxruntime/core/providers/webgpu/buffer_manager.cc:641 void onnxruntime::webgpu::BufferManager::Download(WGPUBuffer, void*, size_t) const map_async_result.status == wgpu::MapAsyncStatus::Success was false. Failed to download data from buffer. wgpu::MapAsyncStatus value: \x04\n';
let left = Number(process.env.LOSE_DEVICE_AFTER);

const create = ort.InferenceSession.create.bind(ort.InferenceSession) as (
  ...parts: readonly unknown[]
) => Promise<ort.InferenceSession>;
Object.assign(ort.InferenceSession, {
  create: async (...parts: readonly unknown[]) => {
    const session = await create(...parts);
    const run = session.run.bind(session) as (...parts: readonly unknown[]) => Promise<unknown>;
    return Object.assign(session, {
      run: (...given: readonly unknown[]) => (left-- > 0 ? run(...given) : Promise.reject(new Error(lost))),
    });
  },
});
await import('../../../src/lab/work/workerEntry.ts');
