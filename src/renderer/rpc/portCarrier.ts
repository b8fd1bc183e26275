import type { ResponseMessage } from '../../shared/contract/messages.ts';
import type { OpenCarrier } from './carrier.ts';

/** What the preload script puts into the window of the desktop app. */
export interface DesktopBridge {
  /** Asks for a port to the lab, which arrives as a `message` event of the window with the data `losslab-port`. */
  connect(): void;
  /** Where a chosen file lies on disk. */
  pathForFile(file: File): string;
}

declare global {
  interface Window {
    readonly losslab?: DesktopBridge;
  }
}

/** The lab in the main process of the desktop app, over a message port. */
export function openPort(desktop: DesktopBridge): OpenCarrier {
  return (events) => {
    let port: MessagePort | undefined;
    const arrived = (event: MessageEvent<unknown>): void => {
      if (event.source !== window || event.data !== 'losslab-port') return;
      window.removeEventListener('message', arrived);
      port = event.ports[0]!;
      port.onmessage = (message: MessageEvent<ResponseMessage>) => events.received(message.data);
      port.addEventListener('close', () => events.closed());
      port.start();
      events.opened();
    };
    window.addEventListener('message', arrived);
    desktop.connect();
    return { send: (message) => port!.postMessage(message) };
  };
}
