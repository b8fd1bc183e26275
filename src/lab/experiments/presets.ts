import { readFileSync } from 'node:fs';
import type { RawConfiguration } from '../../shared/configuration.ts';
import { applicationFile } from '../base/applicationFiles.ts';

/** The seven predefined experiments of the original script, in its order: files in `configs/`. */
export const presetNames = [
  'infonce_standard',
  'infonce_random',
  'multiple_positives_rank',
  'multiple_positives_score',
  'hard_negative',
  'triplet_hard_neg',
  'listwise',
] as const;

export function presetFile(name: string): string {
  return applicationFile('configs', `${name}.json`);
}

export function readPreset(name: string): RawConfiguration {
  return JSON.parse(readFileSync(presetFile(name), 'utf8')) as RawConfiguration;
}
