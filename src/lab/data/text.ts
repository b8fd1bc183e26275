import { decodeHTML } from 'entities';

/**
 * The plain text of an HTML body: every tag and comment becomes a space, `script` and `style` go
 * with their content, entities are decoded, white space is collapsed. Decoding comes after the tags
 * are gone, so markup that was written as text (`&lt;b&gt;`) stays text.
 */
export function cleanHtml(html: string): string {
  const text = html.includes('<') ? removeMarkup(html) : html;
  return collapseWhiteSpace(text.includes('&') ? decodeHTML(text) : text);
}

const closedElement = /<\/(?:p|div|span|a|b|i|em|strong|code|pre|ul|ol|li|h[1-6]|table|blockquote)\s*>/i;
const openElement = /<(?:p|br|hr|img|div|ul|ol|li|pre|blockquote)(?:\s[^<>]*)?\/?>/i;

/** Whether a text is HTML: it has a tag that HTML texts have. "a <b and c> d" has none. */
export function looksLikeHtml(text: string): boolean {
  return text.includes('<') && (closedElement.test(text) || openElement.test(text));
}

/** Runs of white space, non-breaking spaces included, become one space; none at either end. */
export function collapseWhiteSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Number of words, separated by white space, of a text with its white space collapsed. */
export function countWords(text: string): number {
  if (text === '') return 0;
  let words = 1;
  for (let at = text.indexOf(' '); at !== -1; at = text.indexOf(' ', at + 1)) words++;
  return words;
}

/** Takes time linear in the length of `html`, for any content. */
function removeMarkup(html: string): string {
  let text = '';
  let position = 0;
  const lastClose = html.lastIndexOf('>');
  for (;;) {
    const open = html.indexOf('<', position);
    if (open === -1) return text + html.slice(position);
    const end = markupEnd(html, open, lastClose);
    text += html.slice(position, open) + (end === open ? '<' : ' ');
    position = Math.max(end, open + 1);
  }
}

const hiddenElements: Record<string, RegExp> = { script: /<\/script\s*>/gi, style: /<\/style\s*>/gi };

/**
 * Where the markup that begins at `open` ends (exclusive); `open` itself where "<" is only text.
 * `lastClose` is where the text's last ">" stands: a tag that begins after it never closes.
 */
function markupEnd(html: string, open: number, lastClose: number): number {
  if (html.startsWith('<!--', open)) {
    const close = html.indexOf('-->', open + 4);
    return close === -1 ? html.length : close + 3;
  }
  if (open > lastClose || !/[a-zA-Z/!?]/.test(html.charAt(open + 1))) return open;
  const end = html.indexOf('>', open) + 1;
  const name = /^<(script|style)(?=[\s/>])/i.exec(html.slice(open, open + 8))?.[1]?.toLowerCase();
  return name === undefined ? end : hiddenContentEnd(html, end, name);
}

function hiddenContentEnd(html: string, from: number, name: string): number {
  const close = hiddenElements[name]!;
  close.lastIndex = from;
  return close.test(html) ? close.lastIndex : html.length;
}
