import { z } from 'zod';
import type { EncoderKind, Group } from './setting.ts';
import { appliesTo, defaultOf, keysWhere, settingOf, type ConfigurationKey } from './table.ts';

/** A configuration key as a field of a form: words, kind, range and default. */
export type Field = {
  readonly key: ConfigurationKey;
  readonly title: string;
  readonly help: string;
} & (
  | {
      readonly kind: 'number';
      /** Null: the field may stay empty, and then does nothing. */
      readonly default: number | null;
      readonly minimum: number;
      readonly exclusiveMinimum: boolean;
      readonly maximum: number | null;
      readonly exclusiveMaximum: boolean;
      readonly integer: boolean;
      readonly step: number;
    }
  | { readonly kind: 'boolean'; readonly default: boolean }
  /** Some whole numbers, none by default. */
  | { readonly kind: 'numbers'; readonly default: readonly []; readonly minimum: number }
  | {
      readonly kind: 'choice';
      readonly default: string;
      readonly choices: readonly { readonly value: string; readonly title: string }[];
    }
);

type Property = z.core.JSONSchema.JSONSchema;

/** The field of a key with this default; undefined for one that is absent by default. */
export function fieldOf(key: ConfigurationKey, fallback: unknown): Field {
  const { title, help, step, choices } = settingOf(key);
  const property = propertyOf(key);
  const common = { key, title, help };
  switch (property.type) {
    case 'boolean':
      return { ...common, kind: 'boolean', default: (fallback ?? false) as boolean };
    case 'string':
      return {
        ...common,
        kind: 'choice',
        default: fallback as string,
        choices: property.enum!.map((value) => ({ value: value as string, title: choices![value as string]! })),
      };
    case 'array':
      return { ...common, kind: 'numbers', default: [], minimum: (property.items as Property).minimum! };
    case 'number':
    case 'integer':
      return {
        ...common,
        kind: 'number',
        default: (fallback ?? null) as number | null,
        ...rangeOf(property),
        integer: property.type === 'integer',
        step: step!,
      };
    default:
      throw new Error(`"${key}" has a type that no form can show: ${String(property.type)}.`);
  }
}

/** The type and range of a key, as JSON Schema has them; null is left out. */
export function propertyOf(key: ConfigurationKey): Property {
  const { schema } = settingOf(key);
  return z.toJSONSchema(schema instanceof z.ZodNullable ? (schema.unwrap() as z.ZodType) : schema, { io: 'input' });
}

export function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Property) {
  const highest = maximum ?? (exclusiveMaximum as number | undefined) ?? Infinity;
  return {
    minimum: minimum ?? (exclusiveMinimum as number),
    exclusiveMinimum: minimum === undefined,
    // Whole numbers always have an upper limit in a schema: the largest that is exact.
    maximum: highest < Number.MAX_SAFE_INTEGER ? highest : null,
    exclusiveMaximum: maximum === undefined && exclusiveMaximum !== undefined,
  };
}

/** The parameters of a loss or a strategy, with its defaults. */
export function fieldsOfParameters(parameters: z.ZodObject): Field[] {
  const defaults: Readonly<Record<string, unknown>> = parameters.parse({});
  return Object.keys(parameters.shape).map((key) => fieldOf(key as ConfigurationKey, defaults[key]));
}

/** The fields of a group that have a meaning for an encoder. */
export function fieldsOfGroup(group: Group, encoder: EncoderKind): Field[] {
  const keys = keysWhere((setting) => setting.group === group && setting.control !== 'own');
  return keys.filter((key) => appliesTo(key, encoder)).map((key) => fieldOf(key, defaultOf(key, encoder)));
}
