import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { z } from 'zod';

/** Options and position of the window. */

export const smallest = { width: 900, height: 600 };
const usual = { width: 1280, height: 860 };

export function windowOptions(
  preload: string,
  icon: string,
  bounds: Rectangle | null,
  dark: boolean,
): BrowserWindowConstructorOptions {
  return {
    ...usual,
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'LossLab',
    icon,
    show: false,
    // Background colour before the page is loaded.
    backgroundColor: dark ? '#16181d' : '#ffffff',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}

const rectangle = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(smallest.width),
  height: z.int().min(smallest.height),
});

/** The stored bounds, or null if they cannot be read or are no longer visible on any screen. */
export function readBounds(json: string, workAreas: readonly Rectangle[]): Rectangle | null {
  const bounds = rectangle.safeParse(parse(json)).data;
  return bounds && workAreas.some((area) => isReachable(bounds, area)) ? bounds : null;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** Whether enough of the title bar is visible to drag the window. */
function isReachable(bounds: Rectangle, area: Rectangle): boolean {
  const visible = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  return visible >= 100 && bounds.y >= area.y && bounds.y < area.y + area.height - 30;
}
