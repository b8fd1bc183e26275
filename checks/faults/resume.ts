import { randomInt } from 'node:crypto';
import { randomStream } from '../../src/lab/base/random.ts';
import type { RawConfiguration } from '../../src/shared/configuration.ts';
import { LabError } from '../../src/shared/errors.ts';
import { lineOf, type FaultLine, type FaultPart, type Scale } from './lines.ts';
import { randomRun } from './resume/configuration.ts';
import { trainWithStops } from './resume/stops.ts';
import { trainWithInterrupt } from './resume/terminal.ts';
import { difference, endingOf, type Ending } from './runs/ending.ts';
import { Lab, undisturbedEnding } from './runs/lab.ts';
import { createRun } from './runs/ownedRun.ts';

/** Number of runs that are stopped, and how many of them with Ctrl-C. */
const runs = { long: { owned: 40, terminal: 10 }, short: { owned: 2, terminal: 1 } } as const satisfies Record<
  Scale,
  object
>;

/** Runs of random configurations, stopped and resumed, compared with the same runs without stops. */
export const resume: FaultPart = {
  what: 'runs of random configurations stopped at random steps and resumed, on the CPU',
  async run(scale, soFar) {
    const first = randomInt(2 ** 31);
    using lab = await Lab.open();
    const draws = trainable(lab, first);
    const ways = new Map<string, number>();
    const owned = await tryEach(
      'stopped one to three times',
      draws,
      runs[scale].owned,
      async ({ raw, seed, ending }) => {
        const id = createRun(lab.store, lab.dataset, raw);
        for (const way of await trainWithStops(
          lab,
          id,
          ending.steps.loss!.length,
          randomStream(seed, 'sample', 'stops'),
        ))
          ways.set(way, (ways.get(way) ?? 0) + 1);
        return difference(endingOf(lab.store, id), ending);
      },
    );
    const lines = [
      { ...owned, remarks: [...ways].map(([way, count]) => `${way} ${count}; `).join('') + owned.remarks },
    ];
    soFar?.(lines);
    return [
      ...lines,
      await tryEach(
        'losslab train, Ctrl-C, losslab resume',
        draws,
        runs[scale].terminal,
        async ({ raw, seed, ending }) => {
          const id = await trainWithInterrupt(
            lab,
            raw,
            ending.steps.loss!.length,
            randomStream(seed, 'sample', 'stops'),
          );
          return difference(endingOf(lab.store, id), ending);
        },
      ),
    ];
  },
};

interface Draw {
  readonly raw: RawConfiguration;
  readonly seed: number;
  /** Its undisturbed result. */
  readonly ending: Ending;
}

/** Random configurations that fit the dataset and do not diverge. */
async function* trainable(lab: Lab, first: number): AsyncGenerator<Draw, never> {
  for (let seed = first; ; seed++) {
    const raw = randomRun(randomStream(seed, 'sample', 'resume'));
    const ending = await undisturbedEnding(lab, raw).catch((error: unknown) => {
      if (error instanceof LabError && ['configuration', 'data', 'training'].includes(error.code)) return null;
      throw error;
    });
    if (ending !== null) yield { raw, seed, ending };
  }
}

async function tryEach(
  what: string,
  draws: AsyncGenerator<Draw, never>,
  count: number,
  attempt: (draw: Draw) => Promise<string | null>,
): Promise<FaultLine> {
  const outcomes: (string | null)[] = [];
  const recipes = new Set<string>();
  while (outcomes.length < count) {
    const { value: draw } = await draws.next();
    const loss = await attempt(draw);
    recipes.add(`${String(draw.raw.loss_type)}/${String(draw.raw.batch_transform)}`);
    outcomes.push(loss === null ? null : `configuration ${draw.seed}, ${JSON.stringify(draw.raw)}: ${loss}`);
  }
  return lineOf(what, outcomes, `${recipes.size} pairs of loss and strategy`);
}
