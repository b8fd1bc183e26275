import type { DeviceName } from '../../shared/device.ts';
import type { EncoderKind } from '../../shared/configuration.ts';

/** What things are called on screens. */

export const encoderTitles: Record<EncoderKind, string> = {
  static: 'Static',
  mini: 'Mini transformer',
  distilbert: 'DistilBERT',
  pretrained: 'Pretrained',
};

export const deviceTitles: Record<DeviceName, string> = { cpu: 'CPU', webgpu: 'GPU' };
