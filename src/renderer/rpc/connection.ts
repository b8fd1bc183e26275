import { shallowRef, type ShallowRef } from 'vue';
import type { Input, LabClient, MethodName, Notification, Output } from '../../shared/contract/contract.ts';
import type { RequestMessage, ResponseMessage } from '../../shared/contract/messages.ts';
import type { Carrier, OpenCarrier } from './carrier.ts';
import { LabFailure } from './failure.ts';

export interface LabConnection extends LabClient {
  readonly connected: Readonly<ShallowRef<boolean>>;
  /** Returns what ends the listening, as does `onReconnect`. */
  onNotification(listener: (notification: Notification) => void): () => void;
  /** Called whenever the connection is there again after a loss: notifications may have been missed. */
  onReconnect(listener: () => void): () => void;
}

interface PendingCall {
  readonly request: RequestMessage;
  /** Whether it has gone out; one that has not waits for the connection. */
  sent: boolean;
  resolve(result: unknown): void;
  reject(failure: LabFailure): void;
}

/** Waits between attempts to connect, in milliseconds: the last one for ever. */
const retryDelays = [100, 250, 500, 1000, 2000, 4000] as const;

/**
 * A connection to the lab that mends itself. A call made while there is none waits for it; one that
 * was on its way when the connection broke fails, because nobody knows whether it was carried out.
 */
export function connectLab(openCarrier: OpenCarrier): LabConnection {
  const connected = shallowRef(false);
  const pending = new Map<number, PendingCall>();
  const notificationListeners = new Set<(notification: Notification) => void>();
  const reconnectListeners = new Set<() => void>();
  let carrier: Carrier;
  let everConnected = false;
  let attempts = 0;
  let lastId = 0;

  function open(): void {
    carrier = openCarrier({ opened, received, closed });
  }

  function opened(): void {
    const again = everConnected;
    everConnected = true;
    attempts = 0;
    connected.value = true;
    for (const call of pending.values()) send(call);
    if (again) for (const listener of reconnectListeners) listener();
  }

  function closed(): void {
    connected.value = false;
    for (const [id, call] of pending) {
      if (!call.sent) continue;
      pending.delete(id);
      call.reject(
        new LabFailure({
          code: 'connection',
          message: 'The connection to the lab broke before it answered.',
          fix: 'See whether it was done, and try again.',
        }),
      );
    }
    const delay = retryDelays[Math.min(attempts++, retryDelays.length - 1)];
    setTimeout(open, delay);
  }

  function received(message: ResponseMessage): void {
    if ('notification' in message) {
      for (const listener of notificationListeners) listener(message.notification as Notification);
      return;
    }
    const call = pending.get(message.id);
    if (!call) return;
    pending.delete(message.id);
    if ('failure' in message) call.reject(new LabFailure(message.failure));
    else call.resolve(message.result);
  }

  function send(call: PendingCall): void {
    call.sent = true;
    carrier.send(call.request);
  }

  function call<M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>> {
    return new Promise((resolve, reject) => {
      const entry: PendingCall = {
        request: { id: ++lastId, method, input },
        sent: false,
        resolve: (result) => resolve(result as Output<M>),
        reject,
      };
      pending.set(entry.request.id, entry);
      if (connected.value) send(entry);
    });
  }

  open();
  return {
    call,
    connected,
    onNotification: (listener) => subscribe(notificationListeners, listener),
    onReconnect: (listener) => subscribe(reconnectListeners, listener),
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
