import { app, dialog, nativeTheme, type BrowserWindow, type Tray } from 'electron';
import type { Settings } from '../shared/contract/contract.ts';
import type { LabService } from '../lab/service/service.ts';
import { notifyEnd, showTray, watchTraining } from './background.ts';
import { decideClosing, type ClosingAction, type ClosingLab } from './closing.ts';
import { openWindow, showWindow } from './window.ts';

/** Files that a window needs. */
export interface WindowFiles {
  readonly preload: string;
  readonly icon: string;
  readonly trayIcon: string;
}

/**
 * The life cycle of the app: one window that opens, hides, shows again and closes; training may continue without it.
 */
export function startDesktop(service: LabService, files: WindowFiles): void {
  let window: BrowserWindow | null = null;
  let tray: Tray | null = null;
  const lab = closingLab(service);
  followTheme(service);
  const quitting = quitWhenStopped(service);

  const show = (): void => {
    tray?.destroy();
    tray = null;
    if (window) return showWindow(window);
    window = openWindow(files.preload, files.icon);
    window.on('closed', () => (window = null));
    askBeforeClosing(window);
  };
  const hide = (): void => {
    window?.hide();
    tray ??= showTray(files.trayIcon, show);
  };
  const carryOut: Record<ClosingAction, () => void> = {
    // Training has ended: closing again does not ask.
    close: () => window?.close(),
    background: hide,
    stop: () => app.quit(),
    stay: () => undefined,
  };
  const askBeforeClosing = (closing: BrowserWindow): void => {
    let asking = false;
    closing.on('close', (event) => {
      if (quitting() || !service.busy()) return;
      event.preventDefault();
      if (asking) return;
      asking = true;
      decideClosing(lab, (question) => dialog.showMessageBox(closing, question))
        .then((action) => carryOut[action]())
        .catch((error: unknown) => dialog.showErrorBox('LossLab', String(error)))
        .finally(() => (asking = false));
    });
  };

  watchTraining(service, () => {
    if (window?.isVisible() !== true) notifyEnd(show);
  });
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => {
    // On macOS the app stays in the dock without a window.
    if (process.platform !== 'darwin') app.quit();
  });
  show();
}

function closingLab(service: LabService): ClosingLab {
  const connection = service.connect(() => undefined);
  return {
    busy: () => service.busy(),
    settings: async () => (await connection.call('settings.get', {})) as Settings,
    remember: async (onClose) => void (await connection.call('settings.set', { onClose })),
  };
}

/** Applies the theme of the settings to what the system draws; the screens apply it themselves. */
function followTheme(service: LabService): void {
  const apply = ({ theme }: Settings): void => void (nativeTheme.themeSource = theme);
  const connection = service.connect((notification) => {
    if (notification.type === 'settings') apply(notification.settings);
  });
  void connection.call('settings.get', {}).then((settings) => apply(settings as Settings));
}

/** Quitting waits until training has stopped after a checkpoint. Returns whether quitting has begun. */
function quitWhenStopped(service: LabService): () => boolean {
  let state: 'open' | 'stopping' | 'stopped' = 'open';
  app.on('before-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    void service.close().finally(() => {
      state = 'stopped';
      app.quit();
    });
  });
  return () => state !== 'open';
}
