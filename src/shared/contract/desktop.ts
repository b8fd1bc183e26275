/** What the desktop app's window is given, beside what any browser has: a port to the lab, and the paths of chosen files. */

/** `window.losslab`, where there is one. */
export interface DesktopBridge {
  /** Asks for a port to the lab: it arrives as a `message` event of the window, with `portMessage` as its data. */
  connect(): void;
  /** Where a chosen file lies on disk. */
  pathForFile(file: File): string;
}

export const portMessage = 'losslab-port';

/** Between preload script and main process. */
export const channels = { connect: 'losslab:connect', port: 'losslab:port' } as const;
