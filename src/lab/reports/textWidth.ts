import stringWidth from 'string-width';

/** Text as wide as a terminal shows it: Chinese letters and emoji take two columns, marks above letters none. */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** In columns of the terminal. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** With spaces behind it. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** Cut in the middle: names of recipes often differ at their ends only. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const letters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  const head = lettersWithin(letters, Math.ceil((width - 1) / 2));
  const tail = lettersWithin(letters.toReversed(), width - 1 - textWidth(head.join('')));
  return [...head, '…', ...tail.toReversed()].join('');
}

/** Cut at the end. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const letters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  return `${lettersWithin(letters, width - 1)
    .join('')
    .trimEnd()}…`;
}

/** The first letters that fit. */
function lettersWithin(letters: readonly string[], width: number): string[] {
  let used = 0;
  const end = letters.findIndex((letter) => (used += textWidth(letter)) > width);
  return end < 0 ? [...letters] : letters.slice(0, end);
}
