/**
 * Workers do tasks outside the thread that wants them done: a process by Node's `fork` or Electron's
 * `utilityProcess`, or a thread. They share nothing with their owner. Messages keep NaN, infinities
 * and typed arrays.
 */
export interface LaunchedWorker {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The text that it writes to stderr, as it comes. */
  onErrorOutput(listener: (text: string) => void): void;
  /** After its last message. A worker that cannot be started is reported here, too. */
  onExit(listener: (exit: WorkerExit) => void): void;
  kill(): void;
  /** Of a process. */
  readonly pid: number | undefined;
}

export interface WorkerExit {
  readonly code: number | null;
  /** Whether a signal or a crash ended it, not its program. */
  readonly killed: boolean;
}

export interface LaunchOptions {
  /** Added to the environment of a process. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** What a thread's heap may grow to. */
  readonly memoryBytes?: number | undefined;
}

export interface WorkerLauncher {
  /** `name` is for people who look at the list of processes. */
  launch(name: string, options?: LaunchOptions): LaunchedWorker;
}
