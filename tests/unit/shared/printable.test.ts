import { expect, test } from 'vitest';
import { printable, printableWithColours } from '../../../src/shared/printable.ts';

test('control characters become visible; line feeds and tabs stay', () => {
  expect(printable('a\0b\u001b[31mred\rback\u0007\n\tü\u202e')).toBe('a\\x00b\\x1b[31mred\\x0dback\\x07\n\tü\\u202e');
});

test('colours of our own stay', () => {
  expect(printableWithColours('\u001b[1mbold\u001b[0m \u001b]0;title\u0007')).toBe(
    '\u001b[1mbold\u001b[0m \\x1b]0;title\\x07',
  );
});
