import { runScript, say } from '../child.ts';
import { exponent, plain, type Figure } from '../figures.ts';
import type { BenchOptions, BenchPart } from '../part.ts';
import type { HistoryFigures } from '../processes/history.ts';
import type { Shape } from '../shapes.ts';
import { measureSteps, stepSeconds } from '../stepMeasurement.ts';
import { importMadeUp } from './import.ts';

export const scaling: BenchPart = { what: 'how time and memory grow', devices: ['cpu'], short: true, run };

/** The measurements at one size. */
type Measures = Readonly<Record<string, number>>;

/** A measure: floating-point operations of a step's products. */
const arithmetic = 'operations';
/** Tolerance of an exponent for noise. */
const noise = 0.1;

async function run({ scale }: BenchOptions): Promise<Figure[]> {
  const sizes = (long: readonly number[], short: readonly number[]): readonly number[] =>
    scale === 'long' ? long : short;
  return [
    ...(await growth('questions of a batch', sizes([8, 32, 128, 512], [4, 8, 16]), (questions) =>
      stepOf(questions, 32),
    )),
    ...(await growth('tokens of a text', sizes([32, 64, 128, 256, 512], [8, 16, 32]), (length) => stepOf(8, length))),
    ...(await growth('questions of an import', sizes([1000, 10_000, 85_000], [100, 200]), importOf)),
    ...(await growth('questions of a run that is prepared', sizes([1000, 10_000, 85_000], [100, 200]), (questions) =>
      preparing(questions),
    )),
    ...(await growth('runs in the history', sizes([10, 100, 1000, 10_000], [10, 20]), (runs) => historyOf(runs, 10))),
    ...(await growth('points of a run', sizes([1000, 10_000, 100_000, 1_000_000], [100, 1000]), (steps) =>
      historyOf(1, steps),
    )),
  ];
}

/**
 * One figure for each measure. No measure may grow faster than the size, except where the computation itself does:
 * attention, in the length of texts.
 */
async function growth(
  what: string,
  sizes: readonly number[],
  measure: (size: number) => Promise<Measures>,
): Promise<Figure[]> {
  const found: Measures[] = [];
  for (const size of sizes) {
    say(`${what}: ${size}`);
    found.push(await measure(size));
  }
  const pointsOf = (name: string): Point[] => sizes.map((size, i) => [size, found[i]![name]!]);
  const natural = arithmetic in found[0]! ? Math.max(1, growthOf(pointsOf(arithmetic))) : 1;
  return Object.keys(found[0]!).map((name) =>
    describeGrowth(`${what}, ${range(sizes)}: ${name}`, pointsOf(name), name === arithmetic ? null : natural + noise),
  );
}

type Point = readonly [size: number, value: number];

/** Fitted to the larger half of the sizes: for small sizes, fixed costs hide the growth. */
function growthOf(points: readonly Point[]): number {
  return exponent(points.slice(Math.floor((points.length - 1) / 2)));
}

function describeGrowth(what: string, points: readonly Point[], limit: number | null): Figure {
  const fitted = growthOf(points);
  const found = `size^${fitted.toFixed(2)}: ${points.map(([, value]) => Number(value.toPrecision(2))).join(', ')}`;
  return limit === null
    ? plain(what, found)
    : { what, found, goal: `at most size^${limit.toFixed(2)}`, reached: fitted <= limit };
}

function range(sizes: readonly number[]): string {
  return `${sizes[0]!.toLocaleString('en')} to ${sizes.at(-1)!.toLocaleString('en')}`;
}

// --- What grows ---------------------------------------------------------------------------------

const shape: Shape = {
  vocabularySize: 1000,
  maxPositions: 512,
  size: 128,
  layers: 2,
  heads: 4,
  innerSize: 512,
  projection: 128,
  pooling: 'cls',
  dropout: 0.1,
};

async function stepOf(questions: number, length: number): Promise<Measures> {
  const measured = await measureSteps({
    shape,
    recipe: { loss_type: 'infonce' },
    questions,
    answers: 1,
    length,
    device: 'cpu',
    profile: true,
  });
  return {
    'seconds of a step': stepSeconds(measured),
    'memory in MB': measured.peakBytes / 1e6,
    [arithmetic]: measured.products!.flops,
  };
}

async function importOf(questions: number): Promise<Measures> {
  const { seconds, peakMegabytes } = await importMadeUp(questions);
  return { seconds, 'memory in MB': peakMegabytes };
}

async function preparing(questions: number): Promise<Measures> {
  const { seconds, peakBytes } = await runScript<{ seconds: number; peakBytes: number }>('preparing.ts', questions);
  return { seconds, 'memory in MB': peakBytes / 1e6 };
}

async function historyOf(runs: number, steps: number): Promise<Measures> {
  const { writeSeconds, listSeconds, curveSeconds, peakBytes } = await runScript<HistoryFigures>(
    'history.ts',
    runs,
    steps,
  );
  return runs > 1
    ? { 'seconds to write': writeSeconds, 'seconds to list': listSeconds, 'memory in MB': peakBytes / 1e6 }
    : { 'seconds to write': writeSeconds, 'seconds to read a curve': curveSeconds, 'memory in MB': peakBytes / 1e6 };
}
