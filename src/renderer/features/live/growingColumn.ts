/** Numbers that only ever grow at their end, or are cut there: room doubles, so nothing is copied twice over. */
export class GrowingColumn {
  #room = new Float64Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(values: ArrayLike<number>): void {
    this.#reserve(this.#length + values.length);
    this.#room.set(values, this.#length);
    this.#length += values.length;
  }

  /** Adds gaps up to `length`, or cuts what lies beyond it. */
  resize(length: number): void {
    this.#reserve(length);
    if (length > this.#length) this.#room.fill(NaN, this.#length, length);
    this.#length = length;
  }

  /** What it holds now, without a copy: good until the next change. */
  view(): Float64Array {
    return this.#room.subarray(0, this.#length);
  }

  #reserve(length: number): void {
    if (length <= this.#room.length) return;
    const room = new Float64Array(Math.max(length, 2 * this.#room.length));
    room.set(this.view());
    this.#room = room;
  }
}
