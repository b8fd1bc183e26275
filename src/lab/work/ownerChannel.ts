/**
 * How a process that the lab has launched talks to its owner: Node's own channel after `fork`, a
 * message port after Electron's `utilityProcess.fork`. Whichever there is keeps NaN and typed arrays.
 */
export interface OwnerChannel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** When the owner has gone. */
  onClose(listener: () => void): void;
}

/** The part of Electron's `process.parentPort` that is used here; Node has none. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export function ownerChannel(): OwnerChannel {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
      // Electron ends its utility processes itself.
      onClose: () => undefined,
    };
  }
  return {
    send: (message) => void process.send!(message),
    onMessage: (listener) => void process.on('message', listener),
    onClose: (listener) => void process.on('disconnect', listener),
  };
}
