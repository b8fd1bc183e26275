import { endOfString, isFollowedByColon } from '../../shared/parseJson.ts';

/**
 * The first repeated key of an object in a JSON text, at any depth; null if there is none. `JSON.parse` silently keeps
 * the last of equal keys. The text must be valid JSON.
 */
export function duplicateKey(json: string): string | null {
  /** Keys of the objects around the current position; null for a list. */
  const open: (Set<string> | null)[] = [];
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(json, i);
      const keys = open.at(-1);
      if (keys && isFollowedByColon(json, end)) {
        // Two spellings of one key, such as "a" and "\u0061", are equal.
        const key = JSON.parse(json.slice(i, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      i = end - 1;
    }
  }
  return null;
}
