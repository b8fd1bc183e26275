/**
 * `JSON.parse` for texts with untrusted keys: tokens, tensors, columns. V8 confuses a key that has an escape with
 * another one, if an earlier object had a key like its beginning: after `{"a":1,"x\\":2}` it reads `{"a":1,"x\n":2}` as
 * the former (V8 12.8 and later, nodejs/node#63785). Here, keys with escapes are read as string values.
 *
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return hasEscapedKey(text) ? withKeysAsTexts(text) : value;
}

/** Also true for some texts in which only values look like that. */
function hasEscapedKey(text: string): boolean {
  for (const { index } of text.matchAll(/"\s*:/g)) {
    const before = text.lastIndexOf('"', index - 1);
    if (text.slice(Math.max(0, before - 1), index).includes('\\')) return true;
  }
  return false;
}

/** Parses a valid text. Keys with escapes are replaced by other keys while it is parsed. */
function withKeysAsTexts(text: string): unknown {
  const standIns = new StandIns(text);
  const pieces: string[] = [];
  let copied = 0;
  for (let start = text.indexOf('"'); start !== -1;) {
    const end = endOfString(text, start);
    const string = text.slice(start, end);
    if (string.includes('\\') && isFollowedByColon(text, end)) {
      pieces.push(text.slice(copied, start), standIns.of(JSON.parse(string) as string));
      copied = end;
    }
    start = text.indexOf('"', end);
  }
  const value: unknown = JSON.parse(`${pieces.join('')}${text.slice(copied)}`);
  standIns.removeFrom(value);
  return value;
}

class StandIns {
  /** Does not occur in the text. */
  readonly #mark: string;
  readonly #names = new Map<string, string>();
  readonly #keys = new Map<string, string>();

  constructor(text: string) {
    let mark = '\ue000';
    while (text.includes(mark)) mark += '\ue000';
    this.#mark = mark;
  }

  /** As JSON. */
  of(key: string): string {
    const name = this.#names.get(key) ?? `${this.#mark}${this.#names.size}`;
    this.#names.set(key, name);
    this.#keys.set(name, key);
    return `"${name}"`;
  }

  /** Restores the original keys of every object, in order; without recursion, because the depth is not limited yet. */
  removeFrom(value: unknown): void {
    const left = [value];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (typeof next !== 'object' || next === null) continue;
      if (!Array.isArray(next)) this.#rename(next as Record<string, unknown>);
      for (const child of Object.values(next)) left.push(child);
    }
  }

  #rename(object: Record<string, unknown>): void {
    const entries = Object.entries(object);
    if (!entries.some(([name]) => this.#keys.has(name))) return;
    for (const [name] of entries) delete object[name];
    // Not by assignment: __proto__ must be an ordinary key.
    for (const [name, value] of entries)
      Object.defineProperty(object, this.#keys.get(name) ?? name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
  }
}

/** The position after the closing quote of the string that begins at `start`, in a valid text. */
export function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i + 1;
}

export function isFollowedByColon(json: string, from: number): boolean {
  let i = from;
  while (json[i] === ' ' || json[i] === '\n' || json[i] === '\r' || json[i] === '\t') i++;
  return json[i] === ':';
}
