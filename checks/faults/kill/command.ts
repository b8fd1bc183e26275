import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../src/lab/base/random.ts';
import { runFolder } from '../../../src/lab/training/job.ts';
import type { Run } from '../../../src/shared/history.ts';
import { losslab, startLosslab } from '../../../tests/helpers/commandLine.ts';
import { pick } from '../../../tests/helpers/randomConfigurations.ts';
import type { FaultLine } from '../lines.ts';
import { difference, endingOf, type Ending } from '../runs/ending.ts';
import { committed, damageOf, lostSince } from '../runs/history.ts';
import type { Lab } from '../runs/lab.ts';
import { killedRun } from './configuration.ts';
import { Kills } from './kills.ts';
import { killProcess, victimsOf } from './killProcess.ts';

const train = [
  'train',
  '--config',
  'infonce_random',
  '--data',
  'tiny',
  ...Object.entries(killedRun)
    .filter(([key]) => !['loss_type', 'batch_transform', 'take_top'].includes(key))
    .flatMap(([key, value]) => ['--set', `${key}=${value}`]),
];
const killsOfRun = 5;

/** Kills `losslab train` and `losslab resume`, with or without their training process. */
export async function killTrainingCommands(
  lab: Lab,
  undisturbed: Ending,
  count: number,
  random: Random,
): Promise<FaultLine> {
  const kills = new Kills('losslab train and resume');
  while (kills.count < count) {
    const id = await killOneRun(lab, undisturbed, kills, Math.min(killsOfRun, count - kills.count), random);
    if (id === undefined) continue;
    const { code, stderr } = isFinished(lab, id)
      ? { code: 0, stderr: '' }
      : await losslab(lab.store.home.folder, 'resume', id);
    kills.blameLast(code === 0 ? difference(endingOf(lab.store, id), undisturbed) : `cannot be resumed: ${stderr}`);
  }
  return kills.line();
}

/** The id of the run, if the command created one before it was killed. */
async function killOneRun(
  lab: Lab,
  undisturbed: Ending,
  kills: Kills,
  count: number,
  random: Random,
): Promise<string | undefined> {
  const { store } = lab;
  const others = new Set(store.listRuns().map(({ id }) => id));
  const own = (): Run | undefined => store.listRuns().find(({ id }) => !others.has(id));
  for (let killed = 0; killed < count && own()?.state !== 'finished'; killed++) {
    const command = startLosslab(store.home.folder, own() ? ['resume', own()!.id] : train);
    const moment = await aimedMoment(lab, own, random, () => command.process.exitCode !== null);
    if (moment === null) break;
    const run = own();
    const before = run && committed(store, run.id);
    await killProcess(command.process, victimsOf(kills));
    await command.ended;
    kills.add(moment, before ? lostSince(before, store.home, run.id, undisturbed) : damageOf(store.home));
  }
  return own()?.id;
}

function isFinished({ store }: Lab, id: string): boolean {
  return store.getRun(id).state === 'finished';
}

/** Waits for a moment to kill and names it; null if the command ended before. */
async function aimedMoment(
  { store }: Lab,
  own: () => Run | undefined,
  random: Random,
  ended: () => boolean,
): Promise<string | null> {
  const done = own()?.steps_done ?? 0;
  const stepsToGo = 1 + random.integer(50);
  const known = new Set(filesOf(store, own()));
  const aims: readonly (readonly [string, () => boolean, number])[] = [
    ['starting', () => true, 1500],
    ['training', () => (own()?.steps_done ?? 0) >= done + stepsToGo, 100],
    ['checkpoint half-written', () => filesOf(store, own()).some((name) => name.endsWith('.tmp')), 0],
    [
      'checkpoint just in place',
      () => filesOf(store, own()).some((name) => name.endsWith('.safetensors') && !known.has(name)),
      5,
    ],
  ];
  const [name, met, milliseconds] = pick(random, aims);
  while (!met()) {
    if (ended()) return null;
    await sleep(1);
  }
  await sleep(random.next() * milliseconds);
  return ended() ? null : name;
}

function filesOf({ home }: Lab['store'], run: Run | undefined): string[] {
  const folder = run && runFolder(home, run.id);
  return folder && existsSync(folder) ? readdirSync(folder) : [];
}
