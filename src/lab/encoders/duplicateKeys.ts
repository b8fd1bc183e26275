import { endOfString, isFollowedByColon } from '../../shared/parseJson.ts';

/**
 * The first key that an object of a JSON text has twice, at whatever depth; null where there is
 * none. `JSON.parse` keeps the last of equal keys and says nothing. The text must be valid JSON.
 */
export function duplicateKey(json: string): string | null {
  /** Keys of the objects around the current place; null for a list. */
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
        // Two spellings of one key, as "a" and "\u0061", are the same.
        const key = JSON.parse(json.slice(i, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      i = end - 1;
    }
  }
  return null;
}
