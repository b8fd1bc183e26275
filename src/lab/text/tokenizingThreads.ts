import type { Quiet } from '../work/task.ts';
import { TaskWorker } from '../work/taskWorker.ts';
import { threads } from '../work/threads.ts';
import type { Tokenizer } from './tokenizer.ts';
import { tokenizingTask, type TokenizingSetup } from './tokenizingTask.ts';
import type { TokenTable } from './tokenTable.ts';

/** Threads with the same tokenizer that get portions of texts in turn. */
export class TokenizingThreads {
  readonly #workers: readonly TaskWorker<readonly string[], TokenTable, Quiet<TokenizingSetup>>[];
  #next = 0;

  constructor(tokenizer: Tokenizer, maxLength: number, count: number) {
    const setup = { json: tokenizer.toJson(), where: tokenizer.where, maxLength };
    this.#workers = Array.from({ length: count }, () => new TaskWorker(threads, tokenizingTask, { setup }));
  }

  /** Rejects with the tokenizer's LabError, or with the error that ended the thread. */
  tokenize(texts: readonly string[]): Promise<TokenTable> {
    const worker = this.#workers[this.#next]!;
    this.#next = (this.#next + 1) % this.#workers.length;
    return worker.run(texts);
  }

  /** Ends the threads, even if they are busy. */
  async end(): Promise<void> {
    for (const worker of this.#workers) worker.end();
    await Promise.all(this.#workers.map(({ gone }) => gone));
  }
}
