import { Worker } from 'node:worker_threads';
import type { Failure } from '../../shared/contract/messages.ts';
import { LabError } from '../../shared/errors.ts';
import { entryFile } from '../base/entryFile.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { TokenTable } from './tokenTable.ts';

/** What a thread is told when it starts. */
export interface TokenizingTask {
  /** Content of tokenizer.json, and its name in errors. */
  readonly json: string;
  readonly where: string;
  readonly maxLength: number;
}

/** What a thread answers to each portion of texts, in the order in which they come. */
export type TokenizingAnswer =
  { readonly table: TokenTable } | { readonly failure: Omit<Failure, 'code'> & { readonly code: LabError['code'] } };

const threadFile = entryFile('./tokenizingThread', import.meta.url);

/** Threads that have the same tokenizer and take portions of texts in turn. */
export class TokenizingThreads {
  readonly #threads: readonly Thread[];
  #next = 0;

  constructor(tokenizer: Tokenizer, maxLength: number, count: number) {
    const task: TokenizingTask = { json: tokenizer.toJson(), where: tokenizer.where, maxLength };
    this.#threads = Array.from({ length: count }, () => new Thread(task));
  }

  /** Rejects with the tokenizer's LabError, or with what made the thread end. */
  tokenize(texts: readonly string[]): Promise<TokenTable> {
    const thread = this.#threads[this.#next]!;
    this.#next = (this.#next + 1) % this.#threads.length;
    return thread.tokenize(texts);
  }

  /** Whatever they are doing. */
  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

class Thread {
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<TokenTable>[] = [];
  /** Why there will be no more answers. */
  #over: Error | undefined;

  constructor(task: TokenizingTask) {
    this.#worker = new Worker(threadFile, { workerData: task });
    this.#worker.on('message', (answer: TokenizingAnswer) => {
      const portion = this.#waiting.shift()!;
      if ('table' in answer) return portion.resolve(answer.table);
      const { code, message, fix } = answer.failure;
      portion.reject(new LabError(code, message, fix));
    });
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`a tokenising thread ended with exit code ${code}`)));
  }

  tokenize(texts: readonly string[]): Promise<TokenTable> {
    const portion = Promise.withResolvers<TokenTable>();
    // Portions are awaited in order: one that fails early is no unhandled rejection until its turn.
    portion.promise.catch(() => undefined);
    if (this.#over) portion.reject(this.#over);
    else {
      this.#waiting.push(portion);
      this.#worker.postMessage(texts);
    }
    return portion.promise;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#over ??= error;
    for (const portion of this.#waiting.splice(0)) portion.reject(this.#over);
  }
}
