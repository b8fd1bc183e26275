/** A pause that somebody begins and ends, and that others wait out. */
export class Pause {
  #current: PromiseWithResolvers<void> | null = null;

  begin(): void {
    this.#current ??= Promise.withResolvers();
  }

  end(): void {
    this.#current?.resolve();
    this.#current = null;
  }

  /** Resolves when there is no pause; at once where there is none now. */
  async over(): Promise<void> {
    while (this.#current) await this.#current.promise;
  }
}
