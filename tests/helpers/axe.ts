import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** What axe says of a page. It runs outside the page's policy, as an extension would. */

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

interface Axe {
  run(options: object): Promise<{ violations: Violation[] }>;
}

export async function violations(page: Page): Promise<Violation[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  // To describe everything that is well takes as long as to find it.
  const options = { resultTypes: ['violations'] };
  const result = await page.evaluate((options) => (globalThis as unknown as { axe: Axe }).axe.run(options), options);
  return result.violations;
}

export async function seriousViolations(page: Page): Promise<Violation[]> {
  return (await violations(page)).filter(({ impact }) => impact === 'serious' || impact === 'critical');
}

/** In the words of axe, with the first element of each. */
export function inWords(found: readonly Violation[]): string[] {
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 160)}`);
}
