import { Notification, powerSaveBlocker, Tray } from 'electron';
import type { LabService } from '../lab/service/service.ts';

/** What the app does while something is being trained, and while its window is hidden. */

/** Keeps the machine awake while something is being trained; calls `ended` when nothing is any more. */
export function watchTraining(service: LabService, ended: () => void): void {
  let blocker: number | null = null;
  service.connect(({ type }) => {
    if (type !== 'experiments' || service.busy() === (blocker !== null)) return;
    if (blocker === null) {
      blocker = powerSaveBlocker.start('prevent-app-suspension');
    } else {
      powerSaveBlocker.stop(blocker);
      blocker = null;
      ended();
    }
  });
}

export function notifyEnd(show: () => void): void {
  const notification = new Notification({ title: 'LossLab', body: 'Training has ended.' });
  notification.on('click', show);
  notification.show();
}

/**
 * A way back to a hidden window. macOS has one in its dock; where a Linux desktop shows no tray,
 * starting LossLab again is the way.
 */
export function showTray(icon: string, show: () => void): Tray | null {
  if (process.platform === 'darwin') return null;
  const tray = new Tray(icon);
  tray.setToolTip('LossLab');
  tray.on('click', show);
  return tray;
}
