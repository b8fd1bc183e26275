/**
 * Seeded random numbers. Every purpose has its own stream, and so has every position within a purpose (an epoch, a
 * step). So drawing more or fewer numbers in one place changes nothing elsewhere, and a resumed run draws the same
 * numbers as an undisturbed one.
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform integer in [0, bound); `bound` from 1 to 2^32. */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
}

export type RandomPurpose = 'split' | 'plan' | 'answers' | 'weights' | 'dropout' | 'resampling' | 'sample' | 'map';

/** The stream of one purpose at one position, from the experiment's seed. */
export function randomStream(seed: number, purpose: RandomPurpose, ...position: (number | string)[]): Random {
  return new Sfc32(hashString(`${seed}/${purpose}/${position.join('/')}`));
}

/** An integer in [0, 2^31) that is a function of seed, purpose and position only. */
export function randomSeed(seed: number, purpose: RandomPurpose, ...position: (number | string)[]): number {
  return randomStream(seed, purpose, ...position).integer(2 ** 31);
}

/** Fisher–Yates; returns a new array. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

/** Four 32-bit words from a string: FNV-1a per word with differing bases, then an avalanche. */
function hashString(text: string): [number, number, number, number] {
  const word = (basis: number): number => {
    let hash = basis >>> 0;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  };
  return [word(0x811c9dc5), word(0x9e3779b9), word(0x7f4a7c15), word(0x1b873593)];
}

/** sfc32 (Chris Doty-Humphrey, PractRand): small, fast, 128 bits of state, period at least 2^32. */
class Sfc32 implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;
  #spare: number | undefined;

  constructor(state: [number, number, number, number]) {
    [this.#a, this.#b, this.#c, this.#counter] = state;
    for (let i = 0; i < 12; i++) this.#word();
  }

  #word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  next(): number {
    return this.#word() / 2 ** 32;
  }

  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** Box–Muller, which makes two numbers at a time: the second is kept for the next call. */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}
