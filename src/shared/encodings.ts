/** Encodings of text files that an import reads. */
export const encodings = ['utf-8', 'latin-1', 'windows-1252', 'utf-16le', 'utf-16be'] as const;
export type Encoding = (typeof encodings)[number];
