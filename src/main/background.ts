import { Notification, powerSaveBlocker, Tray } from 'electron';
import type { LabService } from '../lab/service/service.ts';

/** What the app does during training, and while its window is hidden. */

/** Keeps the machine awake during training; calls `ended` when training has ended. */
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
 * A way to show a hidden window again. macOS has its dock for this; on a Linux desktop without a tray, starting LossLab
 * again shows the window.
 */
export function showTray(icon: string, show: () => void): Tray | null {
  if (process.platform === 'darwin') return null;
  const tray = new Tray(icon);
  tray.setToolTip('LossLab');
  tray.on('click', show);
  return tray;
}
