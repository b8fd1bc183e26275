import type { EmbeddingMap, MapPoint } from '../../../shared/contract/map.ts';

/** What a map says about its points: geometry, families (a question with its answers), what has moved, what fits a search. */

/** The part of the plane that is drawn, and how large: units of the map, and pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  /** Pixels for a unit, the same both ways. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Around the outermost points. Pixels. */
const margin = 16;

/** A frame of this size in pixels that shows all points of all layouts, so that places can be compared from one to the other. */
export function frameOf(layouts: EmbeddingMap['layouts'], width: number, height: number): Frame {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { positions } of layouts) {
    for (let i = 0; i < positions.length; i += 2) {
      left = Math.min(left, positions[i]!);
      right = Math.max(right, positions[i]!);
      bottom = Math.min(bottom, positions[i + 1]!);
      top = Math.max(top, positions[i + 1]!);
    }
  }
  const scale = Math.min((width - 2 * margin) / (right - left || 1), (height - 2 * margin) / (top - bottom || 1));
  return {
    left: (left + right) / 2 - width / scale / 2,
    top: (top + bottom) / 2 + height / scale / 2,
    scale,
    width,
    height,
  };
}

/** Where a point stands, in pixels from the upper left. */
export function pixelOf(positions: Float32Array, point: number, { left, top, scale }: Frame): Place {
  return { x: (positions[2 * point]! - left) * scale, y: (top - positions[2 * point + 1]!) * scale };
}

/** The point nearest to a place, both in pixels; null where none is near. */
export function nearestPoint(positions: Float32Array, frame: Frame, { x, y }: Place, reach: number): number | null {
  let nearest: number | null = null;
  let best = reach;
  for (let point = 0; point < positions.length / 2; point++) {
    const at = pixelOf(positions, point, frame);
    const distance = Math.hypot(at.x - x, at.y - y);
    if (distance > best) continue;
    best = distance;
    nearest = point;
  }
  return nearest;
}

/** The points between two corners in pixels. */
export function pointsBetween(positions: Float32Array, frame: Frame, one: Place, other: Place): number[] {
  const between = (value: number, a: number, b: number): boolean => value >= Math.min(a, b) && value <= Math.max(a, b);
  return Array.from({ length: positions.length / 2 }, (_, point) => point).filter((point) => {
    const at = pixelOf(positions, point, frame);
    return between(at.x, one.x, other.x) && between(at.y, one.y, other.y);
  });
}

/** The question of each of these points, with all its answers: places, ascending. */
export function familiesOf(points: readonly MapPoint[], members: Iterable<number>): number[] {
  const questions = new Set([...members].map((member) => points[member]!.question));
  return points.flatMap(({ question }, place) => (questions.has(question) ? [place] : []));
}

/** How far each point lies from where it lay in the first layout, as a share of the map's radius (root mean square); null of one layout. */
export function movedDistances({ layouts: [first, second] }: EmbeddingMap): Float64Array | null {
  if (!first || !second) return null;
  const [a, b] = [first.positions, second.positions];
  const radius = radiusOf(a);
  return Float64Array.from(
    { length: a.length / 2 },
    (_, point) => Math.hypot(a[2 * point]! - b[2 * point]!, a[2 * point + 1]! - b[2 * point + 1]!) / radius,
  );
}

function radiusOf(positions: Float32Array): number {
  const count = positions.length / 2;
  const centre = [0, 0];
  for (let i = 0; i < positions.length; i++) centre[i % 2]! += positions[i]! / count;
  const squares = positions.reduce((sum, value, i) => sum + (value - centre[i % 2]!) ** 2, 0);
  return Math.sqrt(squares / count) || 1;
}

/** Places of questions whose text, or that of one of their answers, holds every word. */
export function searchQuestions(points: readonly MapPoint[], search: string, limit: number): number[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = points.flatMap(({ text, question }) =>
    words.every((word) => text.toLowerCase().includes(word)) ? [question] : [],
  );
  return [...new Set(found)].slice(0, limit);
}
