import { LabError } from '../../../../shared/errors.ts';
import { isWebPage, refuse, webPage, type Refusal } from '../../../net/refusal.ts';
import { request, type Answer } from '../../../net/request.ts';
import { Interruption, patience, type Patience } from '../../../net/retry.ts';
import type { MlflowServer } from './server.ts';

/** A person waits: fewer retries than for a long download. */
const mlflowPatience: Patience = { ...patience, retries: 3 };

/** A request, with its description for messages. */
interface Call {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/**
 * MLflow's open REST interface, version 2.0 (https://mlflow.org/docs/latest/rest-api.html): one request, one answer.
 * Throws an `Interruption` if a retry may help, otherwise a `download` LabError.
 */
export class MlflowClient {
  readonly patience: Patience;
  readonly #server: MlflowServer;

  constructor(server: MlflowServer, patience: Patience = mlflowPatience) {
    this.#server = server;
    this.patience = patience;
  }

  /** Name of the server in messages. */
  get name(): string {
    return `MLflow at ${this.#server.address}`;
  }

  get(method: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#call(method, { query });
  }

  post(method: string, body: object): Promise<unknown> {
    return this.#call(method, { body });
  }

  async #call(method: string, { query = {}, body }: Call): Promise<unknown> {
    const { address, authorization } = this.#server;
    const url = new URL(`${address}/api/2.0/mlflow/${method}`);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const headers = { 'content-type': 'application/json', ...(authorization !== null && { authorization }) };
    const timeout = AbortSignal.timeout(this.patience.stall);
    try {
      const answer = await request(url, {
        what: this.name,
        headers,
        follow: 'same-origin',
        signal: timeout,
        ...(body ? { method: 'POST' as const, body: JSON.stringify(body) } : {}),
      });
      if (answer.status !== 200) return await refuse(answer, this.name, (refusal) => explain(refusal, this.name));
      return parse(await textOf(answer), answer, this.name);
    } catch (error) {
      if (timeout.aborted)
        throw new Interruption(`no answer within ${this.patience.stall / 1000} seconds`, { cause: error });
      throw error;
    }
  }
}

/** MLflow reports that something does not exist. Callers handle this; people see every other refusal. */
export class MissingError extends LabError {}

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
  if (status === 404 && !isWebPage(headers, text)) return noMlflow(what, `${address} was not found (status 404)`);
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

function noMlflow(what: string, reason: string): LabError {
  return new LabError(
    'download',
    `${what}: ${reason}.`,
    'Check that this is the address of an MLflow tracking server, including its path.',
  );
}
