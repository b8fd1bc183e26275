/** A decimal number written out, such as "12" or "-3"; undefined for anything else ("NA", "", "1e3"). */
export function parseScore(text: string): number | undefined {
  return /^\s*[+-]?\d{1,15}(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
