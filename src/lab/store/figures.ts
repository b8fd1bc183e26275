/**
 * Figures as SQLite can hold them. It has no NaN (it would become NULL without a word), so NULL
 * stands for NaN wherever a figure is stored; infinities are kept as they are.
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
  // Copied, because a Buffer may begin at an address that is no multiple of four.
  return new Float32Array(Uint8Array.from(blob).buffer);
}
