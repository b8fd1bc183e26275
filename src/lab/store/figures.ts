/**
 * Figures in SQLite, which has no NaN and silently stores NULL instead: NULL stands for NaN wherever a figure is
 * stored. Infinities are stored as they are.
 */
export function toColumn(figure: number): number | null {
  return Number.isNaN(figure) ? null : figure;
}

export function fromColumn(value: number | null): number {
  return value ?? NaN;
}

/** The bytes of the values, NaN and infinities included; shares memory with `values`. */
export function toBlob(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

export function fromBlob(blob: Buffer): Float32Array {
  // Copied, because a Buffer may begin at an address that is not a multiple of four.
  return new Float32Array(Uint8Array.from(blob).buffer);
}
