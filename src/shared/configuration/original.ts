import { lossNames, strategiesOfLoss } from '../recipe.ts';

/**
 * Configuration files of the original script. They name no encoder, because the script has only one, and leave to the
 * script's defaults what differs from LossLab's.
 */

/** What a file says, not checked yet. */
type Written = Readonly<Record<string, unknown>>;

/** What the original trains: DistilBERT, with a projection of its first token. */
const originalEncoder = 'hf:distilbert-base-uncased';
const originalSizes = { embed_dim: 768, projection_dim: 128 } as const;

/**
 * Keys that have a meaning only in the original. `dataset_strategy` is not among them: LossLab's own presets named it
 * once, and copies of them are no files of the original.
 */
const keysOfOriginal = ['use_fixed_evaluation', 'log_to_wandb', 'wandb_project', 'debug_output'] as const;

/** A configuration file as its writer meant it, and what to tell the user about that; null if it is LossLab's own. */
export interface ReadConfiguration {
  readonly raw: Written;
  readonly notice: string | null;
}

/**
 * Completes a configuration file of the original script by the defaults of that script, the encoder above all. Files of
 * LossLab are returned as they are. Nothing is checked here.
 */
export function readAsOriginal(raw: Written, fileName: string): ReadConfiguration {
  if (!isOfOriginal(raw)) return { raw, notice: null };
  const completed = {
    encoder: originalEncoder,
    projection_dim: originalSizes.projection_dim,
    split_method: 'python',
    ...recipeOfOriginal(raw),
    // For every loss; LossLab's own default for "listwise" is 1.
    ...(raw['loss_type'] === 'listwise' && { temperature: 0.1 }),
    ...raw,
    // In the original, every 0 steps is never.
    ...(raw['eval_steps'] === 0 && { eval_steps: null }),
  };
  return {
    raw: completed,
    notice: `${fileName} is a configuration of the original script, which trains distilbert-base-uncased: encoder is ${originalEncoder}. To train another encoder, name it with a learning rate that suits it, for example --encoder static --set learning_rate=0.001.`,
  };
}

/** It names no encoder, and either the sizes of the original's encoder or a key that only the original has. */
export function isOfOriginal(raw: Written): boolean {
  if (raw['encoder'] !== undefined) return false;
  const namesItsSizes = raw['embed_dim'] === originalSizes.embed_dim && raw['projection_dim'] !== undefined;
  return namesItsSizes || keysOfOriginal.some((key) => raw[key] !== undefined);
}

/**
 * The original does not infer a loss from a strategy, nor the other way round: each is `infonce` unless it is named.
 * Where that does not fit together the original fails, and LossLab infers what is missing.
 */
function recipeOfOriginal({ loss_type, batch_transform }: Written): Written {
  const [loss, strategy] = [loss_type ?? 'infonce', batch_transform ?? 'infonce'];
  const named = lossNames.find((name) => name === loss);
  const fits = named && (strategiesOfLoss[named] as readonly unknown[]).includes(strategy);
  return fits ? { loss_type: loss, batch_transform: strategy } : {};
}
