/** Pieces of a page. Every text of people goes through `text`. */

export function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export interface Cell {
  readonly text: string;
  readonly strong?: boolean;
  readonly numeric?: boolean;
}

export const plain = (content: string): Cell => ({ text: content });
export const number = (content: string, strong = false): Cell => ({ text: content, numeric: true, strong });

/** The first cell of a row is its heading. */
export function table(headings: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const cell = (tag: 'td' | 'th', scope: string, { text: content, strong, numeric }: Cell): string =>
    `<${tag}${scope}${numeric ? ' class="numeric"' : ''}>${strong ? `<strong>${text(content)}</strong>` : text(content)}</${tag}>`;
  const row = ([first, ...others]: readonly Cell[]): string =>
    `<tr>${cell('th', ' scope="row"', first!)}${others.map((each) => cell('td', '', each)).join('')}</tr>`;
  return `<div class="frame"><table><thead><tr>${headings.map((heading) => cell('th', ' scope="col"', heading)).join('')}</tr></thead><tbody>${rows.map(row).join('\n')}</tbody></table></div>`;
}

export function section(title: string, content: string, note = ''): string {
  return `<section><h2>${text(title)}</h2>${content}\n${note ? `<p class="note">${text(note)}</p>` : ''}</section>`;
}

export function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul class="note">${items.map((item) => `<li>${text(item)}</li>`).join('')}</ul>`;
}

export function picture(png: Uint8Array, description: string): string {
  return `<img alt="${text(description)}" src="data:image/png;base64,${Buffer.from(png).toString('base64')}">`;
}
