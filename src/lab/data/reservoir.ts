import { randomStream, type Random } from '../base/random.ts';

/**
 * A uniform sample of a stream of unknown length, in bounded memory (Vitter 1985, algorithm R). The
 * same stream gives the same sample.
 */
export class Reservoir<Item> {
  readonly items: Item[] = [];
  readonly #size: number;
  readonly #random: Random;
  #seen = 0;

  /** @param name distinguishes samples of the same stream */
  constructor(size: number, name: string) {
    this.#size = size;
    this.#random = randomStream(0, 'sample', name);
  }

  add(item: Item): void {
    this.#seen++;
    if (this.items.length < this.#size) {
      this.items.push(item);
      return;
    }
    const place = this.#random.integer(this.#seen);
    if (place < this.#size) this.items[place] = item;
  }
}
