import type { Recipe } from '../recipe.ts';
import type { ConfigurationKey, KeysOf, KeysOfFiles, RawValue, Value } from './table.ts';
import type { EncoderName } from './untrainedEncoders.ts';

/**
 * The flat snake_case configuration of one run: what a person writes (`RawConfiguration`, every key
 * optional) and what the lab works with (`Configuration`, every value decided).
 */

/** What a configuration file holds; every key may be absent. */
export type RawConfiguration = { [Key in ConfigurationKey]?: RawValue<Key> | undefined };

type Values<Keys extends ConfigurationKey> = { readonly [Key in Keys]: Value<Key> };

/** What an encoder is made of. */
export type EncoderShape = Values<KeysOfFiles>;

type EncoderSettings = Values<Exclude<KeysOf<'encoder'>, KeysOfFiles>>;

/** An encoder with random initial weights. */
export interface UntrainedConfiguration extends EncoderSettings, EncoderShape {
  readonly kind: EncoderName;
  readonly folder: null;
}

/** An encoder with initial weights from files. What only the files know is absent until the lab has read them. */
export interface PretrainedConfiguration extends EncoderSettings, Partial<EncoderShape> {
  readonly kind: 'pretrained';
  /** What `encoder` names: a folder, or `hf:repository@revision`. */
  readonly source: string;
  /** Folder with config.json and the weights; null until the lab has found out where a repository is stored. */
  readonly folder: string | null;
  /** The keys among those that the files decide which the configuration itself names. */
  readonly explicit: readonly string[];
}

export type EncoderConfiguration = UntrainedConfiguration | PretrainedConfiguration;

/** Which part of an encoder is trained, and how fast. */
export type FineTuning = Values<KeysOf<'fineTuning'>>;

export type TrainingConfiguration = Values<KeysOf<'length' | 'training' | 'evaluation' | 'fineTuning'>>;

export interface Configuration extends Values<KeysOf<'files' | 'data'>> {
  readonly encoder: EncoderConfiguration;
  readonly training: TrainingConfiguration;
  readonly recipe: Recipe;
  /** Things the user should know, in words: keys that are accepted and do nothing here. */
  readonly notices: readonly string[];
}
