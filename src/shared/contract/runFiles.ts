/** Formats for the figures of runs for other programs. */
export const runFileFormats = ['trec', 'tensorboard'] as const;
export type RunFileFormat = (typeof runFileFormats)[number];

export interface ExportedFiles {
  readonly folder: string;
  /** Paths relative to the folder. */
  readonly files: readonly string[];
}
