/** One line that is rewritten while a command works; only on a terminal. */
export class Ticker {
  readonly #visible: boolean;
  #shown = false;

  constructor({ json = false }: { readonly json?: boolean }) {
    this.#visible = !json && process.stdout.isTTY;
  }

  show(text: string): void {
    if (!this.#visible) return;
    process.stdout.write(`\r\u001B[2K${text}`);
    this.#shown = true;
  }

  /** Clears the line. */
  end(): void {
    if (this.#shown) process.stdout.write('\r\u001B[2K');
    this.#shown = false;
  }
}
