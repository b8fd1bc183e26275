import { decodeMessage, encodeMessage } from '../../shared/contract/codec.ts';
import type { ResponseMessage } from '../../shared/contract/messages.ts';
import type { OpenCarrier } from './carrier.ts';

/** The lab behind `losslab serve`: the session's cookie goes along by itself. */
export const openWebSocket: OpenCarrier = (events) => {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => events.opened();
  socket.onmessage = (event: MessageEvent<ArrayBuffer>) =>
    events.received(decodeMessage(new Uint8Array(event.data)) as ResponseMessage);
  socket.onclose = () => events.closed();
  return { send: (message) => socket.send(encodeMessage(message)) };
};
