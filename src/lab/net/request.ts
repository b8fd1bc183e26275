import { LabError } from '../../shared/errors.ts';
import { publicAddress, redirectTarget } from './address.ts';
import { Interruption } from './retry.ts';

/** A server's answer, after all redirects that were followed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array> | null;
  /** Without its query. */
  readonly address: string;
  /** Headers of all answers on the way to this one, which is the last. */
  readonly trail: readonly Headers[];
}

export interface RequestOptions {
  /** Name of the request for messages. */
  readonly what: string;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** Of a POST or PUT. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `same-origin`: a redirect to another origin is returned as the answer. */
  readonly follow?: 'everywhere' | 'same-origin';
  readonly signal: AbortSignal;
}

const maximumRedirects = 10;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Headers with credentials: only the requested server may get them. */
const private_ = new Set(['authorization', 'cookie', 'proxy-authorization']);

/**
 * Sends a request, and follows redirects one by one. After the first redirect to another origin, authorisation is no
 * longer sent. Throws an `Interruption` if no answer comes, and a `download` LabError if another attempt would not
 * help. No message contains a header.
 */
export async function request(url: URL, options: RequestOptions): Promise<Answer> {
  const { what, method = 'GET', body = null, follow = 'everywhere', signal } = options;
  let headers = checkedHeaders(options.headers ?? {}, what);
  let target = url;
  const trail: Headers[] = [];
  for (let followed = 0; followed <= maximumRedirects; followed++) {
    const response = await send(target, { method, headers, body, redirect: 'manual', signal }, what);
    trail.push(response.headers);
    const answer = {
      status: response.status,
      headers: response.headers,
      body: response.body,
      address: publicAddress(target),
      trail,
    };
    if (!redirects.has(response.status)) return answer;
    const next = redirectTarget(target, response.headers.get('location'), what);
    if (next.origin !== target.origin) {
      if (follow === 'same-origin') return answer;
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !private_.has(name)));
    }
    await response.body?.cancel();
    target = next;
  }
  throw new LabError(
    'download',
    `${what}: ${publicAddress(url)} redirects more than ${maximumRedirects} times.`,
    'Try again later.',
  );
}

/** As in browsers, but the error for a forbidden byte does not show the value, which can be a token. */
function checkedHeaders(headers: Readonly<Record<string, string>>, what: string): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\x20-\x7e]*$/.test(value))
      throw new LabError(
        'configuration',
        `${what}: the value for ${name} contains characters that a header cannot have, such as a line break.`,
        'Set the token or key again, without spaces or line breaks around it.',
      );
  }
  // Ranges and hashes are those of the file, not of a compressed form of it.
  return {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    'accept-encoding': 'identity',
  };
}

async function send(target: URL, init: RequestInit, what: string): Promise<Response> {
  try {
    return await fetch(target, init);
  } catch (error) {
    if (init.signal?.aborted) throw init.signal.reason;
    throw unreachable(target, error, what);
  }
}

/** Errors that retrying does not help: an unknown host, or one with a wrong certificate. */
const lasting = /^(ENOTFOUND|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_)/;

function unreachable(target: URL, error: unknown, what: string): Error {
  const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  const reason = code ?? message;
  if (lasting.test(reason)) {
    return new LabError(
      'download',
      `${what}: ${target.host} cannot be reached: ${reason}.`,
      'Check the connection to the internet, and the proxy if you use one (HTTPS_PROXY with NODE_USE_ENV_PROXY=1).',
      { cause: error },
    );
  }
  return new Interruption(`${target.host} cannot be reached (${reason})`, { cause: error });
}
