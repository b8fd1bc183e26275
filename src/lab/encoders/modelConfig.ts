import { LabError } from '../../shared/errors.ts';
import { safeParse } from '../../shared/safeParse.ts';
import type { ModelConfig } from './configSchema.ts';
import { architectures } from './registry.ts';

/** The `model_type`s whose weights can be read. */
export const supportedArchitectures: readonly string[] = [...architectures.keys()];

/** Checks the content of a `config.json`; `where` names it in errors. Throws an `encoder` LabError. */
export function parseModelConfig(config: unknown, where: string): ModelConfig {
  const architecture = (config as { model_type?: unknown } | null)?.model_type;
  const supported = supportedArchitectures.map((name) => `"${name}"`).join(', ');
  if (typeof architecture !== 'string')
    throw new LabError(
      'encoder',
      `${where} names no model_type; expected one of ${supported}.`,
      'An encoder folder must contain the config.json that belongs to its weights.',
    );
  const schema = architectures.get(architecture);
  if (!schema)
    throw new LabError(
      'encoder',
      `${where}: the architecture "${architecture}" is not supported; expected one of ${supported}.`,
      'Choose a model of one of these architectures.',
    );
  const parsed = safeParse(schema, config);
  if (parsed.success) return { architecture, ...parsed.data };
  const { path, message } = parsed.error.issues[0]!;
  throw new LabError(
    'encoder',
    `${where}: ${path.join('.')}: ${message}.`,
    'Choose a model with a complete config.json that LossLab supports.',
  );
}
