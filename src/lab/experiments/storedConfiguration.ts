import { resolve } from 'node:path';
import type { Configuration, EncoderConfiguration } from '../../shared/configuration.ts';
import { withDecidedEncoder } from '../encoders/pretrained.ts';
import { isHubReference } from '../net/hub/hubReference.ts';

/**
 * The configuration that a run stores: all keys are decided and paths are absolute, so that the run can be resumed from
 * any working folder. Throws as `withDecidedEncoder` does.
 */
export function storedConfiguration(configuration: Configuration): Configuration {
  const decided = withDecidedEncoder(configuration);
  return {
    ...decided,
    data_path: absolute(decided.data_path),
    output_dir: absolute(decided.output_dir),
    encoder: withAbsolutePaths(decided.encoder),
  };
}

function withAbsolutePaths(encoder: EncoderConfiguration): EncoderConfiguration {
  const tokenizer = absolute(encoder.tokenizer);
  if (encoder.kind !== 'pretrained') return { ...encoder, tokenizer };
  const source = isHubReference(encoder.source) ? encoder.source : resolve(encoder.source);
  return { ...encoder, tokenizer, source, folder: absolute(encoder.folder) };
}

function absolute(path: string | null): string | null {
  return path === null ? null : resolve(path);
}
