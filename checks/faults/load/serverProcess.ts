import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadScript } from './script.ts';

export interface MemoryReading {
  /** After garbage collection. */
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** A server in a separate process, whose trainers follow a script. */
export class ServerProcess implements AsyncDisposable {
  readonly address: string;
  readonly #process: ChildProcess;
  #errors = '';

  private constructor(process: ChildProcess, address: string) {
    this.#process = process;
    this.address = address;
    process.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
  }

  static async start(home: string, script: LoadScript): Promise<ServerProcess> {
    const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [home], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      env: { ...process.env, LOAD_SCRIPT: JSON.stringify(script) },
    });
    const [{ address }] = (await once(child, 'message')) as [{ address: string }];
    return new ServerProcess(child, address);
  }

  async memory(): Promise<MemoryReading> {
    this.#process.send('memory');
    return ((await once(this.#process, 'message')) as [MemoryReading])[0];
  }

  /** What it wrote to stderr. */
  get errors(): string {
    return this.#errors;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'close');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
