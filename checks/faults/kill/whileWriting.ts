import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../src/lab/base/random.ts';
import { startLosslab } from '../../../tests/helpers/commandLine.ts';
import { pick } from '../../../tests/helpers/randomConfigurations.ts';
import { killProcess } from './killProcess.ts';

/** A command that writes files into `folder`, and the moments to kill it. */
export interface WritingCommand {
  readonly home: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** The mark in the names of incomplete files. */
  readonly halfDone: string;
  /** Approximate duration of writing. */
  readonly milliseconds: number;
}

/** Starts the command and kills it; resolves to what it was doing, or null if it ended before. */
export async function killWhileWriting(
  { home, args, folder, halfDone, milliseconds }: WritingCommand,
  random: Random,
): Promise<string | null> {
  const command = startLosslab(home, args);
  const ended = (): boolean => command.process.exitCode !== null;
  const unfinished = (): boolean => namesBelow(folder).some((name) => name.includes(halfDone));
  const aims: readonly (readonly [string, () => boolean, number])[] = [
    ['starting', () => true, 800],
    ['writing', unfinished, milliseconds],
  ];
  const [aim, met, afterwards] = pick(random, aims);
  while (!met() && !ended()) await sleep(1);
  await sleep(random.next() * afterwards);
  if (ended()) return null;
  await killProcess(command.process, 'it alone');
  await command.ended;
  if (unfinished()) return 'half-written';
  return aim === 'starting' ? 'starting' : 'in place, about to end';
}

export function namesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    // The folder can be removed while it is read.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
