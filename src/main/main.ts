import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { app, dialog, ipcMain, protocol, session, shell, utilityProcess } from 'electron';
import { describeError } from '../shared/errors.ts';
import { createLabService } from '../lab/service/service.ts';
import { openHome, type Home } from '../lab/store/home.ts';
import { startDesktop } from './desktop.ts';
import { electronLauncher } from './launcher.ts';
import { setMenu } from './menu.ts';
import { answerScreen, appScheme } from './protocol.ts';
import { connectScreens } from './screens.ts';
import { guardContents, lockSession } from './security.ts';

/** Entry of the desktop app. */

const fromHere = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

function main(): void {
  const home = openHome();
  // Chromium's own files beside the lab's: a home has one app at a time, two homes may have two.
  app.setPath('userData', path.join(home.cache, 'electron'));
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([appScheme]);
  app.on('web-contents-created', (_event, contents) => guardContents(contents, (link) => void shell.openExternal(link)));
  app.whenReady().then(() => start(home)).catch(fail);
}

function start(home: Home): void {
  lockSession(session.defaultSession);
  protocol.handle(appScheme.scheme, (request) => answerScreen(fromHere('../renderer'), request));
  const launcher = electronLauncher(utilityProcess, app, { trainer: fromHere('../trainer/main.js'), selfTest: fromHere('../lab/graph/selfTestProcess.js') });
  const service = createLabService({ home, launcher });
  connectScreens(ipcMain, service);
  setMenu(app.isPackaged);
  startDesktop(service, {
    preload: fromHere('../preload/preload.cjs'),
    icon: fromHere('../../resources/icons/icon.png'),
    trayIcon: fromHere('../../resources/icons/tray.png'),
  });
}

/** There is no window yet that could show it. */
function fail(error: unknown): void {
  dialog.showErrorBox('LossLab cannot start', describeError(error));
  app.exit(1);
}

try {
  main();
} catch (error) {
  app.whenReady().then(() => fail(error), () => app.exit(1));
}
