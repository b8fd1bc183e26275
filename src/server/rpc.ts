import type { WebSocket } from 'ws';
import { decodeMessage, encodeMessage } from '../shared/contract/codec.ts';
import { isNestedTooDeep } from '../shared/json.ts';
import type { ResponseMessage } from '../shared/contract/messages.ts';
import type { ServiceConnection } from '../lab/service/service.ts';
import { answerCall, type ScreenService } from './calls.ts';

/** Calls are small; large data uses `POST /files`. */
export const largestRequestBytes = 4 * 2 ** 20;
/**
 * Bytes that may wait for a slow screen: more than the largest answer, the curves of some dozens of long runs. If more
 * is waiting, the connection is closed; the screen connects again and requests everything again.
 */
export const largestBacklogBytes = 128 * 2 ** 20;
const pingInterval = 20_000;

/** Connects one screen to the lab over its WebSocket, until one of them closes. */
export function serveScreen(socket: WebSocket, service: ScreenService): void {
  const send = (message: ResponseMessage): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > largestBacklogBytes) return socket.terminate();
    socket.send(encodeMessage(message));
  };
  const connection = service.connect((notification) => send({ notification }));
  socket.on('message', (data, isBinary) => {
    const answer = isBinary ? answerBytes(connection, data as Buffer) : null;
    if (answer === null) socket.close(1008, 'expected a MessagePack message { id, method, input }');
    else void answer.then(send);
  });
  const stopPinging = keepAlive(socket);
  socket.on('close', () => {
    stopPinging();
    connection.close();
  });
  // An error closes the connection; nothing else is needed.
  socket.on('error', () => undefined);
}

/** Decodes a call from the bytes of a message. Null if they are not a call. */
export function answerBytes(connection: ServiceConnection, bytes: Uint8Array): Promise<ResponseMessage> | null {
  return answerCall(connection, decoded(bytes));
}

/** Undefined, which is not a call, if the bytes are not a message, or if its nesting is too deep to be sent back. */
function decoded(bytes: Uint8Array): unknown {
  try {
    const message = decodeMessage(bytes);
    return isNestedTooDeep(message) ? undefined : message;
  } catch {
    return undefined;
  }
}

/** A screen that does not answer a ping is gone, even if its connection looks open for hours. */
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pingInterval);
  return () => clearInterval(timer);
}
