import { portMessage, type DesktopBridge } from '../../shared/contract/desktop.ts';
import type { ResponseMessage } from '../../shared/contract/messages.ts';
import type { OpenCarrier } from './carrier.ts';

declare global {
  interface Window {
    /** There in the desktop app only. */
    readonly losslab?: DesktopBridge;
  }
}

/** The lab in the main process of the desktop app, over a message port. */
export function openPort(desktop: DesktopBridge): OpenCarrier {
  return (events) => {
    let port: MessagePort | undefined;
    const arrived = (event: MessageEvent<unknown>): void => {
      if (event.source !== window || event.data !== portMessage) return;
      window.removeEventListener('message', arrived);
      port = event.ports[0]!;
      port.onmessage = (message: MessageEvent<ResponseMessage>) => events.received(message.data);
      port.addEventListener('close', () => events.closed());
      events.opened();
    };
    window.addEventListener('message', arrived);
    desktop.connect();
    return { send: (message) => port!.postMessage(message) };
  };
}
