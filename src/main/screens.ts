import { MessageChannelMain, type IpcMain, type MessagePortMain } from 'electron';
import { channels } from '../shared/contract/desktop.ts';
import { answerCall, type ScreenService } from '../server/calls.ts';
import { isTrustedSender } from './security.ts';

/** Gives every screen that asks a port to the lab. A screen asks again when it reloads. */
export function connectScreens(ipcMain: IpcMain, service: ScreenService): void {
  ipcMain.on(channels.connect, ({ senderFrame }) => {
    if (senderFrame === null || !isTrustedSender(senderFrame)) return;
    const { port1, port2 } = new MessageChannelMain();
    serveScreen(port1, service);
    senderFrame.postMessage(channels.port, null, [port2]);
  });
}

/** Messages are cloned when sent, which keeps NaN and typed arrays. */
function serveScreen(port: MessagePortMain, service: ScreenService): void {
  const connection = service.connect((notification) => port.postMessage({ notification }));
  port.on('message', ({ data }) => {
    const answer = answerCall(connection, data);
    if (answer === null) port.close();
    else void answer.then((response) => port.postMessage(response));
  });
  port.on('close', () => connection.close());
  port.start();
}
