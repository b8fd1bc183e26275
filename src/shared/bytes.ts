/** Bytes in decimal units, as `1.4 GB`; in whole megabytes below a tenth of a gigabyte. */
export function gigabytes(bytes: number): string {
  return bytes < 1e8 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
