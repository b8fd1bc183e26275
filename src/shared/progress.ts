/** How far something is that takes a while: what is being done, and how much of it. */
export interface Progress {
  readonly message: string;
  readonly done: number;
  /** In the unit of `done`; 1 or less where the amount is not known. */
  readonly total: number;
}
