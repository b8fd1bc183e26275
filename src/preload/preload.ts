import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels, portMessage, type DesktopBridge } from '../shared/contract/desktop.ts';

/** The only bridge into the window: the page cannot name Electron's channels. */
const bridge: DesktopBridge = {
  connect: () => ipcRenderer.send(channels.connect),
  pathForFile: (file) => webUtils.getPathForFile(file),
};
contextBridge.exposeInMainWorld('losslab', bridge);

// A port cannot cross the bridge, so the window sends it in a message to itself.
ipcRenderer.on(channels.port, (event) => window.postMessage(portMessage, window.location.origin, event.ports));
