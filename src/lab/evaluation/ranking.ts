/**
 * Ranks from a row of similarities: one query with every document, by position. Only the rank of a relevant document is
 * needed, so documents ahead of it are counted and nothing is sorted. A similarity that is not a number counts as
 * ahead, so a broken row cannot look good.
 */

/**
 * Rank of `target` among all documents of the row; 1 is the first place. If similarities are equal, the lower position
 * is ahead.
 */
export function rankAmongAll(row: Float32Array, target: number): number {
  const similarity = row[target]!;
  let ahead = 0;
  for (let other = 0; other < target; other++) if (!(row[other]! < similarity)) ahead++;
  for (let other = target + 1; other < row.length; other++) if (!(row[other]! <= similarity)) ahead++;
  return ahead + 1;
}

/**
 * How many of `others` are ahead of `target`, which may be one of them. An equal similarity counts as ahead: within a
 * question, early answers have lower ids and more votes, so ties by id would favour an encoder that embeds all texts
 * alike.
 */
export function countAhead(row: Float32Array, target: number, others: readonly number[]): number {
  const similarity = row[target]!;
  return others.filter((other) => other !== target && !(row[other]! < similarity)).length;
}
