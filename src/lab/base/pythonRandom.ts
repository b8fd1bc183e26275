/** Python's random numbers, to draw what a Python script with the same seed draws. */

const stateLength = 624;

/** Fisher–Yates as `random.seed(seed); random.shuffle(items)` of Python 3; returns a new array. `seed` is at least 0. */
export function shuffledAsPython<T>(items: readonly T[], seed: number): T[] {
  const twister = new MersenneTwister(wordsOf(seed));
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = integerBelow(last + 1, twister);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

/** The 32-bit words of a seed, lowest first: as Python reads an integer. */
function wordsOf(seed: number): number[] {
  const high = Math.floor(seed / 2 ** 32);
  return high === 0 ? [seed] : [seed >>> 0, high];
}

/** As Python's `_randbelow`: just enough bits, drawn again until they are below `bound`. */
function integerBelow(bound: number, twister: MersenneTwister): number {
  const bits = 32 - Math.clz32(bound);
  for (;;) {
    const drawn = twister.word() >>> (32 - bits);
    if (drawn < bound) return drawn;
  }
}

/** MT19937 (Matsumoto and Nishimura 1998), seeded with an array of words (their `init_by_array` of 2002). */
class MersenneTwister {
  readonly #state: Uint32Array;
  #position = stateLength;

  constructor(key: readonly number[]) {
    this.#state = seededState(key);
  }

  word(): number {
    if (this.#position === stateLength) this.#twist();
    let word = this.#state[this.#position++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < stateLength; i++) {
      const bits = (state[i]! & 0x80000000) | (state[(i + 1) % stateLength]! & 0x7fffffff);
      state[i] = state[(i + 397) % stateLength]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }
}

function seededState(key: readonly number[]): Uint32Array {
  const state = new Uint32Array(stateLength);
  state[0] = 19650218;
  for (let i = 1; i < stateLength; i++) state[i] = Math.imul(1812433253, mixed(state[i - 1]!)) + i;
  let i = 1;
  const advance = (): void => {
    if (++i < stateLength) return;
    state[0] = state[stateLength - 1]!;
    i = 1;
  };
  for (let k = 0; k < Math.max(stateLength, key.length); k++) {
    const j = k % key.length;
    state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), 1664525)) + key[j]! + j;
    advance();
  }
  for (let k = 0; k < stateLength - 1; k++) {
    state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), 1566083941)) - i;
    advance();
  }
  state[0] = 0x80000000;
  return state;
}

function mixed(word: number): number {
  return word ^ (word >>> 30);
}
