import { compileModel } from '../../src/lab/graph/compile.ts';
import type { DeviceName } from '../../src/shared/device.ts';
import { evaluateDimension, type Bindings, type Shape } from '../../src/lab/graph/dimension.ts';
import { Graph, type Tensor } from '../../src/lab/graph/graph.ts';
import type { HostTensor } from '../../src/lab/graph/hostTensor.ts';
import { Session } from '../../src/lab/engine/session.ts';

/** Whether the devices under test include `webgpu`: the tests that need an adapter are switched on from outside. */
export const testsWebgpu = process.env.LOSSLAB_TEST_WEBGPU === '1';
export const testedDevices: readonly DeviceName[] = testsWebgpu ? ['cpu', 'webgpu'] : ['cpu'];

/** Compiles and runs once: each output as plain numbers. */
export async function evaluate(
  outputs: Readonly<Record<string, Tensor>>,
  feeds: Readonly<Record<string, HostTensor>>,
  device: DeviceName = 'cpu',
): Promise<Record<string, number[]>> {
  const session = await Session.create(compileModel(outputs), device);
  const results = await session.run(feeds);
  await session.dispose();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data as ArrayLike<number | bigint>, Number)]),
  );
}

/** The lengths of a shape in a run where some inputs have the given dims. */
export function lengthsOf(shape: Shape, bindings: Bindings): number[] {
  return shape.map((dimension) => evaluateDimension(dimension, bindings));
}

/**
 * A session to hold open through several tests: with the last session of a device ONNX Runtime also
 * forgets its compiled kernels, which take a software adapter most of its time.
 */
export function holdDevice(device: DeviceName): Promise<Session> {
  return Session.create(compileModel({ y: new Graph().input('x', 'float32', []) }), device);
}
