/**
 * What the window of the desktop app gets in addition to a browser: a port to the lab, and the paths of chosen files.
 */

/** `window.losslab`; missing in a browser. */
export interface DesktopBridge {
  /** Requests a port to the lab. It arrives as a `message` event of the window, with `portMessage` as data. */
  connect(): void;
  /** The path of a chosen file. */
  pathForFile(file: File): string;
}

export const portMessage = 'losslab-port';

/** Between preload script and main process. */
export const channels = { connect: 'losslab:connect', port: 'losslab:port' } as const;
