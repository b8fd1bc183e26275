import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumPath } from '../../../tests/helpers/screens.ts';

/** A page that reports every script that runs although it should not. */
export interface WatchedPage {
  readonly page: Page;
  /** What has happened since the last call. */
  readonly alarms: () => string[];
}

export async function launchBrowser(): Promise<Browser | null> {
  return chromiumPath === null
    ? null
    : chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
}

export async function watchedPage(browser: Browser): Promise<WatchedPage> {
  const page = await browser.newPage();
  const found: string[] = [];
  await page.exposeFunction('attacked', (what: string) => void found.push(`a script ran: ${what}`));
  await page.exposeFunction('violated', (what: string) => void found.push(`the policy had to stop it: ${what}`));
  await page.addInitScript(
    'document.addEventListener("securitypolicyviolation", (event) => violated(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`))',
  );
  page.on('dialog', (dialog) => {
    found.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', () => found.push('a window was opened'));
  page.on('pageerror', (error) => found.push(`an error: ${error.message}`));
  page.on('request', (request) => {
    if (/evil\.example/.test(request.url())) found.push(`asked for ${request.url()}`);
  });
  return { page, alarms: () => found.splice(0) };
}

/** Throws if the page would not notice a successful attack. */
export async function requireAlarm({ page, alarms }: WatchedPage): Promise<void> {
  await page.setContent('<img src=x onerror="attacked(1)">');
  await page.waitForTimeout(300);
  if (!alarms().some((alarm) => alarm.includes('a script ran'))) throw new Error('A script that runs is not noticed.');
}
