import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels, portMessage, type DesktopBridge } from '../shared/contract/desktop.ts';

/** The bridge into the window, and nothing more: no channel of Electron's can be named from there. */
const bridge: DesktopBridge = {
  connect: () => ipcRenderer.send(channels.connect),
  pathForFile: (file) => webUtils.getPathForFile(file),
};
contextBridge.exposeInMainWorld('losslab', bridge);

// A port cannot cross the bridge; a message of the window to itself takes it along.
ipcRenderer.on(channels.port, (event) => window.postMessage(portMessage, window.location.origin, event.ports));
