/** Seeds as people type them. */

export function seedsInWords(seeds: readonly number[]): string {
  return seeds.join(', ');
}

/** Numbers between commas or spaces; null with anything else in between, or the same number twice. */
export function readSeeds(text: string): { readonly seeds: readonly number[] } | { readonly problem: string } {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const wrong = parts.find((part) => !/^\d{1,15}$/.test(part));
  if (wrong !== undefined) return { problem: `Whole numbers from 0 are expected; found "${wrong}".` };
  const seeds = parts.map(Number);
  const twice = seeds.find((seed, index) => seeds.indexOf(seed) < index);
  if (twice !== undefined) return { problem: `Seed ${twice} is named twice: it would train the same run again.` };
  if (seeds.length === 0) return { problem: 'Give at least one seed.' };
  return seeds.length > 20 ? { problem: `At most 20 seeds; found ${seeds.length}.` } : { seeds };
}
