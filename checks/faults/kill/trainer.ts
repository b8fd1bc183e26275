import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../src/lab/base/random.ts';
import { runFolder } from '../../../src/lab/training/job.ts';
import { pick } from '../../../tests/helpers/randomConfigurations.ts';
import type { FaultLine } from '../lines.ts';
import { difference, endingOf, type Ending } from '../runs/ending.ts';
import { committed, lostSince, type Committed } from '../runs/history.ts';
import type { Lab } from '../runs/lab.ts';
import { createRun, trainOwned, type Moment } from '../runs/ownedRun.ts';
import { killedRun } from './configuration.ts';
import { Kills } from './kills.ts';
import { namesBelow } from './whileWriting.ts';

/** A moment to kill: some time after one of the next events for which `meets` is true. */
interface Aim {
  readonly name: string;
  meets(moment: Moment): boolean;
  readonly next: number;
  readonly milliseconds: number;
}

const aims: readonly Aim[] = [
  { name: 'preparing', meets: ({ type }) => type === 'phase', next: 4, milliseconds: 20 },
  { name: 'step', meets: ({ type }) => type === 'step', next: 40, milliseconds: 8 },
  {
    name: 'evaluation',
    meets: (moment) => moment.type === 'phase' && moment.phase === 'Evaluating',
    next: 10,
    milliseconds: 3,
  },
  { name: 'checkpoint', meets: ({ type }) => type === 'flushed', next: 4, milliseconds: 12 },
];

/** Number of kills after which a run may finish. */
const killsOfRun = 6;

/** Kills the training process repeatedly while its owner runs. */
export async function killTrainers(lab: Lab, undisturbed: Ending, count: number, random: Random): Promise<FaultLine> {
  const kills = new Kills('the training process, its owner lives');
  while (kills.count < count)
    await killOneRun(lab, undisturbed, kills, Math.min(killsOfRun, count - kills.count), random);
  return kills.line();
}

async function killOneRun(
  { store, dataset }: Lab,
  undisturbed: Ending,
  kills: Kills,
  count: number,
  random: Random,
): Promise<void> {
  const id = createRun(store, dataset, killedRun);
  for (let killed = 0; killed < count && store.getRun(id).state !== 'finished'; killed++) {
    const aim = pick(random, aims);
    let left = 1 + random.integer(aim.next);
    let before: Committed | undefined;
    const life = new Life();
    const state = await trainOwned(store, id, dataset, (moment, { pid }) => {
      life.observe(moment);
      if (!aim.meets(moment) || --left !== 0) return;
      void sleep(random.next() * aim.milliseconds).then(() => {
        before = committed(store, id);
        process.kill(pid, 'SIGKILL');
      });
    });
    if (before === undefined || state === 'finished') break;
    const loss =
      state === 'interrupted' ? lostSince(life.keeps(before), store.home, id, undisturbed) : `the run is ${state}`;
    kills.add(whatWasGoingOn(aim, runFolder(store.home, id)), loss);
  }
  if (store.getRun(id).state !== 'finished') await trainOwned(store, id, dataset);
  kills.blameLast(difference(endingOf(store, id), undisturbed));
}

/** The reports of a training process before it was killed. */
class Life {
  readonly #steps = new Set<number>();
  readonly #evaluated = new Set<number>();
  #resumedAt = Infinity;

  observe(moment: Moment): void {
    if (moment.type === 'started') this.#resumedAt = moment.resumed_at;
    if (moment.type === 'step') this.#steps.add(moment.step);
    if (moment.type === 'evaluation') this.#evaluated.add(moment.step);
  }

  /**
   * The records right before the kill, without figures of an earlier process that this one (resumed from a checkpoint)
   * computes again. The owner still runs and records its start, even after the kill.
   */
  keeps({ losses, evaluated }: Committed): Committed {
    return {
      losses: new Map([...losses].filter(([step]) => step <= this.#resumedAt || this.#steps.has(step))),
      evaluated: evaluated.filter((step) => step <= this.#resumedAt || this.#evaluated.has(step)),
    };
  }
}

/** Half-written files describe the moment better than its target. */
function whatWasGoingOn(aim: Aim, folder: string): string {
  const half = namesBelow(folder).find((name) => name.endsWith('.tmp'));
  if (half === undefined) return aim.name;
  return half.startsWith('encoder') ? 'encoder half-written' : 'checkpoint half-written';
}
