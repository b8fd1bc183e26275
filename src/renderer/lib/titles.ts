import type { DeviceName } from '../../shared/device.ts';
import type { EncoderName } from '../../shared/configuration.ts';

/** What things are called on screens. */

export const encoderTitles: Record<EncoderName, string> = { static: 'Static', mini: 'Mini transformer', distilbert: 'DistilBERT' };

export const deviceTitles: Record<DeviceName, string> = { cpu: 'CPU', webgpu: 'GPU' };
