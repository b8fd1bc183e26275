import type { Random } from '../../../src/lab/base/random.ts';
import { pick } from '../../../tests/helpers/randomConfigurations.ts';
import type { Lab } from '../runs/lab.ts';
import { trainOwned, type LivingTrainer } from '../runs/ownedRun.ts';

/** How a run is stopped after a step. */
const ways = {
  SIGKILL: ({ pid }) => process.kill(pid, 'SIGKILL'),
  stop: (trainer) => trainer.stop(),
} as const satisfies Record<string, (trainer: LivingTrainer) => unknown>;

export type Stop = keyof typeof ways;

/** Trains a run, which is stopped one to three times after random steps, to its end. Returns how it was stopped. */
export async function trainWithStops(
  { store, dataset }: Lab,
  id: string,
  steps: number,
  random: Random,
): Promise<Stop[]> {
  const stops: Stop[] = [];
  const count = 1 + random.integer(3);
  while (stops.length < count) {
    const way = pick(random, Object.keys(ways) as Stop[]);
    const after = 1 + random.integer(steps - 1);
    let stopped = false;
    await trainOwned(store, id, dataset, (moment, trainer) => {
      if (stopped || moment.type !== 'step' || moment.step < after) return;
      stopped = true;
      ways[way](trainer);
    });
    if (store.getRun(id).state === 'finished') break;
    stops.push(way);
  }
  if (store.getRun(id).state !== 'finished') await trainOwned(store, id, dataset);
  return stops;
}
