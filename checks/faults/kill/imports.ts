import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { listDatasets, readDataset } from '../../../src/lab/data/datasetFolder.ts';
import { datasetFor } from '../runs/ownedRun.ts';
import { openHome, type Home } from '../../../src/lab/files/home.ts';
import type { Random } from '../../../src/lab/base/random.ts';
import { losslab } from '../../../tests/helpers/commandLine.ts';
import { tinyQuestions, writeRankedJson } from '../../../tests/helpers/tinyData.ts';
import type { FaultLine } from '../lines.ts';
import { Kills } from './kills.ts';
import { killWhileWriting, namesBelow } from './whileWriting.ts';

/**
 * Kills `losslab import` while it replaces a dataset: the old or the new one must be complete, and the next import must
 * remove leftovers.
 */
export async function killImports(folder: string, count: number, random: Random): Promise<FaultLine> {
  const kills = new Kills('losslab import, replacing a dataset');
  const home = openHome(join(folder, 'importing'));
  const [old, fresh] = [4000, 5000].map((questions) =>
    writeQuestions(join(folder, `${questions} questions`), questions),
  );
  const command = {
    home: home.folder,
    args: ['import', '--json', fresh!, '--name', 'tiny', '--replace'],
    folder: home.datasets,
    halfDone: '.writing-',
    milliseconds: 500,
  };
  while (kills.count < count) {
    await datasetFor(home, old!);
    const moment = await killWhileWriting(command, random);
    if (moment !== null) kills.add(moment, (await untrustworthy(home)) ?? (await leftBehind(home, command.args)));
  }
  return kills.line();
}

function writeQuestions(folder: string, count: number): string {
  mkdirSync(folder);
  return writeRankedJson(folder, tinyQuestions(count));
}

async function untrustworthy(home: Home): Promise<string | null> {
  const listed = await listDatasets(home.folder);
  if (listed.length !== 1 || listed[0]!.name !== 'tiny')
    return `listed are ${listed.map(({ name }) => name).join(', ') || 'no datasets'}`;
  try {
    const { questions } = await readDataset(listed[0]!.folder);
    return [4000, 5000].includes(questions.length) ? null : `the dataset has ${questions.length} questions`;
  } catch (error) {
    return `the dataset cannot be used: ${(error as Error).message}`;
  }
}

async function leftBehind(home: Home, args: readonly string[]): Promise<string | null> {
  const { code, stderr } = await losslab(home.folder, ...args);
  if (code !== 0) return `the next import ends with ${code}: ${stderr}`;
  const left = namesBelow(home.datasets).filter((name) => name !== 'tiny' && !name.startsWith('tiny/'));
  return left.length === 0 ? null : `${left.join(', ')} stay behind`;
}
