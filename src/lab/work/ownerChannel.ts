import { isMainThread, parentPort as threadPort } from 'node:worker_threads';

/**
 * How a worker talks to its owner: the port of a thread, Node's own channel after `fork`, a message
 * port after Electron's `utilityProcess.fork`. Each of them keeps NaN and typed arrays.
 */
export interface OwnerChannel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** When the owner has gone. */
  onClose(listener: () => void): void;
}

/** The part of Electron's `process.parentPort` that is used here; Node has none. */
interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export function ownerChannel(): OwnerChannel {
  const { parentPort: electronPort } = process as { parentPort?: ElectronPort };
  if (!isMainThread)
    return {
      send: (message) => threadPort!.postMessage(message),
      onMessage: (listener) => void threadPort!.on('message', listener),
      // A thread ends with its process.
      onClose: () => undefined,
    };
  if (electronPort)
    return {
      send: (message) => electronPort.postMessage(message),
      onMessage: (listener) => electronPort.on('message', ({ data }) => listener(data)),
      // Electron ends its utility processes itself.
      onClose: () => undefined,
    };
  return {
    send: (message) => void process.send!(message),
    onMessage: (listener) => void process.on('message', listener),
    onClose: (listener) => void process.on('disconnect', listener),
  };
}
