import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { filesOf, commitA, hubServer } from '../helpers/hubServer.ts';
import { kaggleServer } from '../helpers/kaggleServer.ts';
import {
  addressOf,
  chromiumPath,
  expectNoComplaints,
  howToGetChromium,
  serve,
  stopServing,
  useBrowser,
} from '../helpers/screens.ts';
import { temporaryFolder } from '../helpers/syntheticStore.ts';
import { modelFolder, sentenceFiles, tinyMiniLm } from '../helpers/tinyModels.ts';
import { tinyQuestions, writeRankedJson } from '../helpers/tinyData.ts';

/** From data and weights that lie elsewhere to a trained encoder that goes elsewhere, in front of servers that behave like the real ones. */
describe.skipIf(chromiumPath === null)(`real data in a browser (${howToGetChromium})`, () => {
  const browser = useBrowser();

  /** The screens on a home folder of their own; the lab finds the services where `environment` says. */
  async function openLab(environment: NodeJS.ProcessEnv): Promise<{ readonly page: Page; readonly home: string }> {
    for (const [name, value] of Object.entries({ HF_HUB_CACHE: join(temporaryFolder(), 'hub'), ...environment }))
      vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const served = await serve(join(temporaryFolder(), 'home'));
    onTestFinished(() => stopServing(served));
    const page = await browser.open(served);
    onTestFinished(() => page.context().close());
    return { page, home: served.home };
  }

  test('a download that asks who is there, outlives a reload, is cancelled and resumed; its dataset is trained on, and the encoder exported', async () => {
    await using kaggle = await kaggleServer();
    kaggle.entry.status = { code: 401, body: '{"code":401,"message":"Unauthorized"}' };
    const { page, home } = await openLab(kaggle.environment);
    await page.goto(addressOf(page, '/new?import=download'));
    await page.getByRole('button', { name: 'Download Cross Validated' }).click();

    const dialog = page.getByRole('dialog', { name: 'Sign in to Kaggle' });
    await dialog.waitFor();
    await dialog
      .getByText(/Kaggle/)
      .nth(1)
      .waitFor();
    delete kaggle.entry.status;
    kaggle.archive.stalls = [1000];
    await dialog.getByLabel('Token', { exact: true }).fill('KGAT_SECRET');
    await dialog.getByRole('button', { name: 'Sign in' }).click();

    const card = page.getByRole('listitem', { name: /^Download of kaggle:/ });
    await card.getByText('Downloading the archive').waitFor();
    await page.reload();
    await card.getByText('Downloading the archive').waitFor();
    await card.getByRole('button', { name: /^Cancel/ }).click();
    await card.getByText(/^Cancelled\. The downloaded part is kept/).waitFor();
    await card.getByRole('button', { name: /^Resume/ }).click();

    await expect
      .poll(
        () =>
          page
            .getByRole('radio', { name: 'statsquestions' })
            .isChecked()
            .catch(() => false),
        { timeout: 30_000 },
      )
      .toBe(true);
    expect(kaggle.storage.requests.at(-1)!.headers.range).toBe('bytes=999-');
    expect(JSON.stringify(filesOf(home))).not.toContain('KGAT_SECRET');
    await page.getByText('CC BY-SA').first().waitFor();

    await page.getByRole('button', { name: 'Next: Encoder' }).click();
    await page.getByRole('button', { name: 'Next: Losses' }).click();
    await page.getByRole('button', { name: 'Clear choice' }).click();
    await page.getByRole('checkbox', { name: 'InfoNCE Standard' }).check();
    await page.getByRole('button', { name: 'Review and start' }).click();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.locator('h1 + .badge', { hasText: 'Finished' }).waitFor({ timeout: 120_000 });

    await exportFrom(page, 'InfoNCE Standard', 'ONNX', 'model.onnx');
    await page.getByRole('link', { name: 'Live' }).click();
    await exportFrom(page, 'InfoNCE Standard', 'sentence-transformers', 'modules.json');
    expectNoComplaints(page);
  }, 300_000);

  test('people’s own table: its columns are shown, given their roles, and imported as shown', async () => {
    const { page, home } = await openLab({});
    const rows = tinyQuestions(12, () => 2).flatMap(({ title, answers }) =>
      answers.map(({ body, score }) => `${title};${body};${score}`),
    );
    const file = join(temporaryFolder(), 'support-tickets.csv');
    writeFileSync(file, `Frage;Reply;Rating\n${rows.join('\n')}\n`);
    await page.goto(addressOf(page, '/new?import=files'));
    await page.getByText('Your own file', { exact: true }).click();
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('combobox', { name: 'Delimiter' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Delimiter' }).inputValue()).toBe('detect');
    await page.getByText('semicolon (detected)').waitFor({ state: 'attached' });
    await page.getByText('No column was recognised as the question.').waitFor();

    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Choose the column of the question.').waitFor();
    await page.getByRole('combobox', { name: 'Question', exact: true }).selectOption('Frage');
    await page.getByRole('combobox', { name: 'Answer', exact: true }).selectOption('Reply');
    await page.getByRole('combobox', { name: 'Score', exact: true }).selectOption('Rating');
    await page.getByRole('columnheader', { name: 'Frage Question' }).waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();

    await expect
      .poll(
        () =>
          page
            .getByRole('radio', { name: 'support-tickets' })
            .isChecked()
            .catch(() => false),
        { timeout: 30_000 },
      )
      .toBe(true);
    await page.getByText('12 questions, all with at least two answers').first().waitFor();
    expect(existsSync(join(home, 'datasets', 'support-tickets', 'manifest.json'))).toBe(true);
    expectNoComplaints(page);
  }, 120_000);

  test('an import that is cancelled says so, and leaves nothing', async () => {
    const { page, home } = await openLab({});
    await page.goto(addressOf(page, '/new?import=files'));
    await page.getByText('ranked_qa.json', { exact: true }).click();
    await page.locator('input[type=file]').setInputFiles(writeRankedJson(temporaryFolder()));
    await page.getByLabel('Dataset name').fill('halfway');
    // As a large file on a slow line: it is still on its way when somebody cancels.
    await page.route('**/files?*', () => undefined);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel import' }).click();
    await page.getByText('Cancelled. No dataset was imported.').waitFor();
    expect(existsSync(join(home, 'datasets', 'halfway'))).toBe(false);
    expect(await page.getByRole('radio', { name: 'halfway' }).count()).toBe(0);
    expectNoComplaints(page);
  }, 120_000);

  test('a pretrained encoder by its name: fetched, described, chosen, and in the command of the review', async () => {
    await using hub = await hubServer();
    const files = {
      ...sentenceFiles(24, 'pooling_mode_mean_tokens'),
      'vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nwhy\ndoes\n',
    };
    hub.add('org/tiny', commitA, filesOf(modelFolder(tinyMiniLm(), {}, files)));
    const { page } = await openLab({ HF_ENDPOINT: hub.endpoint });
    await page.goto(addressOf(page, '/new?dataset=sample'));
    await page.getByRole('button', { name: 'Next: Encoder' }).click();
    await page.getByRole('radio', { name: 'Other weights' }).check();
    const reference = page.getByLabel('Folder or repository');
    await reference.fill('hf:org/missing');
    await reference.press('Tab');
    await page.getByRole('alert').filter({ hasText: 'org/missing' }).waitFor();
    await page.getByRole('button', { name: 'Next: Losses' }).click();
    await page.getByRole('status').filter({ hasText: 'org/missing' }).waitFor();

    await page.getByRole('button', { name: /^Download from the Hugging Face Hub/ }).click();
    await page.getByLabel('Another repository').fill('org/tiny');
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    await expect
      .poll(
        () =>
          page
            .getByRole('radio', { name: 'org/tiny' })
            .isChecked()
            .catch(() => false),
        { timeout: 30_000 },
      )
      .toBe(true);
    await page.getByText('bert: 3 layers of 24 numbers, 12 heads, 48 inside').waitFor();
    await page.getByText('mean of all tokens').first().waitFor();

    await page.getByText('Advanced', { exact: true }).click();
    await page.getByLabel('Layers to freeze').fill('1');
    await page.getByRole('button', { name: 'Review and start' }).click();
    const command = page.locator('pre');
    await command.waitFor();
    expect(await command.innerText()).toContain(`--set encoder=hf:org/tiny@${commitA} --set freeze_layers=1`);
    expectNoComplaints(page);
  }, 120_000);
});

/** Through the menu of a run; what the dialog says is there. */
async function exportFrom(page: Page, run: string, format: string, file: string): Promise<void> {
  await page
    .getByRole('button', { name: `Actions for ${run}` })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Export encoder…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: new RegExp(`^${format}`) }).check();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const folder = await dialog.locator('code').innerText({ timeout: 60_000 });
  expect(existsSync(join(folder, file)), `${file} in ${folder}`).toBe(true);
  expect(existsSync(join(folder, 'README.md'))).toBe(true);
  await dialog.getByRole('button', { name: 'Close' }).first().click();
}
