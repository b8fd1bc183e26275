import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { electronBinary } from '../../scripts/electron.ts';
import { hasDisplay } from '../../src/cli/browser.ts';

/** The desktop app in Electron: what it needs, how tests open it, and pictures of its window. */

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Root, as in many containers, cannot have Chromium's sandbox for the whole program. */
export const electronArguments: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Why a test that opens a window is skipped here, null if it runs. */
export function electronProblem(): string | null {
  const fetched = electronBinary() !== null;
  return required(fetched ? null : 'Electron has not been fetched: "npm start" on a machine with a display does so');
}

/** The program of the app as `npm run dist` leaves it beside the installers. */
const packagedPrograms: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux-unpacked/losslab',
  darwin: 'mac-arm64/LossLab.app/Contents/MacOS/LossLab',
  win32: 'win-unpacked/LossLab.exe',
};
export const packagedProgram = join(project, 'dist', packagedPrograms[process.platform] ?? 'unsupported');

export function packagedProblem(): string | null {
  return required(existsSync(packagedProgram) ? null : 'the app has not been packaged: "npm run dist" does so');
}

/** With LOSSLAB_REQUIRE_ELECTRON a test that cannot open a window fails instead of being skipped. */
function required(missing: string | null): string | null {
  const problem = missing ?? (hasDisplay() ? null : 'there is no display: run it under xvfb-run');
  if (problem !== null && process.env.LOSSLAB_REQUIRE_ELECTRON) {
    throw new Error(`LOSSLAB_REQUIRE_ELECTRON is set, and the desktop app cannot be opened: ${problem}.`);
  }
  return problem;
}

/** Opens this checkout in Electron. */
export function launchElectron(home: string): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: electronBinary()!,
    args: [project, ...electronArguments],
    env: { ...process.env, LOSSLAB_HOME: home },
  });
}

/** Keeps a picture of the page in the folder that LOSSLAB_SCREENSHOTS names; without it, none. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.LOSSLAB_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
