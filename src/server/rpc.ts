import type { WebSocket } from 'ws';
import { decodeMessage, encodeMessage } from '../shared/contract/codec.ts';
import { isNestedTooDeep } from '../shared/json.ts';
import type { ResponseMessage } from '../shared/contract/messages.ts';
import type { ServiceConnection } from '../lab/service/service.ts';
import { answerCall, type ScreenService } from './calls.ts';

/** Calls are small; what is large goes through `POST /files`. */
export const largestRequestBytes = 4 * 2 ** 20;
/**
 * What may wait for a slow screen: more than the largest answer, the curves of some dozens of long
 * runs. Beyond it the connection is dropped; the screen connects again and asks for everything anew.
 */
export const largestBacklogBytes = 128 * 2 ** 20;
const pingInterval = 20_000;

/** Lets one screen talk to the lab over its WebSocket, until either goes. */
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
  // What goes wrong with a connection closes it, which is all there is to do.
  socket.on('error', () => undefined);
}

/** As it arrives over a connection. Null where the bytes are no call. */
export function answerBytes(connection: ServiceConnection, bytes: Uint8Array): Promise<ResponseMessage> | null {
  return answerCall(connection, decoded(bytes));
}

/** Undefined, which is no call, where the bytes are no message, or one so deep that it could not be sent back. */
function decoded(bytes: Uint8Array): unknown {
  try {
    const message = decodeMessage(bytes);
    return isNestedTooDeep(message) ? undefined : message;
  } catch {
    return undefined;
  }
}

/** A screen that has answered no ping is gone, though its connection may look open for hours. */
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
