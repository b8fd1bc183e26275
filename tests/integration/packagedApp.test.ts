import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { electronArguments, keepScreenshot, packagedProblem, packagedProgram } from '../helpers/electron.ts';
import { temporaryFolder } from '../helpers/syntheticStore.ts';

/* The app as installers carry it. Its fuses shut out the debugger of Node, so it is met through that of Chromium. */

const problem = packagedProblem();

describe.skipIf(problem !== null)(`the packaged app${problem === null ? '' : `: skipped, ${problem}`}`, () => {
  test('opens its window, with the lab behind it', async () => {
    const home = temporaryFolder();
    const page = await openPackaged(home);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    expect(page.url()).toMatch(/^app:\/\/losslab\//);
    await page.evaluate("void (location.hash = '#/settings')");
    await page.getByText(home).first().waitFor();
    await keepScreenshot(page, 'packaged-app');
  }, 120_000);
});

async function openPackaged(home: string): Promise<Page> {
  const port = await freePort();
  const app = spawn(packagedProgram, [`--remote-debugging-port=${port}`, ...electronArguments], {
    env: { ...process.env, LOSSLAB_HOME: home },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exit = once(app, 'exit');
  onTestFinished(async () => {
    app.kill('SIGKILL');
    // Before its home is removed.
    await exit;
  });
  const browser = await connect(app, `http://127.0.0.1:${port}`);
  const [context] = browser.contexts();
  return context!.pages()[0] ?? (await context!.waitForEvent('page'));
}

async function freePort(): Promise<number> {
  await using server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Tries until the app listens, or has ended. */
async function connect(app: ChildProcess, address: string): Promise<Browser> {
  for (;;) {
    try {
      return await chromium.connectOverCDP(address);
    } catch (error) {
      if (app.exitCode !== null) throw new Error(`${packagedProgram} ended with ${app.exitCode}`, { cause: error });
      await sleep(200);
    }
  }
}
