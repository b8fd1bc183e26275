/** What the rest of LossLab uses of configurations; how they work is in `configuration/`. */
export { ConfigurationError } from './configuration/error.ts';
export { readAsOriginal } from './configuration/original.ts';
export { resolveConfiguration } from './configuration/resolve.ts';
export { encoderKindOf } from './configuration/resolveEncoder.ts';
export type { EncoderKind } from './configuration/setting.ts';
export { encoderNames, type EncoderName } from './configuration/untrainedEncoders.ts';
export { configurationKeys, recipeKeys, type ConfigurationKey } from './configuration/table.ts';
export type {
  Configuration,
  EncoderConfiguration,
  EncoderShape,
  FineTuning,
  PretrainedConfiguration,
  RawConfiguration,
  TrainingConfiguration,
  UntrainedConfiguration,
} from './configuration/types.ts';
export { valuesOf } from './configuration/values.ts';
export { toRawConfiguration } from './configuration/write.ts';
