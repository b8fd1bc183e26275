import type { EncoderDescription, StoredEncoder } from '../../../../shared/contract/encoders.ts';
import type { EncoderName, RawConfiguration } from '../../../../shared/configuration.ts';
import { defaultOf, keysWhere, table } from '../../../../shared/configuration/table.ts';
import { untrainedEncoders } from '../../../../shared/configuration/untrainedEncoders.ts';
import { formatBytes, formatCount } from '../../../../shared/format.ts';
import { withKeys } from './state.ts';

/** What the wizard says about encoders: how large they are, and what is wrong with a name of one. */

export function isInHub(encoder: string): boolean {
  return encoder.startsWith('hf:');
}

/** Keys whose values make sense for one encoder only. */
const encoderOwnKeys = keysWhere(({ resetByEncoder }) => resetByEncoder === true);

/** Another encoder: sizes and rates that were decided for the one before go. Of weights it is the folder or the repository. */
export function withEncoder(shared: RawConfiguration, encoder: string): RawConfiguration {
  if (encoder === (shared.encoder ?? 'static')) return shared;
  return withKeys(shared, { ...Object.fromEntries(encoderOwnKeys.map((key) => [key, undefined])), encoder });
}

/** Why the text cannot name weights; null where it may. */
export function referenceProblem(encoder: string): string | null {
  const text = encoder.trim();
  if (text === '') return 'Name a folder with weights, or a repository as hf:owner/name.';
  return isInHub(text) || /[\\/.]/.test(text)
    ? null
    : `"${text}" is not a path or a repository: write ./${text} for a folder, or hf:${text} for the Hub.`;
}

/** Trainable numbers with a vocabulary of full size; small data fills less of it. */
export function parameterCount(name: EncoderName, shared: RawConfiguration): number {
  const { hasLayers, leastPositions } = untrainedEncoders[name];
  const size = shared.embed_dim ?? defaultOf('embed_dim', name)!;
  const vocabulary = shared.vocabulary_size ?? defaultOf('vocabulary_size', name)!;
  const ownProjection = hasLayers ? defaultOf('projection_dim', name)! : size;
  const projection = shared.projection_dim === undefined ? ownProjection : shared.projection_dim;
  const projected = projection === null ? 0 : linear(size, projection);
  if (!hasLayers) return vocabulary * (size + 1) + (projection === size ? 0 : projected);
  const maxLength = shared.max_length ?? defaultOf('max_length', name)!;
  const positions = Math.max(leastPositions, maxLength);
  const inner = shared.hidden_dim ?? defaultOf('hidden_dim', name)!;
  const norm = 2 * size;
  const layer = 4 * linear(size, size) + linear(size, inner) + linear(inner, size) + 2 * norm;
  const layers = shared.n_layers ?? defaultOf('n_layers', name)!;
  return (vocabulary + positions) * size + layers * layer + norm + projected;
}

/** Weights and biases. */
function linear(from: number, to: number): number {
  return from * to + to;
}

/** Of model.safetensors: four bytes a number. */
export function weightsBytes(parameters: number): number {
  return 4 * parameters;
}

/** What a stored encoder is, in a line. */
export function storedInWords({ architecture, parameters, bytes, revision }: StoredEncoder): string {
  return [
    ...(architecture === null ? [] : [architecture]),
    ...(parameters === null ? [] : [`${formatCount(parameters)} parameters`]),
    formatBytes(bytes),
    ...(revision === null ? [] : [`revision ${revision.slice(0, 8)}`]),
  ].join(' · ');
}

/** What the files of weights say of themselves. */
export function encoderFacts(description: EncoderDescription): { readonly title: string; readonly text: string }[] {
  const {
    architecture,
    layers,
    heads,
    size,
    innerSize,
    parameters,
    bytes,
    maxLength,
    vocabularySize,
    pooling,
    dimension,
    folder,
  } = description;
  return [
    {
      title: 'Architecture',
      text: `${architecture}: ${layers} layers of ${size} numbers, ${heads} heads, ${innerSize} inside`,
    },
    { title: 'Parameters', text: `${formatCount(parameters)}, ${formatBytes(bytes)} on disk` },
    { title: 'Longest text', text: `${formatCount(maxLength)} tokens of ${formatCount(vocabularySize)}` },
    { title: 'Pooling', text: pooling === null ? 'the model does not say' : table.pooling.choices[pooling] },
    { title: 'Embedding', text: `${formatCount(dimension)} numbers` },
    { title: 'Folder', text: folder },
  ];
}
