import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireScreens } from '../../src/cli/screens.ts';
import { contentSecurityPolicy } from '../../src/server/headers.ts';
import { electronProblem, keepScreenshot, launchElectron } from '../helpers/electron.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';

/* The security of the desktop app as it runs; tests/unit/main has that of its configuration. */

const problem = electronProblem();

describe.skipIf(problem !== null)(`the running desktop app${problem === null ? '' : `: skipped, ${problem}`}`, () => {
  let app: ElectronApplication;
  let page: Page;
  const home = sharedFolder();

  beforeAll(async () => {
    await requireScreens(() => undefined);
    app = await launchElectron(home);
    page = await app.firstWindow();
    await page.waitForSelector('h1');
  }, 180_000);
  afterAll(() => app?.close());

  /** Runs a script in the page; as a text, because it speaks of what only a browser knows. */
  const inPage = <T>(script: string): Promise<T> => page.evaluate<T>(script);

  test('has a window that is seen, with a heading', async () => {
    const isVisible = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible());
    await expect.poll(isVisible).toBe(true);
    expect(await page.getByRole('heading', { level: 1 }).first().isVisible()).toBe(true);
    await keepScreenshot(page, 'home');
  });

  test('shows the screens from its own scheme', async () => {
    expect(page.url()).toMatch(/^app:\/\/losslab\/index\.html/);
    expect(await inPage('location.origin')).toBe('app://losslab');
  });

  test('the page has the bridge, and nothing of Node or Electron', async () => {
    expect(await inPage('Object.keys(window.losslab)')).toEqual(['connect', 'pathForFile']);
    expect(
      await inPage(
        "['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in window)",
      ),
    ).toEqual([]);
  });

  test('the policy of the server holds', async () => {
    expect(
      await inPage("fetch('/index.html').then((response) => response.headers.get('content-security-policy'))"),
    ).toBe(contentSecurityPolicy);
    await expect(inPage("new Function('return 1')()")).rejects.toThrow(/unsafe-eval|Content Security Policy/);
  });

  test.each(['https://example.com/', 'http://127.0.0.1:1/', 'file:///etc/passwd'])(
    '%s cannot be loaded',
    async (address) => {
      expect(await inPage(`fetch(${JSON.stringify(address)}).then(() => 'loaded', () => 'refused')`)).toBe('refused');
    },
  );

  test('the page stays where it is, and opens no other', async () => {
    await inPage("location.assign('https://example.com/')");
    expect(await inPage("window.open('https://example.com/') === null")).toBe(true);
    expect(page.url()).toMatch(/^app:\/\/losslab\//);
    expect(app.windows()).toHaveLength(1);
  });

  test('permissions are denied', async () => {
    expect(await inPage('Notification.requestPermission()')).toBe('denied');
    expect(
      await inPage(
        "new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve('granted'), () => resolve('denied')))",
      ),
    ).toBe('denied');
  });

  test('the window is sandboxed, in a world of its own', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      // Electron's types do not know it.
      return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
    });
  });

  test('the lab answers through its port', async () => {
    await inPage("void (location.hash = '#/settings')");
    await page.getByText(home).first().waitFor();
  });
});
