import { decodeHTML } from 'entities';

/**
 * The plain text of an HTML body: every tag and comment becomes a space, `script` and `style` go with their content,
 * entities are decoded, white space is collapsed. Decoding comes after the tags are gone, so markup that was written as
 * text (`&lt;b&gt;`) stays text. What only looks like a tag stays, too: "List<String>", "i<n && n>0", a comment or tag
 * that is never closed.
 */
export function cleanHtml(html: string): string {
  const text = html.includes('<') ? removeMarkup(html) : html;
  return collapseWhiteSpace(text.includes('&') ? decodeHTML(text) : text);
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

/** Where the last ends are of what may hide text: what begins after them is never closed. Keeps the time linear. */
interface LastEnds {
  readonly comment: number;
  readonly script: number;
  readonly style: number;
}

function removeMarkup(html: string): string {
  const lower = html.toLowerCase();
  const last: LastEnds = {
    comment: html.lastIndexOf('-->'),
    script: lower.lastIndexOf('</script'),
    style: lower.lastIndexOf('</style'),
  };
  let text = '';
  let position = 0;
  for (let open = html.indexOf('<'); open !== -1; open = html.indexOf('<', Math.max(position, open + 1))) {
    const end = markupEnd(html, open, last);
    if (end === open) continue;
    text += `${html.slice(position, open)} `;
    position = end;
  }
  return text + html.slice(position);
}

const elements =
  'a|abbr|acronym|address|area|article|aside|audio|b|base|basefont|bdi|bdo|big|blink|blockquote|body|br|button|canvas|caption|' +
  'center|cite|code|col|colgroup|data|datalist|dd|del|details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|' +
  'font|footer|form|frame|frameset|h[1-6]|head|header|hgroup|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|' +
  'map|mark|marquee|menu|meta|meter|nav|nobr|noframes|noscript|object|ol|optgroup|option|output|p|param|picture|pre|progress|' +
  'q|rp|rt|ruby|s|samp|script|search|section|select|slot|small|source|span|strike|strong|style|sub|summary|sup|svg|table|' +
  'tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr|path|g|math';
const attribute =
  '\\s+(?:[\\w:@.-]+\\s*=\\s*(?:"[^"]{0,4000}"|\'[^\']{0,4000}\'|[^\\s"\'<>`]+)|checked|compact|controls|defer|disabled|hidden|loop|muted|nowrap|open|readonly|required|reversed|selected)';
const tag = new RegExp(`</?(${elements})(?:${attribute})*\\s*/?>`, 'iy');
const doctype = /<!doctype[^<>]*>/iy;
const hiddenElements = { script: /<\/script\s*>/gi, style: /<\/style\s*>/gi };

/** Where the markup that begins at `open` ends (exclusive); `open` itself where "<" is only text. */
function markupEnd(html: string, open: number, last: LastEnds): number {
  if (html.startsWith('<!--', open)) {
    return open + 4 > last.comment ? open : html.indexOf('-->', open + 4) + 3;
  }
  doctype.lastIndex = open;
  if (doctype.test(html)) return doctype.lastIndex;
  tag.lastIndex = open;
  const name = tag.exec(html)?.[1]?.toLowerCase();
  if (name === undefined) return open;
  const end = tag.lastIndex;
  if (html[open + 1] === '/' || (name !== 'script' && name !== 'style') || end > last[name]) return end;
  return hiddenContentEnd(html, end, hiddenElements[name]);
}

/** After the closing tag of an element whose content is not text; after its opening tag if there is no closing one. */
function hiddenContentEnd(html: string, from: number, close: RegExp): number {
  close.lastIndex = from;
  return close.test(html) ? close.lastIndex : from;
}
