import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { losses } from '../../../src/lab/losses/registry.ts';
import { configurationKeys } from '../../../src/shared/configuration.ts';
import { lossNames, lossParameters, strategiesOfLoss, strategyNames } from '../../../src/shared/recipe.ts';

/** What the pages say of losses, against the registry. */

const read = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const [lossesPage, configurationPage] = [read('losses.md'), read('configuration.md')];

test('the compatibility table is that of the registry', () => {
  const rows = lossNames.map((loss) => {
    const cells = strategyNames.map((strategy) =>
      !strategiesOfLoss[loss].includes(strategy) ? ' ' : strategiesOfLoss[loss][0] === strategy ? ' **yes** ' : ' yes ',
    );
    return `| loss \`${loss}\` |${cells.join('|')}|`;
  });
  const table = [`| | ${strategyNames.map((name) => `\`${name}\``).join(' | ')} |`, ...rows];
  // The formatter pads cells, so that columns align.
  const withoutPadding = (line: string): string => line.replace(/\s*\|\s*/g, '|');
  const onPage = lossesPage.split('\n').map(withoutPadding);
  const first = onPage.indexOf(withoutPadding(table[0]!));
  expect(onPage.slice(first, first + rows.length + 2)).toEqual([
    withoutPadding(table[0]!),
    expect.stringMatching(/^\|[-|:]+$/),
    ...rows.map(withoutPadding),
  ]);
  expect(onPage[first + rows.length + 2]).toBe('');
});

describe.each(lossNames)('%s', (name) => {
  const card = lossesPage.match(new RegExp(`^### \`${name}\`\\n(.*?)(?=^##)`, 'ms'))?.[1];

  test('has a card that names its own parameters', () => {
    const inherited = new Set(['learn_temperature', 'matryoshka_dimensions']);
    expect(card).toBeDefined();
    for (const key of Object.keys(lossParameters[name].shape))
      if (!inherited.has(key) && key !== 'temperature') expect(card).toContain(key);
  });

  test('has words for people who choose', () => {
    const { title, description, fits } = losses[name];
    for (const text of [title, description, fits]) expect(text.length).toBeGreaterThan(3);
    expect(description).toMatch(/\.$/);
    expect(fits).toMatch(/\.$/);
  });

  test('is named among those of the configuration', () => {
    expect(configurationPage.slice(configurationPage.indexOf('Loss names:'))).toContain(`\`${name}\``);
  });
});

test('every key is in the page of the configuration', () => {
  expect(configurationKeys.filter((key) => !configurationPage.includes(`\`${key}\``))).toEqual([]);
});
