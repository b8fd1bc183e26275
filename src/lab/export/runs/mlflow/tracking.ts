import { z } from 'zod';
import { LabError } from '../../../../shared/errors.ts';
import type { RunState } from '../../../../shared/history.ts';
import { withRetries } from '../../../net/retry.ts';
import { MissingError, UnknownMethodError, type MlflowClient } from './client.ts';
import { runTag, sentTags, statusOf, type Entry, type Metric, type RunDescription } from './records.ts';
import { safeParse } from '../../../../shared/safeParse.ts';

/** A run on the MLflow server, and how much of it the server has. */
export interface RemoteRun {
  readonly id: string;
  /** Where the server keeps files of the run; null if it does not say. */
  readonly artifacts: string | null;
  /** The last step that was sent; 0 before the first. */
  readonly steps: number;
  /** Step of the last evaluation that was sent; −1 before the first. */
  readonly evaluations: number;
}

/** Maximum items of one `log-batch`: metrics, parameters and tags together. */
const batchItems = 1000;
const batchParameters = 100;

/** Finds or creates the experiment of that name. Throws a `download` LabError. */
export async function openExperiment(client: MlflowClient, name: string): Promise<string> {
  return withRetries(
    async () => (await findExperiment(client, name)) ?? createExperiment(client, name),
    client.name,
    client,
  );
}

const id = z.string().min(1);
const experimentAnswer = z.object({
  experiment: z.object({ experiment_id: id, lifecycle_stage: z.string().optional() }),
});

async function findExperiment(client: MlflowClient, name: string): Promise<string | null> {
  try {
    const { experiment } = understand(
      experimentAnswer,
      await client.get('experiments/get-by-name', { experiment_name: name }),
      client,
    );
    if (experiment.lifecycle_stage !== 'deleted') return experiment.experiment_id;
    throw new LabError(
      'download',
      `${client.name}: the experiment "${name}" was deleted there.`,
      'Restore it there, or choose another name with --mlflow-experiment.',
    );
  } catch (error) {
    if (error instanceof MissingError) return null;
    throw error;
  }
}

async function createExperiment(client: MlflowClient, name: string): Promise<string> {
  return understand(z.object({ experiment_id: id }), await client.post('experiments/create', { name }), client)
    .experiment_id;
}

const remoteRun = z.object({
  info: z.object({ run_id: id, artifact_uri: z.string().nullish() }),
  data: z.object({ tags: z.array(z.object({ key: z.string(), value: z.string() })).optional() }).optional(),
});

/**
 * Finds or creates the run with the tag of `run`, with its settings and datasets. Every try looks first, because an
 * interrupted one may have created it. Throws a `download` LabError.
 */
export async function openRun(client: MlflowClient, experiment: string, run: RunDescription): Promise<RemoteRun> {
  const remote = await withRetries(
    async () => (await findRun(client, experiment, run)) ?? createRun(client, experiment, run),
    client.name,
    client,
  );
  // Existing settings are not changed.
  const { parameters, inputs } = run;
  for (let start = 0; start < parameters.length; start += batchParameters) {
    await post(client, 'runs/log-batch', {
      run_id: remote.id,
      params: parameters.slice(start, start + batchParameters),
    });
  }
  if (inputs.length > 0) await logInputs(client, remote.id, inputs);
  return remote;
}

/** Servers before MLflow 2.4 have no datasets; the tags name them there, too. */
async function logInputs(client: MlflowClient, remote: string, datasets: RunDescription['inputs']): Promise<void> {
  try {
    await post(client, 'runs/log-inputs', { run_id: remote, datasets });
  } catch (error) {
    if (!(error instanceof UnknownMethodError)) throw error;
  }
}

async function findRun(client: MlflowClient, experiment: string, { id }: RunDescription): Promise<RemoteRun | null> {
  const answer = await client.post('runs/search', {
    experiment_ids: [experiment],
    filter: `tags.\`${runTag}\` = '${id}'`,
    max_results: 1,
  });
  const found = understand(z.object({ runs: z.array(remoteRun).optional() }), answer, client).runs?.[0];
  if (!found) return null;
  const tags = new Map(found.data?.tags?.map(({ key, value }) => [key, value]));
  const sent = (tag: string): number | null => (tags.has(tag) ? parseStep(tags.get(tag)!, tag, client) : null);
  return {
    id: found.info.run_id,
    artifacts: found.info.artifact_uri ?? null,
    steps: sent(sentTags.steps) ?? 0,
    evaluations: sent(sentTags.evaluations) ?? -1,
  };
}

/** Anyone can change a tag, and its value decides which figures are skipped. */
function parseStep(value: string, tag: string, { name }: MlflowClient): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new LabError(
    'download',
    `${name}: the tag ${tag} of the run is "${value.slice(0, 60)}", which is not a step number.`,
    'Delete the tag on the server. All figures of the run are then sent again, which changes nothing.',
  );
}

async function createRun(
  client: MlflowClient,
  experiment: string,
  { name, started, tags }: RunDescription,
): Promise<RemoteRun> {
  const body = { experiment_id: experiment, run_name: name, start_time: started, tags };
  const { info } = understand(z.object({ run: remoteRun }), await client.post('runs/create', body), client).run;
  return { id: info.run_id, artifacts: info.artifact_uri ?? null, steps: 0, evaluations: -1 };
}

/**
 * Sends groups of metrics (those of one step) in order, as many per request as MLflow accepts, without splitting a
 * group. Each request also sets the tag with the last step, so that an interrupted transfer resumes from there. Sending
 * a group twice changes nothing.
 */
export async function logMetrics(
  client: MlflowClient,
  remote: string,
  groups: readonly (readonly Metric[])[],
  tag: string,
): Promise<void> {
  let batch: Metric[] = [];
  const flush = async (): Promise<void> => {
    const last = batch.at(-1);
    if (last)
      await post(client, 'runs/log-batch', {
        run_id: remote,
        metrics: batch,
        tags: [{ key: tag, value: String(last.step) } satisfies Entry],
      });
    batch = [];
  };
  for (const group of groups) {
    if (batch.length + group.length + 1 > batchItems) await flush();
    batch.push(...group);
  }
  await flush();
}

export async function updateStatus(
  client: MlflowClient,
  remote: string,
  state: RunState,
  ended: string | null,
): Promise<void> {
  await post(client, 'runs/update', {
    run_id: remote,
    status: statusOf[state],
    ...(ended !== null && { end_time: Date.parse(ended) }),
  });
}

/** Where a server keeps files that it takes itself: the path behind `mlflow-artifacts:`, without another server's name. */
const ownStore = /^mlflow-artifacts:(?:\/\/)?\/(?!\/)(.+)$/;

/**
 * Writes a file beside the figures of a run; a file of that name is replaced. Returns why this is not possible, in a
 * sentence; null if it was written. Throws a `download` LabError.
 */
export async function logArtifact(
  client: MlflowClient,
  { artifacts }: RemoteRun,
  { name, type, text }: { readonly name: string; readonly type: string; readonly text: string },
): Promise<string | null> {
  const path = ownStore.exec(artifacts ?? '')?.[1];
  if (path === undefined)
    return `Files were not sent: the server keeps them in ${artifacts ?? 'an unknown place'}, not in its own store (mlflow server --serve-artifacts).`;
  await withRetries(() => client.upload(`${path}/${name}`, type, text), client.name, client);
  return null;
}

async function post(client: MlflowClient, method: string, body: object): Promise<void> {
  await withRetries(() => client.post(method, body), client.name, client);
}

function understand<T extends z.ZodType>(schema: T, answer: unknown, { name }: MlflowClient): z.output<T> {
  const parsed = safeParse(schema, answer);
  if (parsed.success) return parsed.data;
  throw new LabError(
    'download',
    `${name}: the response has no ${parsed.error.issues[0]!.path.join('.') || 'content'}.`,
    'Check that this is the address of an MLflow tracking server.',
  );
}
