import { expect, test } from 'vitest';
import { asDeviceFailure } from '../../../../src/lab/engine/deviceFailure.ts';
import { LabError } from '../../../../src/shared/errors.ts';

/* Texts of ONNX Runtime 1.30, as it threw them on a software adapter: short of memory, and made to answer VK_ERROR_DEVICE_LOST. */

const buffer = `WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid due to a previous error.
 - While validating entries[2] against { binding: 2, visibility: ShaderStage::Compute, buffer: {type: BufferBindingType::Storage, minBindingSize: 0, hasDynamicOffset: 0} }.
 - While calling [Device].CreateBindGroup([BindGroupDescriptor ""Gemm""]).`;
const lost =
  '/onnxruntime_src/onnxruntime/core/providers/webgpu/buffer_manager.cc:641 void onnxruntime::webgpu::BufferManager::Download(WGPUBuffer, void*, size_t) const map_async_result.status == wgpu::MapAsyncStatus::Success was false. Failed to download data from buffer. wgpu::MapAsyncStatus value: \x04\n';

test.each([
  ['a buffer that could not be had', buffer, 'webgpu', 'The GPU or the machine ran out of memory.'],
  ['a lost device', lost, 'webgpu', 'The GPU was lost: its driver was reset, or memory ran out.'],
  [
    'no memory for threads',
    'PosixThread::PosixThread(const char*, int) pthread_create failed, error code: 12 error msg: Cannot allocate memory',
    'webgpu',
    'The GPU or the machine ran out of memory.',
  ],
  ['no memory on the processor', 'std::bad_alloc', 'cpu', 'The machine ran out of memory.'],
] as const)('%s', (_, message, device, words) => {
  const cause = new Error(message);
  const failure = asDeviceFailure(cause, device);
  expect(failure).toBeInstanceOf(LabError);
  expect(failure).toMatchObject({
    code: 'device',
    message: words,
    fix: expect.stringContaining('smaller batch_size'),
    cause,
  });
});

test('an error in a model is not the device’s', () => {
  const defect = new Error(
    "Non-zero status code returned while running Gemm node. Name:'g' Status Message: Gemm: Dimension mismatch",
  );
  expect(asDeviceFailure(defect, 'webgpu')).toBe(defect);
});
