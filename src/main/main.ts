import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { app, dialog, ipcMain, protocol, safeStorage, session, shell, utilityProcess } from 'electron';
import { describeError } from '../shared/errors.ts';
import { createLabService } from '../lab/service/service.ts';
import { openHome, type Home } from '../lab/files/home.ts';
import { startDesktop } from './desktop.ts';
import { electronLauncher } from './launcher.ts';
import { setMenu } from './menu.ts';
import { answerScreen, appScheme } from './protocol.ts';
import { connectScreens } from './screens.ts';
import { systemSecrets } from './secrets.ts';
import { guardContents, lockSession } from './security.ts';

/** Entry of the desktop app. */

const fromHere = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

function main(): void {
  const home = prepareHome();
  if (!app.requestSingleInstanceLock()) return app.quit();
  // As in electron-builder.yml: Windows groups notifications and taskbar entries by this id.
  app.setAppUserModelId('org.losslab.LossLab');
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([appScheme]);
  app.on('web-contents-created', (_event, contents) =>
    guardContents(contents, (link) => void shell.openExternal(link)),
  );
  app
    .whenReady()
    .then(() => start(home))
    .catch(fail);
}

/** The home, which also contains Chromium's files. One app can use a home at a time; two apps can use two homes. */
function prepareHome(): Home {
  const { values } = parseArgs({ args: process.argv.slice(1), options: { home: { type: 'string' } }, strict: false });
  const home = openHome(typeof values.home === 'string' ? values.home : undefined);
  const userData = path.join(home.cache, 'electron');
  mkdirSync(userData, { recursive: true });
  app.setPath('userData', userData);
  return home;
}

async function start(home: Home): Promise<void> {
  lockSession(session.defaultSession);
  protocol.handle(appScheme.scheme, (request) => answerScreen(fromHere('../renderer'), request));
  const launcher = electronLauncher(utilityProcess, app);
  const secrets = await systemSecrets(safeStorage, path.join(home.folder, 'secrets.json'));
  const service = createLabService({ home, launcher, secrets });
  connectScreens(ipcMain, service);
  setMenu(app.isPackaged);
  startDesktop(service, {
    preload: fromHere('../preload/preload.cjs'),
    icon: fromHere('../../resources/icons/icon.png'),
    trayIcon: fromHere('../../resources/icons/tray.png'),
  });
}

/** No window is open yet that could show the error. */
function fail(error: unknown): void {
  dialog.showErrorBox('LossLab cannot start', describeError(error));
  app.exit(1);
}

try {
  main();
} catch (error) {
  app.whenReady().then(
    () => fail(error),
    () => app.exit(1),
  );
}
