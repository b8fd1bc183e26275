import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { addressOf, expectNoComplaints, screenHosts } from '../helpers/screens.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';

/** Files that are handed to the screens: bad ones, and hostile ones. */
describe.each(screenHosts)('imports $name', ({ missing, use }) => {
  if (missing !== null) return test.skip(`skipped: ${missing}`, () => undefined);
  const host = use();
  const files = sharedFolder();
  let page: Page;

  afterEach(() => expectNoComplaints(page));

  test('a file that cannot be imported is refused in words, and nothing is left of it', async () => {
    page = await host.open();
    const bad = join(files, 'ranked_qa.json');
    writeFileSync(bad, '{"not": "a list"}');
    await page.goto(addressOf(page, '/new?import=files'));
    await importFile(page, bad, 'bad');
    const alert = page.getByRole('alert').first();
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/ranked_qa\.json|list|array/i);
    await page.goto(addressOf(page, '/datasets'));
    await page.getByRole('heading', { name: 'Datasets', level: 1 }).waitFor();
    expect(await page.getByText('bad', { exact: true }).count()).toBe(0);
  });

  test('another kind of files begins without files, and so does the first when it is chosen again', async () => {
    page = await host.open();
    const file = join(files, 'chosen.json');
    writeFileSync(file, '[]');
    await page.goto(addressOf(page, '/new?import=files'));
    await page.getByText('ranked_qa.json', { exact: true }).first().click();
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('Stack Exchange dump', { exact: true }).click();
    await page.getByText('ranked_qa.json', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Choose ranked_qa.json.').waitFor();
  });

  test('HTML and scripts in a dataset are shown as text', async () => {
    const file = join(files, 'hostile.json');
    const attack = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
    // Entities are decoded by an import, so that this text arrives as markup.
    const encoded = attack.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    writeFileSync(file, JSON.stringify(Array.from({ length: 12 }, (_, i) => question(i, encoded))));
    await page.goto(addressOf(page, '/new?import=files'));
    await importFile(page, file, 'hostile');
    await page.getByText('<script>').first().waitFor({ state: 'attached' });
    expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });
});

function question(i: number, text: string) {
  const answer = (rank: number) => ({
    id: `${i}-${rank}`,
    body: `${text} answer ${rank} of ${i}`,
    score: 5 - rank,
    is_accepted: false,
    rank,
  });
  return {
    question: { id: String(i), title: `${text} question ${i}`, body: `about ${i}`, score: 1 },
    answers: [answer(0), answer(1)],
  };
}

async function importFile(page: Page, path: string, name: string): Promise<void> {
  await page.getByText('ranked_qa.json', { exact: true }).first().click();
  await page.locator('input[type=file]').setInputFiles(path);
  await page.getByLabel('Dataset name').fill(name);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
}
