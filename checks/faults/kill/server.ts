import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../src/lab/base/random.ts';
import type { Run } from '../../../src/shared/history.ts';
import { eventually } from '../../../tests/helpers/commandLine.ts';
import { pick } from '../../../tests/helpers/randomConfigurations.ts';
import type { FaultLine } from '../lines.ts';
import { difference, endingOf, type Ending } from '../runs/ending.ts';
import { committed, lostSince } from '../runs/history.ts';
import type { Lab } from '../runs/lab.ts';
import { serve } from '../runs/server.ts';
import { killedRun } from './configuration.ts';
import { Kills } from './kills.ts';
import { killProcess, victimsOf } from './killProcess.ts';

const { loss_type, batch_transform, take_top, ...shared } = killedRun;
const draft = {
  name: 'Killed',
  dataset: 'tiny',
  shared,
  recipes: [{ name: 'one', loss_type, batch_transform, take_top }],
  seeds: [42],
};
const killsOfRun = 4;

/** Kills `losslab serve` during training, with its screens; the next server must resume. */
export async function killServers(lab: Lab, undisturbed: Ending, count: number, random: Random): Promise<FaultLine> {
  const kills = new Kills('losslab serve, training');
  while (kills.count < count)
    await killOneRun(lab, undisturbed, kills, Math.min(killsOfRun, count - kills.count), random);
  return kills.line();
}

async function killOneRun(
  { store }: Lab,
  undisturbed: Ending,
  kills: Kills,
  count: number,
  random: Random,
): Promise<void> {
  let server = await serve(store.home.folder);
  const { id: experiment } = (await server.ask('experiments.create', { draft, start: true })) as { id: string };
  const own = (): Run => store.listRuns({ experiment })[0]!;
  for (let killed = 0; killed < count && own().state !== 'finished'; killed++) {
    const moment = await aimedMoment(own, random);
    if (own().state === 'finished') break;
    const before = committed(store, own().id);
    await killProcess(server.command.process, victimsOf(kills));
    kills.add(moment, lostSince(before, store.home, own().id, undisturbed));
    server = await serve(store.home.folder);
    if (own().state !== 'finished') await server.ask('experiments.start', { id: experiment });
  }
  await eventually('the end of the run', () => own().state === 'finished', 300_000);
  kills.blameLast(difference(endingOf(store, own().id), undisturbed));
  await killProcess(server.command.process, 'it and its trainer');
}

async function aimedMoment(own: () => Run, random: Random): Promise<string> {
  const done = own().steps_done;
  const [name, steps, milliseconds] = pick(random, [
    ['starting a run', 0, 1000],
    ['training', 1 + random.integer(50), 100],
  ] as const);
  await eventually(
    'a moment to kill a server at',
    () => own().state === 'finished' || own().steps_done >= done + steps,
    120_000,
  );
  await sleep(random.next() * milliseconds);
  return name;
}
