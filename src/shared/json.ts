/** No program writes a file that is nested deeper, and much deeper ones are more than a stack can bear. */
export const deepestJson = 100;

/**
 * Why a value that was read as JSON cannot be worked with, in words that follow the name of its file;
 * null where it can. `JSON.parse` takes any depth, and makes an infinity of 1e999.
 */
export function jsonFault(value: unknown): string | null {
  if (isNestedTooDeep(value)) return `is nested deeper than ${deepestJson} levels`;
  return someValue(value, (one) => one === Infinity || one === -Infinity)
    ? 'holds a number that is too large for any computer'
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

/** Of a value that is not nested too deep. */
function someValue(value: unknown, is: (one: unknown) => boolean): boolean {
  return is(value) || childrenOf(value).some((child) => someValue(child, is));
}

function childrenOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}
