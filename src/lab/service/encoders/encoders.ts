import type { MethodName } from '../../../shared/contract/contract.ts';
import { LabError } from '../../../shared/errors.ts';
import type { Experiment } from '../../../shared/history.ts';
import { CachedRepository, cachedCommit } from '../../net/hub/hubCache.ts';
import { formatHubReference, isHubReference, parseHubReference } from '../../net/hub/hubReference.ts';
import { hubSettings } from '../../net/hub/hubSettings.ts';
import { describeEncoder } from '../../encoders/pretrained.ts';
import { resolveEncoder } from '../../encoders/hub/reference.ts';
import { verifyModelFolder, verifySnapshot } from '../../encoders/hub/verify.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { encodersOfHub, encodersOfRuns } from './list.ts';
import type { ExperimentQueue } from '../../experiments/queue.ts';

/** Encoders with weights: from the Hub's cache, from finished runs, and from any folder. */
export function encoderMethods(
  context: ServiceContext,
  queue: Pick<ExperimentQueue, 'status'>,
): Implementations<Extract<MethodName, `encoders.${string}`>> {
  const { store, jobs } = context;
  return {
    'encoders.list': async () => [...encodersOfHub(hubSettings().cache), ...(await encodersOfRuns(store))],

    'encoders.inspect': ({ encoder }) => describeEncoder(resolveEncoder(encoder).folder, encoder),

    'encoders.verify': (input, connection) => {
      const { encoder } = input;
      const verify = isHubReference(encoder) ? verifyStored : verifyModelFolder;
      return jobs.run(
        {
          method: 'encoders.verify',
          input,
          title: `The verification of ${encoder}`,
          work: async ({ signal }) => ({ problems: await verify(encoder, signal) }),
        },
        connection,
      );
    },

    'encoders.delete': async ({ encoder }) => {
      if (!isHubReference(encoder))
        throw notOurs(encoder, store.listRuns().find((run) => run.encoder === encoder)?.name);
      const { cached, commit } = requireStored(encoder);
      const inUse = store.listExperiments().filter(({ id, state }) => state === 'running' || queue.status(id) !== null);
      requireUnused(cached, commit, inUse);
      if (cached.isBeingWritten())
        throw new LabError(
          'usage',
          `${encoder} cannot be deleted now: a download into its repository is running.`,
          'Wait until the download ends, or cancel it.',
        );
      await cached.remove(commit);
      context.notify({ type: 'encoders' });
      return null;
    },
  };
}

async function verifyStored(encoder: string, signal: AbortSignal): Promise<string[]> {
  const { cached, commit } = requireStored(encoder);
  return verifySnapshot(cached, commit, signal);
}

/** The stored files, complete or not. */
function requireStored(encoder: string): { readonly cached: CachedRepository; readonly commit: string } {
  const { cache } = hubSettings();
  const found = cachedCommit(cache, parseHubReference(encoder));
  if (found?.cached.commits().includes(found.commit)) return found;
  throw new LabError('encoder', `${encoder} is not in the cache ${cache}.`, 'It may have been deleted.');
}

function notOurs(encoder: string, run: string | undefined): LabError {
  if (run !== undefined)
    return new LabError('usage', `This encoder belongs to the run "${run}".`, 'Delete its experiment to delete it.');
  return new LabError(
    'usage',
    `${encoder} is your own folder; LossLab deletes only encoders that it downloaded.`,
    'Delete the folder yourself.',
  );
}

/** `experiments`: those in training or waiting. */
function requireUnused({ repository }: CachedRepository, commit: string, experiments: readonly Experiment[]): void {
  const source = formatHubReference({ repository, revision: commit });
  const using = experiments.filter(
    ({ configuration: { encoder } }) => encoder.kind === 'pretrained' && encoder.source === source,
  );
  if (using.length === 0) return;
  const what = using.length === 1 ? `the experiment "${using[0]!.name}" is` : `${using.length} experiments are`;
  throw new LabError(
    'usage',
    `${source} cannot be deleted now: ${what} using it.`,
    'Wait until training ends, or cancel it.',
  );
}
