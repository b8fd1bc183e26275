/**
 * Where `actual` does not hold what `expected` holds, as paths with both values; empty where it holds all of it. What
 * only `actual` has is no difference: answers may grow. Numbers differ beyond a relative `tolerance`; with 0, in any bit.
 */
export function differences(actual: unknown, expected: unknown, tolerance = 0, path = ''): string[] {
  if (typeof expected === 'number' && typeof actual === 'number' && close(actual, expected, tolerance)) return [];
  if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    return [
      ...lengthDifference(actual, expected, path),
      ...Object.entries(expected).flatMap(([key, value]) =>
        differences((actual as Record<string, unknown>)[key], value, tolerance, `${path}/${key}`),
      ),
    ];
  }
  return Object.is(actual, expected)
    ? []
    : [`${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
}

function close(a: number, b: number, tolerance: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

function lengthDifference(actual: object, expected: object, path: string): string[] {
  if (!Array.isArray(expected)) return [];
  if (!Array.isArray(actual)) return [`${path}: not a list`];
  return actual.length === expected.length ? [] : [`${path}: ${actual.length} items instead of ${expected.length}`];
}
