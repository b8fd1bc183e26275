/**
 * The places of documents in the ranking of one query, from its similarities with all of them, in one
 * pass. Of equal similarities the lower position is ahead, as in the evaluation (evaluation/ranking.ts).
 */

/** Positions of the first `count` documents, best first. A heap with the worst of them on top, so that most documents cost one comparison. */
export function firstPlaces(row: Float32Array, count: number): number[] {
  const heap: number[] = [];
  for (let position = 0; position < row.length; position++) {
    if (heap.length < count) {
      heap.push(position);
      rise(row, heap);
    } else if (isAhead(row, position, heap[0]!)) {
      heap[0] = position;
      sink(row, heap);
    }
  }
  return heap.sort((a, b) => (isAhead(row, a, b) ? -1 : 1));
}

/** Rank of each target among all documents; 1 is the first place. */
export function ranksOf(row: Float32Array, targets: readonly number[]): number[] {
  const inOrder = targets.map((_, index) => index).sort((a, b) => (isAhead(row, targets[a]!, targets[b]!) ? -1 : 1));
  /** By place in that order: how many documents are ahead of this target and of none before it. */
  const ahead = new Uint32Array(targets.length + 1);
  for (let position = 0; position < row.length; position++) {
    let [low, high] = [0, inOrder.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isAhead(row, position, targets[inOrder[middle]!]!)) high = middle;
      else low = middle + 1;
    }
    ahead[low]!++;
  }
  const ranks = new Array<number>(targets.length);
  let sum = 0;
  inOrder.forEach((target, place) => {
    sum += ahead[place]!;
    ranks[target] = sum + 1;
  });
  return ranks;
}

function isAhead(row: Float32Array, a: number, b: number): boolean {
  return row[a]! > row[b]! || (row[a] === row[b] && a < b);
}

function rise(row: Float32Array, heap: number[]): void {
  for (let at = heap.length - 1; at > 0;) {
    const parent = (at - 1) >> 1;
    if (!isAhead(row, heap[parent]!, heap[at]!)) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function sink(row: Float32Array, heap: number[]): void {
  for (let at = 0; ;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    let worst = at;
    if (left < heap.length && isAhead(row, heap[worst]!, heap[left]!)) worst = left;
    if (right < heap.length && isAhead(row, heap[worst]!, heap[right]!)) worst = right;
    if (worst === at) return;
    swap(heap, at, worst);
    at = worst;
  }
}

function swap(heap: number[], a: number, b: number): void {
  [heap[a], heap[b]] = [heap[b]!, heap[a]!];
}
