import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The seven predefined experiments of the original, in its order: files of `configs/`. */
export const presetNames = ['infonce_standard', 'infonce_random', 'multiple_positives_rank', 'multiple_positives_score', 'hard_negative', 'triplet_hard_neg', 'listwise'] as const;

export function presetFile(name: string): string {
  return fileURLToPath(new URL(`../../configs/${name}.json`, import.meta.url));
}

export function readPreset(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(presetFile(name), 'utf8')) as Record<string, unknown>;
}
