import { LabError } from '../../../../shared/errors.ts';
import { isWebPage, refuse, webPage, type Refusal } from '../../../net/refusal.ts';
import { request, type Answer } from '../../../net/request.ts';
import { Interruption, patience, type Patience } from '../../../net/retry.ts';
import type { MlflowServer } from './server.ts';

/** A person waits, and a tracking server answers within a second: fewer and shorter attempts than for a long download. */
const mlflowPatience: Patience = { ...patience, retries: 3, stall: 10_000 };

/** A request under the server's address. */
interface Call {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly type: string;
  readonly body?: string;
}

/**
 * MLflow's open REST interface, version 2.0 (https://mlflow.org/docs/latest/rest-api.html): one request, one answer.
 * Throws an `Interruption` if a retry may help, otherwise a `download` LabError.
 */
export class MlflowClient {
  readonly patience: Patience;
  /** Ends every request and every pause. */
  readonly signal: AbortSignal | undefined;
  /** What to do when the server does not answer (`withRetries`). */
  readonly again = 'Nothing is lost: the history has everything, and what has arrived is not sent twice.';
  readonly #server: MlflowServer;
  #answers = 0;

  constructor(server: MlflowServer, patience: Patience = mlflowPatience, signal?: AbortSignal) {
    this.#server = server;
    this.patience = patience;
    this.signal = signal;
  }

  get address(): string {
    return this.#server.address;
  }

  /** Name of the server in messages. */
  get name(): string {
    return `MLflow at ${this.#server.address}`;
  }

  /** How often the server has answered: it grows while sending makes progress. */
  get answers(): number {
    return this.#answers;
  }

  async get(method: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#call({ path: `2.0/mlflow/${method}`, method: 'GET', type: json, query }, parse);
  }

  async post(method: string, body: object): Promise<unknown> {
    return this.#call({ path: `2.0/mlflow/${method}`, method: 'POST', type: json, body: JSON.stringify(body) }, parse);
  }

  /** Writes a file into the store of the server. `path` is relative to the root of that store. */
  async upload(path: string, type: string, body: string): Promise<void> {
    const escaped = path.split('/').map(encodeURIComponent).join('/');
    await this.#call({ path: `2.0/mlflow-artifacts/artifacts/${escaped}`, method: 'PUT', type, body }, () => undefined);
  }

  async #call<T>(
    { path, query = {}, method, type, body }: Call,
    read: (text: string, answer: Answer, what: string) => T,
  ): Promise<T> {
    const { address, authorization } = this.#server;
    const url = new URL(`${address}/api/${path}`);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const timeout = AbortSignal.timeout(this.patience.stall);
    try {
      const answer = await request(url, {
        what: this.name,
        method,
        headers: { 'content-type': type, ...(authorization !== null && { authorization }) },
        follow: 'same-origin',
        signal: this.signal ? AbortSignal.any([timeout, this.signal]) : timeout,
        ...(body !== undefined && { body }),
      });
      if (answer.status !== 200) return await refuse(answer, this.name, (refusal) => explain(refusal, this.name));
      const text = await textOf(answer);
      this.#answers++;
      return read(text, answer, this.name);
    } catch (error) {
      this.signal?.throwIfAborted();
      if (timeout.aborted)
        throw new Interruption(`no answer within ${this.patience.stall / 1000} seconds`, { cause: error });
      throw error;
    }
  }
}

const json = 'application/json';

/** MLflow reports that something does not exist. Callers handle this; people see every other refusal. */
export class MissingError extends LabError {}

/** The server does not have this method: it may be older. */
export class UnknownMethodError extends LabError {}

/** MLflow reports errors as JSON: `{"error_code": …, "message": …}`. */
function explain({ status, address, text, headers }: Refusal, what: string): LabError | null {
  const { error_code, message } = errorOf(text);
  if (error_code === 'RESOURCE_DOES_NOT_EXIST')
    return new MissingError('download', `${what}: ${message ?? 'the requested resource does not exist'}.`);
  if (status === 401 || status === 403) {
    return new LabError(
      'download',
      `${what}: the server refused the credentials (status ${status}).`,
      'Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.',
    );
  }
  if (error_code !== undefined)
    return new LabError(
      'download',
      `${what} refused the request: ${message ?? 'no reason given'} (${error_code}).`,
      'Nothing more was sent; what was sent before is kept there.',
    );
  if (status >= 300 && status < 400)
    return new LabError(
      'download',
      `${what}: ${address} redirects to another server (status ${status}).`,
      'If you trust that server, give its address.',
    );
  if (status === 404 && !isWebPage(headers, text))
    return new UnknownMethodError('download', `${what}: ${address} was not found (status 404).`, checkAddress);
  return null;
}

function errorOf(text: string): { readonly error_code?: string; readonly message?: string } {
  try {
    const parsed = JSON.parse(text) as { error_code?: unknown; message?: unknown } | null;
    return {
      ...(typeof parsed?.error_code === 'string' && { error_code: parsed.error_code }),
      ...(typeof parsed?.message === 'string' && { message: parsed.message.slice(0, 1000) }),
    };
  } catch {
    return {};
  }
}

async function textOf({ body, address }: Answer): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch (error) {
    throw new Interruption(`${new URL(address).host} closed the connection in the middle of a response`, {
      cause: error,
    });
  }
  return text;
}

function parse(text: string, answer: Answer, what: string): unknown {
  if (isWebPage(answer.headers, text)) throw webPage(answer, what);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw noMlflow(what, `${answer.address} returned a response that is not JSON`);
  }
}

const checkAddress = 'Check that this is the address of an MLflow tracking server, including its path.';

function noMlflow(what: string, reason: string): LabError {
  return new LabError('download', `${what}: ${reason}.`, checkAddress);
}
