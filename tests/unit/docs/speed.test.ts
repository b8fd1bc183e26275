import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parts } from '../../../checks/bench/parts.ts';

test('docs/speed.md names every part of npm run bench', () => {
  const page = readFileSync(new URL('../../../docs/speed.md', import.meta.url), 'utf8');
  for (const name of Object.keys(parts)) expect(page).toMatch(new RegExp(`^\\| .*\`${name}\``, 'm'));
});
