import { orList } from '../orList.ts';
import { ConfigurationError } from './error.ts';
import type { EncoderKind } from './setting.ts';
import { appliesTo, configurationKeys, defaultOf, settingOf, storedKeysOf, type ConfigurationKey } from './table.ts';
import { encoderNames, untrainedEncoders, type EncoderName } from './untrainedEncoders.ts';
import type {
  EncoderConfiguration,
  PretrainedConfiguration,
  RawConfiguration,
  UntrainedConfiguration,
} from './types.ts';

/** What `encoder` of a configuration chooses; every text that is not a name stands for weights. */
export function encoderKindOf({ encoder = 'static' }: Pick<RawConfiguration, 'encoder'>): EncoderKind {
  return (encoderNames as readonly string[]).includes(encoder) ? (encoder as EncoderName) : 'pretrained';
}

/** Decides everything about the encoder that needs no files. Throws a ConfigurationError. */
export function resolveEncoder(raw: RawConfiguration): EncoderConfiguration {
  const kind = encoderKindOf(raw);
  for (const key of configurationKeys) requireMeaning(key, raw, kind);
  return kind === 'pretrained' ? resolvePretrained(raw.encoder!, raw) : resolveUntrained(kind, raw);
}

function requireMeaning(key: ConfigurationKey, raw: RawConfiguration, kind: EncoderKind): void {
  const { refusal, encoders } = settingOf(key);
  const value = raw[key];
  if (refusal === undefined || value === undefined || appliesTo(key, kind) || kind === 'pretrained') return;
  if (value === defaultOf(key, kind)) return;
  throw new ConfigurationError(
    [key, 'encoder'],
    `${key} ${JSON.stringify(value)} does not apply to encoder "${kind}": ${refusal}.`,
    `Remove ${key}, or set encoder to ${orList(encoders!.map(inWords))}.`,
  );
}

function inWords(kind: EncoderKind): string {
  return kind === 'pretrained' ? 'weights from files (a folder, or hf:repository)' : `"${kind}"`;
}

function resolveUntrained(kind: EncoderName, raw: RawConfiguration): UntrainedConfiguration {
  const decided = Object.fromEntries(storedKeysOf('encoder').map((key) => [key, raw[key] ?? defaultOf(key, kind)]));
  const encoder = { kind, folder: null, ...decided } as unknown as UntrainedConfiguration;
  if (untrainedEncoders[kind].hasLayers && encoder.embed_dim % encoder.n_heads !== 0) {
    throw new ConfigurationError(
      ['embed_dim', 'n_heads', 'encoder'],
      `embed_dim ${encoder.embed_dim} is not a multiple of n_heads ${encoder.n_heads}.`,
      'Choose n_heads so that each head gets the same number of dimensions.',
    );
  }
  return { ...encoder, projection_dim: projectionOf(kind, raw, encoder) };
}

/** Null is a choice: no projection. Without layers there is one only for another length. */
function projectionOf(
  kind: EncoderName,
  raw: RawConfiguration,
  { embed_dim, projection_dim }: UntrainedConfiguration,
): number | null {
  if (raw.projection_dim === null) return null;
  return !untrainedEncoders[kind].hasLayers && raw.projection_dim === undefined ? embed_dim : projection_dim;
}

/** Keys that the configuration names stay with it; the lab compares them with the files. */
function resolvePretrained(source: string, raw: RawConfiguration): PretrainedConfiguration {
  const inHub = source.startsWith('hf:');
  if (!inHub && !/[\\/.]/.test(source)) {
    throw new ConfigurationError(
      ['encoder'],
      `encoder "${source}" is not an encoder.`,
      `Use ${encoderNames.join(', ')}, a folder with config.json and model.safetensors, as ./my-encoder, or a repository of the Hugging Face Hub, as hf:${source}.`,
    );
  }
  const named = (Object.keys(raw) as ConfigurationKey[]).filter((key) => raw[key] !== undefined);
  const decided = storedKeysOf('encoder')
    .map((key) => [key, raw[key] === undefined ? defaultOf(key, 'pretrained') : raw[key]] as const)
    .filter(([, value]) => value !== undefined);
  return {
    kind: 'pretrained',
    source,
    folder: inHub ? null : source,
    explicit: named.filter((key) => settingOf(key).fromFiles),
    ...Object.fromEntries(decided),
  } as unknown as PretrainedConfiguration;
}
