/** Values that are kept while they fit into so many bytes; those not used for longest go first. The newest always stays. */
export class BoundedCache<Value> {
  readonly #limit: number;
  readonly #letGo: (value: Value) => void;
  /** Least recently used first. */
  readonly #entries = new Map<string, { readonly value: Value; readonly bytes: number }>();
  #bytes = 0;

  constructor(limit: number, letGo: (value: Value) => void = () => undefined) {
    this.#limit = limit;
    this.#letGo = letGo;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  add(key: string, value: Value, bytes: number): void {
    this.#remove(key);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limit || oldest === key) return;
      this.#remove(oldest);
    }
  }

  clear(): void {
    for (const key of [...this.#entries.keys()]) this.#remove(key);
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    this.#letGo(entry.value);
  }
}
