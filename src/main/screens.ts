import { MessageChannelMain, type IpcMain, type MessagePortMain } from 'electron';
import { channels } from '../shared/contract/desktop.ts';
import { answerCall, type ScreenService } from '../server/calls.ts';
import { isTrustedSender } from './security.ts';

/** Gives a port to the lab to every screen that asks for one: a screen that reloads asks again. */
export function connectScreens(ipcMain: IpcMain, service: ScreenService): void {
  ipcMain.on(channels.connect, ({ senderFrame }) => {
    if (senderFrame === null || !isTrustedSender(senderFrame)) return;
    const { port1, port2 } = new MessageChannelMain();
    serveScreen(port1, service);
    senderFrame.postMessage(channels.port, null, [port2]);
  });
}

/** Messages are cloned on their way, which keeps NaN and typed arrays. */
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
