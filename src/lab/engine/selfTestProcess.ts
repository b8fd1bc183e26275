import * as ort from './onnxRuntime.ts';
import type { DeviceName } from '../../shared/device.ts';
import { ownerChannel } from '../work/ownerChannel.ts';
import { runSelfTest } from './selfTest.ts';

/** Entry of a process that tests the device it is told, and sends what it found: a driver that crashes takes only this. */
ort.env.logLevel = 'fatal';
const owner = ownerChannel();
owner.onClose(() => process.exit(0));
owner.onMessage((device) => {
  runSelfTest(device as DeviceName).then(
    (result) => owner.send(result),
    (error: Error) => owner.send({ failure: error.message }),
  );
});
