import type { DeviceName } from '../../shared/device.ts';
import type { EncoderKind } from '../../shared/configuration.ts';
import { untrainedEncoders } from '../../shared/configuration/untrainedEncoders.ts';

/** What things are called on screens. */

export function encoderTitle(encoder: EncoderKind): string {
  return encoder === 'pretrained' ? 'Pretrained' : untrainedEncoders[encoder].title;
}

export const deviceTitles: Record<DeviceName, string> = { cpu: 'CPU', webgpu: 'GPU' };
