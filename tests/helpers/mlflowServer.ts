import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for an MLflow tracking server: it holds every request to what MLflow takes, and keeps what it was sent. */
export interface MlflowStandIn extends AsyncDisposable {
  readonly url: string;
  readonly runs: StoredRun[];
  /** Methods that were called, in order. */
  readonly calls: string[];
  /** What goes wrong with the next requests to a method, one each. */
  readonly faults: Record<string, Fault[]>;
  /** What every request must bring; null: nothing. */
  authorization: string | null;
  /** Whether no request is answered. */
  hanging: boolean;
  /** Where files of runs lie, before the id of the run. */
  artifactRoot: string;
}

export interface StoredRun {
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  status: string;
  endTime: number | null;
  readonly tags: Map<string, string>;
  readonly parameters: Map<string, string>;
  /** Datasets by what they were used for. */
  readonly inputs: Map<string, StoredInput>;
  /** Contents of files by name. */
  readonly artifacts: Map<string, string>;
  readonly metrics: StoredMetric[];
  /** Of every metric, as one text. */
  readonly known: Set<string>;
}

export interface StoredInput {
  readonly name: string;
  readonly digest: string;
  readonly source_type: string;
  readonly source: string;
  readonly profile: string;
}

export interface StoredMetric {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  readonly timestamp: number;
}

/** `lost`: carried out, but the answer does not come. `cut`: neither. `hangs`: no answer ever, the connection stays. */
export type Fault =
  | 'lost'
  | 'cut'
  | 'hangs'
  | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> };

/** JSON of a request: every method checks what it uses. */
type Input = Record<string, any>;

class Refused extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export async function mlflowServer(): Promise<MlflowStandIn> {
  const experiments = new Map<string, string>();
  const runs: StoredRun[] = [];
  const calls: string[] = [];
  const faults: Record<string, Fault[]> = {};
  const standIn = {
    runs,
    calls,
    faults,
    authorization: null as string | null,
    hanging: false,
    artifactRoot: 'mlflow-artifacts:/1',
  };
  const infoOf = ({ id }: StoredRun): object => ({
    run_id: id,
    artifact_uri: `${standIn.artifactRoot}/${id}/artifacts`,
  });
  const methods: Record<string, (input: Input) => object> = {
    'GET experiments/get-by-name': ({ experiment_name }) => {
      const id = experiments.get(requireText(experiment_name));
      if (id === undefined)
        throw new Refused(
          'RESOURCE_DOES_NOT_EXIST',
          `Could not find experiment with name '${String(experiment_name)}'`,
          404,
        );
      return { experiment: { experiment_id: id, name: experiment_name, lifecycle_stage: 'active' } };
    },
    'POST experiments/create': ({ name }) => {
      if (experiments.has(requireText(name))) throw new Refused('RESOURCE_ALREADY_EXISTS', 'exists');
      experiments.set(name as string, String(experiments.size + 1));
      return { experiment_id: experiments.get(name as string)! };
    },
    'POST runs/search': ({ experiment_ids, filter }) => {
      const [, key, value] = /^tags\.`([^`]+)` = '([^']*)'$/.exec(requireText(filter))!;
      const found = runs.find(
        (run) => (experiment_ids as string[]).includes(run.experiment) && run.tags.get(key!) === value,
      );
      return found
        ? {
            runs: [{ info: infoOf(found), data: { tags: [...found.tags].map(([key, value]) => ({ key, value })) } }],
          }
        : {};
    },
    'POST runs/create': ({ experiment_id, run_name, start_time, tags }) => {
      if (![...experiments.values()].includes(requireText(experiment_id)))
        throw new Refused('RESOURCE_DOES_NOT_EXIST', 'no such experiment', 404);
      requireInteger(start_time);
      const run: StoredRun = {
        id: `r${runs.length + 1}`,
        experiment: experiment_id as string,
        name: requireText(run_name),
        status: 'RUNNING',
        endTime: null,
        tags: entries(tags, 5000),
        parameters: new Map(),
        inputs: new Map(),
        artifacts: new Map(),
        metrics: [],
        known: new Set(),
      };
      runs.push(run);
      return { run: { info: infoOf(run) } };
    },
    'POST runs/log-batch': ({ run_id, metrics = [], params = [], tags = [] }) => {
      const run = runOf(runs, run_id);
      const [given, parameters, labels] = [metrics as object[], params as object[], tags as object[]];
      if (
        given.length > 1000 ||
        parameters.length > 100 ||
        labels.length > 100 ||
        given.length + parameters.length + labels.length > 1000
      )
        throw new Refused('INVALID_PARAMETER_VALUE', 'too many items');
      for (const [key, value] of entries(parameters, 6000)) {
        if ((run.parameters.get(key) ?? value) !== value)
          throw new Refused('INVALID_PARAMETER_VALUE', `Changing param values is not allowed: ${key}`);
        run.parameters.set(key, value);
      }
      for (const metric of given) addMetric(run, metric as Record<string, unknown>);
      for (const [key, value] of entries(labels, 5000)) run.tags.set(key, value);
      return {};
    },
    'POST runs/log-inputs': ({ run_id, datasets }) => {
      const run = runOf(runs, run_id);
      for (const { tags, dataset } of datasets as { tags: object[]; dataset: Record<string, unknown> }[]) {
        if (requireText(dataset.digest).length > 36) throw new Refused('INVALID_PARAMETER_VALUE', 'digest');
        for (const key of ['name', 'source_type', 'source', 'profile']) requireText(dataset[key]);
        run.inputs.set(entries(tags, 500).get('mlflow.data.context')!, dataset as unknown as StoredInput);
      }
      return {};
    },
    'POST runs/update': ({ run_id, status, end_time }) => {
      const run = runOf(runs, run_id);
      if (!['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'].includes(status as string))
        throw new Refused('INVALID_PARAMETER_VALUE', 'status');
      run.status = status as string;
      if (end_time !== undefined) run.endTime = requireInteger(end_time);
      return { run_info: {} };
    },
  };
  const server = http.createServer(
    (incoming, response) => void answer(incoming, response).catch((error: unknown) => response.destroy(error as Error)),
  );
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url!, 'http://localhost');
    const name = url.pathname.replace(/^\/api\/2\.0\/mlflow\//, '');
    const text = Buffer.concat(await incoming.toArray()).toString();
    calls.push(name);
    const fault = faults[name]?.shift();
    if (fault === 'hangs' || standIn.hanging) return;
    if (fault === 'cut') return void response.destroy();
    if (typeof fault === 'object') return void response.writeHead(fault.status, fault.headers).end(fault.body);
    if (standIn.authorization !== null && incoming.headers.authorization !== standIn.authorization)
      return void response.writeHead(401).end('You are not authenticated.');
    const [, run, file] =
      /^\/api\/2\.0\/mlflow-artifacts\/artifacts\/1\/([^/]+)\/artifacts\/([^/]+)$/.exec(url.pathname) ?? [];
    if (incoming.method === 'PUT' && file !== undefined) {
      runOf(runs, run).artifacts.set(file, text);
      return void response.writeHead(200).end();
    }
    const method = methods[`${incoming.method} ${name}`];
    if (!method) return void response.writeHead(404).end('Not Found');
    try {
      if (incoming.method === 'POST' && incoming.headers['content-type'] !== 'application/json')
        throw new Refused('BAD_REQUEST', 'content type');
      const result = method(
        (incoming.method === 'POST' ? JSON.parse(text) : Object.fromEntries(url.searchParams)) as Input,
      );
      if (fault === 'lost') return void response.destroy();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      response
        .writeHead(error.status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error_code: error.code, message: error.message }));
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(standIn, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

function runOf(runs: readonly StoredRun[], id: unknown): StoredRun {
  const run = runs.find((each) => each.id === id);
  if (!run) throw new Refused('RESOURCE_DOES_NOT_EXIST', `Run '${String(id)}' not found`, 404);
  return run;
}

const words: Record<string, number> = { NaN, Infinity, '-Infinity': -Infinity };

/** The same figure sent twice is one: MLflow's database has it as a key. */
function addMetric(run: StoredRun, { key, value, step, timestamp, ...others }: Record<string, unknown>): void {
  const name = requireText(key);
  if (!/^[\w\-.:/ ]{1,250}$/.test(name)) throw new Refused('INVALID_PARAMETER_VALUE', `Invalid metric name: '${name}'`);
  if (
    Object.keys(others).length > 0 ||
    !(typeof value === 'number' || (typeof value === 'string' && Object.hasOwn(words, value)))
  )
    throw new Refused('INVALID_PARAMETER_VALUE', `metric ${name}`);
  const metric: StoredMetric = {
    key: name,
    value: typeof value === 'number' ? value : words[value]!,
    step: requireInteger(step),
    timestamp: requireInteger(timestamp),
  };
  const text = `${name} ${metric.step} ${metric.timestamp} ${metric.value}`;
  if (!run.known.has(text)) run.metrics.push(metric);
  run.known.add(text);
}

function entries(list: unknown, longest: number): Map<string, string> {
  const pairs = (list as { key: unknown; value: unknown }[]).map(
    ({ key, value }) => [requireText(key), requireText(value)] as const,
  );
  if (
    pairs.some(([key, value]) => key.length > 250 || value.length > longest) ||
    new Set(pairs.map(([key]) => key)).size < pairs.length
  )
    throw new Refused('INVALID_PARAMETER_VALUE', 'entries');
  return new Map(pairs);
}

function requireText(value: unknown): string {
  if (typeof value !== 'string') throw new Refused('INVALID_PARAMETER_VALUE', `${JSON.stringify(value)} is no text`);
  return value;
}

function requireInteger(value: unknown): number {
  if (!Number.isSafeInteger(value))
    throw new Refused('INVALID_PARAMETER_VALUE', `${JSON.stringify(value)} is no whole number`);
  return value as number;
}
