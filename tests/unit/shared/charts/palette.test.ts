import { expect, test } from 'vitest';
import { untrainedStyle, seriesStyle } from '../../../../src/shared/charts/palette.ts';

test('twenty runs and the untrained encoder are all told apart', () => {
  const styles = [untrainedStyle, ...Array.from({ length: 20 }, (_, index) => seriesStyle(index))];
  expect(new Set(styles.map(({ colour, pattern }) => `${colour} ${pattern}`)).size).toBe(21);
});
