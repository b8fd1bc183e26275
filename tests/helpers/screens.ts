import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type ElectronApplication,
  type Page,
} from 'playwright-core';
import { requireScreens } from '../../src/cli/screens.ts';
import { eventually, startLosslab, type StartedCommand } from './commandLine.ts';
import { electronProblem, launchElectron } from './electron.ts';
import { sharedFolder } from './sharedFolder.ts';

/** The screens as their users meet them: `losslab serve` with Chromium in front of it, and the desktop app. */

const places = [
  process.env.LOSSLAB_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
export const chromiumPath = places.find((place) => place !== undefined && existsSync(place)) ?? null;
/** In the name of tests that are skipped. */
export const howToGetChromium =
  'needs Chromium: on Debian "apt-get install chromium", else name its binary in LOSSLAB_CHROMIUM';

export interface Served {
  readonly command: StartedCommand;
  readonly address: string;
  readonly home: string;
}

/** Starts `losslab serve` on a home folder; the first start of a run of tests builds the screens. */
export async function serve(home: string): Promise<Served> {
  const command = startLosslab(home, ['serve', '--json']);
  let output = '';
  command.process.stdout!.on('data', (text: string) => (output += text));
  const line = await eventually('the address of the screens', () => /^\{.*\}$/m.exec(output)?.[0], 120_000);
  const { address } = JSON.parse(line) as { address: string };
  return { command, address, home };
}

/** Ends it as Ctrl-C does, and waits. */
export async function stopServing({ command }: Served): Promise<void> {
  command.interrupt();
  await command.ended;
}

/** What a page complained about: each is a failure of the test that looks. */
const complaints = new WeakMap<Page, string[]>();

/** A browser for the tests of a file, and pages that keep what they complain about. */
export function useBrowser(): { open(served: Served, options?: BrowserContextOptions): Promise<Page> } {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath!,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  }, 60_000);
  afterAll(() => browser?.close());
  return {
    async open({ address }, options = {}) {
      const context = await browser!.newContext({
        viewport: { width: 1280, height: 800 },
        acceptDownloads: true,
        ...options,
      });
      const page = await context.newPage();
      watchComplaints(page);
      await page.goto(address);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      return page;
    },
  };
}

function watchComplaints(page: Page): void {
  const found: string[] = [];
  complaints.set(page, found);
  page.on('pageerror', (error) => found.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
  });
}

/** Errors, warnings and violations of the Content-Security-Policy since the page was opened. */
export function expectNoComplaints(page: Page): void {
  expect(complaints.get(page)).toEqual([]);
}

/** A home folder of its own with the screens on it, for the tests of a file. */
export function useServer(): { readonly served: Served; restart(): Promise<void> } {
  const home = sharedFolder();
  let current: Served | undefined;
  beforeAll(async () => {
    current = await serve(home);
  }, 180_000);
  afterAll(async () => {
    if (current) await stopServing(current);
  }, 60_000);
  return {
    get served() {
      return current!;
    },
    async restart() {
      await stopServing(current!);
      current = await serve(home);
    },
  };
}

/** A place where the screens are shown, for tests that hold in each. */
export interface ScreenHost {
  readonly name: string;
  /** Why it is not to be had here; null where it is. */
  readonly missing: string | null;
  /** For the tests of a file: its home folder, and its window. */
  readonly use: () => { readonly home: () => string; readonly open: () => Promise<Page> };
}

export const screenHosts: readonly ScreenHost[] = [
  {
    name: 'in a browser',
    missing: chromiumPath === null ? howToGetChromium : null,
    use: () => {
      const server = useServer();
      const browser = useBrowser();
      return { home: () => server.served.home, open: () => browser.open(server.served) };
    },
  },
  { name: 'in Electron', missing: electronProblem(), use: useElectron },
];

function useElectron(): ReturnType<ScreenHost['use']> {
  const home = sharedFolder();
  let app: ElectronApplication | undefined;
  beforeAll(() => requireScreens(() => undefined), 120_000);
  afterAll(() => app?.close());
  return {
    home: () => home,
    async open() {
      app = await launchElectron(home);
      const page = await app.firstWindow();
      watchComplaints(page);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      return page;
    },
  };
}

/** The address of a screen in the page's own host. */
export function addressOf(page: Page, path: string): string {
  const [document] = page.url().split('#');
  return `${document}#${path}`;
}
