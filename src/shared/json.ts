/** Real files are not nested deeper, and much deeper ones overflow the stack. */
export const deepestJson = 100;

/**
 * Why a value from JSON cannot be used, as a text that follows the name of its file; null if it can. `JSON.parse`
 * accepts any depth, and turns 1e999 into Infinity.
 */
export function jsonFault(value: unknown): string | null {
  if (isNestedTooDeep(value)) return `is nested deeper than ${deepestJson} levels`;
  return someValue(value, (one) => one === Infinity || one === -Infinity)
    ? 'contains a number that is too large'
    : null;
}

export function isNestedTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= deepestJson; depth++) {
    level = level.flatMap(childrenOf);
    if (level.length === 0) return false;
  }
  return true;
}

/** For a value that is not nested too deep. */
function someValue(value: unknown, is: (one: unknown) => boolean): boolean {
  return is(value) || childrenOf(value).some((child) => someValue(child, is));
}

function childrenOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}
