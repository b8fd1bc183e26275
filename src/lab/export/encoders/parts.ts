import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Encoder, Weights } from '../../encoders/encoder.ts';
import { safetensorsParts } from '../../encoders/safetensors.ts';
import { tensorsOf } from '../../encoders/encoderFolder.ts';
import { writeAtomically } from '../../files/atomicFile.ts';

/** What formats share: the parts of an encoder, and functions that write files. */

export type Parameters = Encoder['parameters'];

/** The linear layer after pooling; empty if the encoder has none. */
export function projectionOf({ parameters }: Encoder): Parameters {
  return parameters.filter(({ name }) => name.startsWith('projection.'));
}

/** All parameters except those of the projection. */
export function withoutProjection({ parameters }: Encoder): Parameters {
  return parameters.filter(({ name }) => !name.startsWith('projection.'));
}

/** How hidden states become one vector. */
export function poolingOf({ config }: Encoder): 'cls' | 'mean' {
  return (config.losslab as { pooling: 'cls' | 'mean' }).pooling;
}

/** Architectures of `transformers` with the same parameter names: their `config.json` names its classes. */
export function isTransformers({ config }: Encoder): boolean {
  return config.architectures !== undefined;
}

/** The architecture in messages. */
export function architectureOf({ config }: Encoder): string {
  return String(config.model_type).replace('losslab-', '');
}

export function isStatic({ config }: Encoder): boolean {
  return config.model_type === 'losslab-static';
}

/** `name` may contain a sub-folder, which is created. */
export function writeJson(folder: string, name: string, value: unknown): void {
  writeText(folder, name, `${JSON.stringify(value, null, 2)}\n`);
}

export function writeText(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeAtomically(file, [text]);
}

/** `named` maps the names of parameters to names of tensors. */
export function writeTensors(
  folder: string,
  name: string,
  parameters: Parameters,
  weights: Weights,
  named = (parameter: string): string => parameter,
): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  const tensors = new Map(
    Array.from(tensorsOf(parameters, weights), ([parameter, tensor]) => [named(parameter), tensor]),
  );
  writeAtomically(file, safetensorsParts(tensors, { format: 'pt' }));
}
