/** Tokens of some texts, given their ids. Padding is not counted: no encoder computes it. */
export function tokenCount(texts: readonly ArrayLike<number>[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}
