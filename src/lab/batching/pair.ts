/** A question and one of its answers. */
export interface Pair {
  /** Position in `texts` of the question. */
  readonly question: number;
  /** Position in `texts` of the answer. */
  readonly answer: number;
  /** Number of its question in the batch: 0, 1, … in order of first appearance. */
  readonly group: number;
  /** 0 is the best answer of its question. */
  readonly rank: number;
  /** Votes, or votes divided by the question's maximum, depending on the strategy. */
  readonly score: number;
}
