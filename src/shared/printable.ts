const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text for a terminal or a message: control characters, which can move the cursor or hide what was written, become
 * visible, such as "\x1b". Line feeds and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(controls, (control) => {
    const code = control.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** The same for text with colours of our own. */
export function printableWithColours(text: string): string {
  return text
    .split(/(\x1b\[[\d;]*m)/)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('');
}
