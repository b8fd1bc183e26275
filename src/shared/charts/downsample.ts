/**
 * The points of a curve that a drawing needs: of each of `buckets` equal stretches of the x axis the
 * lowest and the highest, so that no peak is lost, besides the first and the last of all. A stretch
 * with a value that is not a number keeps one such point: the line breaks there, as it would with
 * all points. Returns ascending indices. `x` ascends. For drawing only.
 */
export function downsample(x: ArrayLike<number>, y: ArrayLike<number>, buckets: number): Int32Array {
  const count = x.length;
  if (count <= 2 * buckets) return Int32Array.from({ length: count }, (_, i) => i);
  const kept = new Int32Array(3 * buckets + 5);
  let length = 0;
  const keep = (index: number): void => {
    if (index >= 0 && (length === 0 || index > kept[length - 1]!)) kept[length++] = index;
  };
  const left = x[0]!;
  const width = (x[count - 1]! - left) / buckets;
  const last = count - 1;
  keep(0);
  for (let start = 0, bucket = 0; start < count; bucket++) {
    const end = bucket >= buckets - 1 ? count : firstBeyond(x, start, left + (bucket + 1) * width);
    for (const index of extremes(y, start, end)) keep(index);
    start = end;
  }
  keep(last);
  return kept.slice(0, length);
}

/** Where x first reaches `edge`, looking on from `start`. */
function firstBeyond(x: ArrayLike<number>, start: number, edge: number): number {
  let index = start;
  while (index < x.length && x[index]! < edge) index++;
  return index;
}

/** Lowest, highest and a gap of y in [start, end), ascending; -1 where there is none. */
function extremes(y: ArrayLike<number>, start: number, end: number): [number, number, number] {
  let low = -1;
  let high = -1;
  let gap = -1;
  for (let i = start; i < end; i++) {
    const value = y[i]!;
    if (!Number.isFinite(value)) gap = i;
    else if (low < 0) low = high = i;
    else if (value < y[low]!) low = i;
    else if (value > y[high]!) high = i;
  }
  return [low, high, gap].sort((a, b) => a - b) as [number, number, number];
}
