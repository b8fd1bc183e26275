/**
 * Processes that the lab needs beside its own, whoever starts them: Node's `fork` for the command
 * line and the server, Electron's `utilityProcess` for the desktop app. Messages keep NaN, infinities
 * and typed arrays.
 */

/** Which process; `entries.ts` says where each begins. */
export type ProcessEntry = 'trainer' | 'selfTest' | 'inspector' | 'map';

export interface ProcessExit {
  readonly code: number | null;
  /** Whether a signal ended it, of somebody or of its own crash. */
  readonly killed: boolean;
}

export interface LaunchedProcess {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The text that it writes to stderr, as it comes. */
  onErrorOutput(listener: (text: string) => void): void;
  /** After its last message. Rejected start-ups are reported here, too. */
  onExit(listener: (exit: ProcessExit) => void): void;
  kill(): void;
  readonly pid: number | undefined;
}

export interface ProcessLauncher {
  launch(entry: ProcessEntry, options?: { readonly environment?: Readonly<Record<string, string>> }): LaunchedProcess;
}
