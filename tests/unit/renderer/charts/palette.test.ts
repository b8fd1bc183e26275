import { expect, test } from 'vitest';
import { baselineStyle, lineStyle } from '../../../../src/renderer/charts/palette.ts';

test('twenty runs and the untrained encoder are all told apart', () => {
  const styles = [baselineStyle, ...Array.from({ length: 20 }, (_, index) => lineStyle(index))];
  expect(new Set(styles.map(({ colour, pattern }) => `${colour} ${pattern}`)).size).toBe(21);
});
