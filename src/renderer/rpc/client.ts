import { connectLab, type LabConnection } from './connection.ts';
import { LabFailure } from './failure.ts';
import { openPort } from './portCarrier.ts';
import { openWebSocket } from './webSocketCarrier.ts';

export { describeFailure, LabFailure } from './failure.ts';

export interface Lab extends LabConnection {
  /** Makes a file that a person has chosen known to the lab: its path in the desktop app, an upload in a browser. */
  fileReference(file: File): Promise<string>;
}

const desktop = window.losslab;

/** The lab, whichever way this screen reaches it. */
export const lab: Lab = {
  ...connectLab(desktop ? openPort(desktop) : openWebSocket),
  fileReference: desktop ? (file) => Promise.resolve(desktop.pathForFile(file)) : upload,
};

async function upload(file: File): Promise<string> {
  const response = await fetch(`/files?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file }).catch(
    () => null,
  );
  if (!response?.ok) {
    const reason = response
      ? (await response.text()).slice(0, 200) || `status ${response.status}`
      : 'the connection broke';
    throw new LabFailure({
      code: 'connection',
      message: `“${file.name}” could not be sent to the lab: ${reason}.`,
      fix: 'Check that losslab serve still runs and that its disk has free space, then try again.',
    });
  }
  return ((await response.json()) as { file: string }).file;
}
