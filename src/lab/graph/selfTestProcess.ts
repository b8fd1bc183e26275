import * as ort from 'onnxruntime-node';
import type { DeviceName } from '../../shared/device.ts';
import { runSelfTest } from './selfTest.ts';

/** Entry of a process that tests one device and prints the result as JSON: a driver that crashes takes only this. */
ort.env.logLevel = 'fatal';
try {
  process.stdout.write(JSON.stringify(await runSelfTest(process.argv[2] as DeviceName)));
} catch (error) {
  process.stdout.write(JSON.stringify({ failure: (error as Error).message }));
}
