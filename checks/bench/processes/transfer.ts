import { initialWeights, parameterCount } from '../../../src/lab/encoders/encoder.ts';
import { randomStream } from '../../../src/lab/base/random.ts';
import { DeviceState, initialState } from '../../../src/lab/training/state.ts';
import type { DeviceName } from '../../../src/shared/device.ts';
import { encoderOfShape, type Shape } from '../shapes.ts';

/** Moves a training state to the device and back, and prints TransferFigures. The argument is a TransferJob. */
export interface TransferJob {
  readonly shape: Shape;
  readonly device: DeviceName;
}

export interface TransferFigures {
  /** Bytes of parameters and both moments. */
  readonly bytes: number;
  readonly uploadSeconds: number;
  readonly readSeconds: number;
}

const { shape, device } = JSON.parse(process.argv[2]!) as TransferJob;
const encoder = encoderOfShape(shape);
const state = initialState(
  encoder,
  initialWeights(encoder, (name) => randomStream(1, 'weights', name)),
);
const started = performance.now();
const onDevice = await DeviceState.create(encoder, state, device);
const uploaded = performance.now();
await onDevice.read();
console.log(
  JSON.stringify({
    bytes: 3 * 4 * parameterCount(encoder),
    uploadSeconds: (uploaded - started) / 1000,
    readSeconds: (performance.now() - uploaded) / 1000,
  } satisfies TransferFigures),
);
process.exit(0);
