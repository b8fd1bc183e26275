import { LabError } from '../../../shared/errors.ts';
import type { Run } from '../../../shared/history.ts';
import { locateFirst, openRunData, type RunData } from '../../data/runData.ts';
import type { Home } from '../../files/home.ts';

/**
 * The data that `runs` share. Throws a `usage` LabError if they were tested on different questions or have not started,
 * and a `data` LabError if their dataset is not found.
 */
export async function openSharedData(home: Home, runs: readonly Run[]): Promise<RunData> {
  const [first, ...others] = runs;
  const hash = splitOf(first!);
  const other = others.find((run) => splitOf(run) !== hash);
  if (other) {
    throw new LabError(
      'usage',
      `Runs ${first!.id} and ${other.id} were tested on different questions.`,
      'Choose runs of one experiment whose seeds share a split.',
    );
  }
  const { data } = await locateFirst(home, runs);
  return openRunData(data);
}

function splitOf({ id, start }: Run): string {
  if (start) return `${start.hashes.dataset}/${start.hashes.split}`;
  throw new LabError('usage', `Run ${id} has not been started: it has no test questions yet.`, 'Train it first.');
}
