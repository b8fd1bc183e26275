import { secret, sendRaw, type RawAnswer, type Target } from './target.ts';

/** Every combination of valid and invalid parts of a request. Only those with valid parts everywhere are accepted. */

/** A part of a request, and whether the owner's browser sends it. With `value` null, the header is missing. */
interface Choice {
  readonly value: string | null;
  readonly right: boolean;
}

const right = (...values: (string | null)[]): Choice[] => values.map((value) => ({ value, right: true }));
const wrong = (...values: (string | null)[]): Choice[] => values.map((value) => ({ value, right: false }));

/** The origin of a page from the requested host. */
const sameAsHost = 'http://Host';

export interface Combination {
  readonly host: Choice;
  readonly origin: Choice;
  readonly cookie: Choice;
  readonly method: string;
  readonly path: Path;
}

interface Path {
  readonly target: string;
  readonly kind: 'file' | 'nothing' | 'token' | 'upload' | 'no address';
}

function choices({ server: { port }, cookie, token, origin }: Target): {
  hosts: Choice[];
  origins: Choice[];
  cookies: Choice[];
} {
  return {
    hosts: [
      ...right(`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST`, `[::1]:${port}`),
      ...wrong(
        '',
        'evil.example',
        `evil.example:${port}`,
        `127.0.0.1.evil.example:${port}`,
        `localhost.evil.example`,
        `evil.example@127.0.0.1:${port}`,
        `127.0.0.1@evil.example`,
        '2130706433',
        '0x7f.0.0.1',
        '127.1',
        '127.0.0.1:80:80',
        '[::1',
        `127.0.0.1:${port}/`,
        'localhost.',
      ),
    ],
    origins: [
      ...right(sameAsHost),
      ...wrong(
        null,
        'null',
        '',
        'http://evil.example',
        `https://127.0.0.1:${port}`,
        `http://127.0.0.1:${port + 1}`,
        'http://127.0.0.1',
        `${origin}.evil.example`,
        `${origin}/`,
        `${origin}, ${origin}`,
      ),
    ],
    cookies: [
      ...right(cookie, `theme=dark; ${cookie}; other=1`),
      ...wrong(
        null,
        '',
        `losslab-${port}=`,
        `losslab-${port}=${'0'.repeat(64)}`,
        cookie.slice(0, -1),
        `${cookie}0`,
        cookie.toUpperCase(),
        `losslab-${port + 1}=${token}`,
        `losslab=${token}`,
        `losslab-${port}=x; ${cookie}`,
        `losslab-${port}="${token}"`,
        `x${cookie}`,
      ),
    ],
  };
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'];

/** Paths that lead out of a folder. */
const escapes = [
  '../',
  '..%2f',
  '%2e%2e/',
  '%2e%2e%2f',
  '%2E%2E%2F',
  '..%252f',
  '%252e%252e%252f',
  '..\\',
  '..%5c',
  '%2e%2e%5c',
  '....//',
  '..;/',
  '.%00./',
  '..%c0%af',
  '%c0%ae%c0%ae/',
  '..%ef%bc%8f',
  '%uff0e%uff0e/',
  '..%00/',
];

function paths(token: string): Path[] {
  const of = (kind: Path['kind'], ...targets: string[]): Path[] => targets.map((target) => ({ target, kind }));
  return [
    ...of(
      'file',
      '/',
      '/index.html',
      '/assets/main-abc123.js',
      '/?token=wrong',
      '/index.html?x=../secret.html',
      '/./index.html',
      '/assets/../index.html',
      '/%69ndex.html',
    ),
    ...of('token', `/?token=${token}`),
    ...of('upload', '/files?name=data.csv', '/files?name=..%2F..%2Fevil.csv'),
    ...of('no address', 'secret.html', '*', 'http://evil.example/', `http://127.0.0.1/?token=${token}`),
    ...of(
      'nothing',
      ...escapes.map((escape) => `/${escape}secret.html`),
      ...escapes.map((escape) => `/assets/${escape}${escape}secret.html`),
    ),
    ...of(
      'nothing',
      '//etc/passwd',
      '///secret.html',
      '/etc/passwd',
      '/C:/secret.html',
      '/C:%5csecret.html',
      '/secret.db',
      '/.env',
      '/secret.html',
      '/assets',
      '/assets/',
      '/index.html%00',
      '/index.html/',
      '/renderer-old/secret.html',
      '/../renderer-old/secret.html',
      '/index.html.',
      '/INDEX.HTML',
      '/assets%2fmain-abc123.js%00.html',
      '/%',
      '/%zz',
      '/rpc',
      '/__proto__',
      `/assets?token=${token}`,
      '/files/../secret.html',
    ),
  ];
}

/**
 * All hosts, origins, tokens and methods with one path of each kind, and all paths and methods with a valid and an
 * invalid one of each.
 */
export function combinations(target: Target): Combination[] {
  const { hosts, origins, cookies } = choices(target);
  const all = paths(target.token);
  const product = (hostsOf: Choice[], originsOf: Choice[], cookiesOf: Choice[], pathsOf: Path[]): Combination[] =>
    hostsOf.flatMap((host) =>
      originsOf.flatMap((origin) =>
        cookiesOf.flatMap((cookie) =>
          methods.flatMap((method) => pathsOf.map((path) => ({ host, origin, cookie, method, path }))),
        ),
      ),
    );
  return [
    ...product(
      hosts,
      origins,
      cookies,
      firstOf(all, ({ kind }) => kind),
    ),
    ...product(firstOf(hosts, isRight), firstOf(origins, isRight), firstOf(cookies, isRight), all),
  ];
}

const isRight = ({ right: isIt }: Choice): boolean => isIt;

/** The first of each kind. */
function firstOf<T>(all: readonly T[], kindOf: (each: T) => unknown): T[] {
  return [...Map.groupBy(all, kindOf).values()].map(([first]) => first!);
}

/** The same for the upgrade to a WebSocket. */
export function upgrades(target: Target): Combination[] {
  const { hosts, origins, cookies } = choices(target);
  const targets = [
    '/rpc',
    '/',
    '/rpc/',
    '/rpc?x=1',
    '//rpc',
    '/%72pc',
    '/RPC',
    '/../rpc',
    `/rpc?token=${target.token}`,
  ];
  return hosts.flatMap((host) =>
    origins.flatMap((origin) =>
      cookies.flatMap((cookie) =>
        targets.map((path) => ({
          host,
          origin,
          cookie,
          method: 'GET',
          path: { target: path, kind: path === '/rpc' ? ('file' as const) : ('nothing' as const) },
        })),
      ),
    ),
  );
}

/** What is wrong with an answer; null if it was accepted exactly when all parts are valid, and exposed nothing. */
export async function attempt(target: Target, combination: Combination, upgrade: boolean): Promise<string | null> {
  const answer = await sendRaw(target.server.port, requestOf(combination, upgrade));
  const expected = upgrade ? statusOfUpgrade(combination) : statusOf(combination);
  const problem = !expected.includes(answer.status)
    ? `answered with ${answer.status}, not ${expected.join(' or ')}`
    : leakIn(answer, combination);
  return problem === null ? null : `${describe(combination, upgrade)}: ${problem}`;
}

function requestOf({ host, origin, cookie, method, path }: Combination, upgrade: boolean): string {
  const headers = {
    Host: host.value,
    Origin: origin.value === sameAsHost ? `http://${host.value}` : origin.value,
    Cookie: cookie.value,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  const rest = upgrade
    ? [
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ]
    : ['Connection: close', 'Content-Length: 4'];
  return [`${method} ${path.target} HTTP/1.1`, ...lines, ...rest, '', upgrade ? '' : 'a,b\n'].join('\r\n');
}

/** A wrong host is reported first, then a missing token; only then whether the path exists. */
function statusOf({ host, origin, cookie, method, path }: Combination): (number | null)[] {
  const reading = method === 'GET' || method === 'HEAD';
  if (!host.right) return [403, 400];
  if (path.kind === 'no address') return [400];
  if (path.kind === 'token' && reading) return [303];
  if (!cookie.right) return [401];
  if (reading) return path.kind === 'file' ? [200] : [404];
  if (method === 'POST' && path.kind === 'upload') return origin.right ? [200] : [403];
  return [405];
}

function statusOfUpgrade({ host, origin, cookie, path }: Combination): (number | null)[] {
  if (path.kind !== 'file') return [404, 400];
  if (!host.right || !origin.right) return [403, 400];
  return cookie.right ? [101] : [401];
}

function leakIn({ status, text }: RawAnswer, { cookie, path }: Combination): string | null {
  if (text.includes(secret) || text.includes('root:x:')) return 'exposed a file that is not part of the screens';
  if (/access-control-allow/i.test(text)) return 'lets other sites read';
  const gaveCookie = /^set-cookie:/im.test(text);
  if (gaveCookie && path.kind !== 'token') return 'gave a cookie to a client without the token';
  if (!cookie.right && status !== 303 && text.includes('<title>LossLab</title>'))
    return 'gave a screen to a client without the token';
  return null;
}

function describe({ host, origin, cookie, method, path }: Combination, upgrade: boolean): string {
  return `${upgrade ? 'upgrade' : method} ${path.target}, Host ${host.value}, Origin ${origin.value}, Cookie ${cookie.value?.replaceAll(/[0-9a-f]{60,}/gi, '(token)') ?? null}`;
}
