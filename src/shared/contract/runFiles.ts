/** Formats in which the figures of runs are written for other programs. */
export const runFileFormats = ['trec', 'tensorboard'] as const;
export type RunFileFormat = (typeof runFileFormats)[number];

export interface ExportedFiles {
  readonly folder: string;
  /** Paths from the folder on. */
  readonly files: readonly string[];
}
