/** Which seeds are suggested, and how people type them. */

/** What the seeds of an experiment are, for as long as nobody has decided. */
export const suggestedSeeds: readonly number[] = [42, 43, 44];

/** How long the whole may take for all of them to be suggested. */
export const patientSeconds = 30 * 60;

/**
 * Three seeds tell a difference from luck; one where three would take longer than people like to
 * wait. `secondsOfOneSeed`: all recipes with one seed, as measured; null before that.
 */
export function seedsFor(secondsOfOneSeed: number | null): readonly number[] {
  const affordable = secondsOfOneSeed === null || suggestedSeeds.length * secondsOfOneSeed <= patientSeconds;
  return affordable ? suggestedSeeds : suggestedSeeds.slice(0, 1);
}

export function seedsInWords(seeds: readonly number[]): string {
  return seeds.join(', ');
}

/** Numbers between commas or spaces; null with anything else in between, or the same number twice. */
export function readSeeds(text: string): { readonly seeds: readonly number[] } | { readonly problem: string } {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const wrong = parts.find((part) => !/^\d{1,15}$/.test(part));
  if (wrong !== undefined) return { problem: `Expected whole numbers from 0; found "${wrong}".` };
  const seeds = parts.map(Number);
  const twice = seeds.find((seed, index) => seeds.indexOf(seed) < index);
  if (twice !== undefined) return { problem: `Seed ${twice} appears twice. It would train the same run again.` };
  if (seeds.length === 0) return { problem: 'Enter at least one seed.' };
  return seeds.length > 20 ? { problem: `At most 20 seeds; found ${seeds.length}.` } : { seeds };
}
