import type { GradientPair, GradientPoint } from '../../shared/contract/diagnostics.ts';

/** Collects, batch by batch, the cosines between the gradients of several losses. */
export class GradientCosines {
  readonly #norms: number[][];
  readonly #cosines: number[][][];

  constructor(losses: number) {
    this.#norms = Array.from({ length: losses }, () => []);
    this.#cosines = this.#norms.map(() => this.#norms.map(() => []));
  }

  /** The gradients of one batch, one for each loss, in parts; null for a loss that cannot use the batch. */
  add(gradients: readonly (readonly Float32Array[] | null)[]): void {
    const norms = gradients.map((gradient) => (gradient ? Math.sqrt(dot(gradient, gradient)) : null));
    norms.forEach((norm, loss) => norm !== null && this.#norms[loss]!.push(norm));
    for (let second = 1; second < gradients.length; second++) {
      for (let first = 0; first < second; first++) {
        const lengths = (norms[first] ?? 0) * (norms[second] ?? 0);
        // A gradient of zero has no direction.
        if (lengths > 0) this.#cosines[first]![second]!.push(dot(gradients[first]!, gradients[second]!) / lengths);
      }
    }
  }

  result(): Pick<GradientPoint, 'norms' | 'pairs'> {
    const pairs = this.#cosines.flatMap((row, first) =>
      row.flatMap((values, second): GradientPair[] =>
        second > first
          ? [{ first, second, cosine: mean(values), deviation: deviation(values), batches: values.length }]
          : [],
      ),
    );
    return { norms: this.#norms.map(mean), pairs };
  }
}

/** In double precision: a gradient has millions of numbers. */
function dot(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let sum = 0;
  a.forEach((part, index) => {
    const other = b[index]!;
    for (let i = 0; i < part.length; i++) sum += part[i]! * other[i]!;
  });
  return sum;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample (n − 1). */
function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const centre = mean(values)!;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
