import { once } from 'node:events';
import { WebSocket } from 'ws';
import { decodeMessage, encodeMessage } from '../../../src/shared/contract/codec.ts';
import type { LabClient, Notification } from '../../../src/shared/contract/contract.ts';
import type { Failure } from '../../../src/shared/contract/messages.ts';

/** A screen without a browser. Calls reject with the failure that the lab returns. */
export interface ScreenClient extends LabClient, Disposable {
  onNotification(listener: (notification: Notification) => void): void;
}

type Answer =
  | { readonly id: number; readonly result?: unknown; readonly failure?: Failure }
  | { readonly notification: Notification };

export async function openClient(address: string): Promise<ScreenClient> {
  const { origin, port, searchParams } = new URL(address);
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, {
    headers: { Cookie: `losslab-${port}=${searchParams.get('token')}`, Origin: origin },
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const listeners: ((notification: Notification) => void)[] = [];
  let id = 0;
  socket.on('message', (data) => {
    const answer = decodeMessage(data as Buffer) as Answer;
    if ('notification' in answer) return listeners.forEach((listener) => listener(answer.notification));
    if (answer.failure) waiting.get(answer.id)?.reject(new Error(`${answer.failure.code}: ${answer.failure.message}`));
    else waiting.get(answer.id)?.resolve(answer.result);
    waiting.delete(answer.id);
  });
  socket.on('close', (code) =>
    waiting.forEach(({ reject }) => reject(new Error(`The connection was closed with ${code}.`))),
  );
  await once(socket, 'open');
  const call = (method: string, input: unknown): Promise<unknown> => {
    const answer = Promise.withResolvers<unknown>();
    waiting.set(++id, answer);
    socket.send(encodeMessage({ id, method, input }));
    return answer.promise;
  };
  return {
    call: call as LabClient['call'],
    onNotification: (listener) => void listeners.push(listener),
    [Symbol.dispose]: () => socket.close(),
  };
}
