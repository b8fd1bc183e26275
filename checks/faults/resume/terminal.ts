import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../src/lab/base/random.ts';
import type { RawConfiguration } from '../../../src/shared/configuration.ts';
import { losslab, startLosslab } from '../../../tests/helpers/commandLine.ts';
import type { Lab } from '../runs/lab.ts';

/**
 * Trains a configuration like a user: `losslab train`, Ctrl-C after a random step, `losslab resume`. Returns the id of
 * the run.
 */
export async function trainWithInterrupt(
  { store, folder, dataset }: Lab,
  raw: RawConfiguration,
  steps: number,
  random: Random,
): Promise<string> {
  const file = join(folder, 'configuration.json');
  writeFileSync(file, JSON.stringify(raw));
  const others = new Set(store.listRuns().map(({ id }) => id));
  const command = startLosslab(store.home.folder, ['train', '--config', file, '--data', dataset.manifest.name]);
  const own = (): ReturnType<typeof store.listRuns>[number] | undefined =>
    store.listRuns().find(({ id }) => !others.has(id));
  const after = 1 + random.integer(steps - 1);
  while ((own()?.steps_done ?? 0) < after && command.process.exitCode === null) await sleep(2);
  if (command.process.exitCode === null) command.interrupt();
  const { stderr } = await command.ended;
  const run = own();
  if (run === undefined) throw new Error(`losslab train ended without a run: ${stderr}`);
  if (run.state === 'stopped') await losslab(store.home.folder, 'resume', run.id);
  return run.id;
}
