/**
 * `moved` shifted, stretched to the size of `fixed`, and turned and mirrored so that the sum of squared distances between points
 * of the same place is least (Procrustes analysis; Schönemann 1966). The factor that would make it least, too, is not taken:
 * it shrinks what fits badly, and a map would look as if its texts had come together. Both are [points, 2].
 */
export function alignTo(fixed: Float32Array, moved: Float32Array): Float32Array {
  const [a, b] = [centred(fixed), centred(moved)];
  const best = [rotation(a, b, 1), rotation(a, b, -1)].reduce((one, other) => (other.gain > one.gain ? other : one));
  const size = squares(b.points);
  // What lies in one point has no size, and stays in one.
  const scale = size === 0 ? 0 : Math.sqrt(squares(a.points) / size);
  const aligned = new Float32Array(moved.length);
  for (let i = 0; i < moved.length; i += 2) {
    const [x, y] = [b.points[i]!, best.mirror * b.points[i + 1]!];
    aligned[i] = a.centre[0] + scale * (best.cosine * x - best.sine * y);
    aligned[i + 1] = a.centre[1] + scale * (best.sine * x + best.cosine * y);
  }
  return aligned;
}

interface Centred {
  readonly centre: readonly [number, number];
  readonly points: Float64Array;
}

function centred(points: Float32Array): Centred {
  const count = points.length / 2;
  const centre: [number, number] = [0, 0];
  for (let i = 0; i < points.length; i++) centre[i % 2]! += points[i]! / count;
  return { centre, points: Float64Array.from(points, (value, i) => value - centre[i % 2]!) };
}

/**
 * The best turn of `b` onto `a`, mirrored first where `mirror` is −1: in two dimensions an angle with a closed form, its
 * tangent Σ a × b / Σ a · b. `gain` is Σ a · b after the turn: the more, the nearer.
 */
function rotation(
  { points: a }: Centred,
  { points: b }: Centred,
  mirror: 1 | -1,
): { readonly cosine: number; readonly sine: number; readonly mirror: 1 | -1; readonly gain: number } {
  let along = 0;
  let across = 0;
  for (let i = 0; i < a.length; i += 2) {
    const [x, y] = [b[i]!, mirror * b[i + 1]!];
    along += a[i]! * x + a[i + 1]! * y;
    across += a[i + 1]! * x - a[i]! * y;
  }
  const gain = Math.hypot(along, across);
  return gain === 0
    ? { cosine: 1, sine: 0, mirror, gain }
    : { cosine: along / gain, sine: across / gain, mirror, gain };
}

function squares(points: Float64Array): number {
  return points.reduce((sum, value) => sum + value * value, 0);
}
