import { readFileSync } from 'node:fs';
import path from 'node:path';
import { app, BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron';
import { writeAtomically } from '../lab/files/atomicFile.ts';
import { startPage } from './protocol.ts';
import { readBounds, windowOptions } from './windowOptions.ts';

/** The window with the screens, at its last position. */
export function openWindow(preload: string, icon: string): BrowserWindow {
  const bounds = storedBounds();
  const window = new BrowserWindow(windowOptions(preload, icon, bounds, nativeTheme.shouldUseDarkColors));
  window.once('ready-to-show', () => window.show());
  window.on('close', () => storeBounds(window.getNormalBounds()));
  reloadAfterCrash(window);
  void window.loadURL(startPage);
  return window;
}

export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function boundsFile(): string {
  return path.join(app.getPath('userData'), 'window.json');
}

function storedBounds(): Rectangle | null {
  let json: string;
  try {
    json = readFileSync(boundsFile(), 'utf8');
  } catch {
    // The first start.
    return null;
  }
  return readBounds(
    json,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
}

function storeBounds(bounds: Rectangle): void {
  try {
    writeAtomically(boundsFile(), [JSON.stringify(bounds)]);
  } catch (error) {
    // The window must close even if the disk is full.
    process.stderr.write(`losslab: the position of the window was not stored: ${(error as Error).message}\n`);
  }
}

const crashPeriod = 5 * 60_000;
const crashesUntilGivingUp = 3;

/** If the page crashes, the lab continues, and a new page shows everything again. */
function reloadAfterCrash(window: BrowserWindow): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    crashes = [...crashes.filter((time) => now - time < crashPeriod), now];
    if (crashes.length < crashesUntilGivingUp) window.webContents.reload();
    else
      process.stderr.write(
        `losslab: the window has crashed ${crashes.length} times in five minutes (${reason}); "losslab serve" shows the same screens in a browser.\n`,
      );
  });
}
