import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

/**
 * Who may talk to the server. The token in the address that is printed makes a browser one of the
 * owner's; from then on a cookie says so. A page of another site can neither read the cookie nor
 * use it: its Origin is another, and a name of its own that it points at this machine is refused.
 */
export interface Access {
  /** Hexadecimal, 256 bits, another at every start. */
  readonly token: string;
  /** The Set-Cookie header for a browser that knows the token. */
  readonly cookie: string;
  isToken(text: string): boolean;
  hasCookie(request: IncomingMessage): boolean;
}

export function createAccess(port: number): Access {
  const token = randomBytes(32).toString('hex');
  // Browsers keep the cookies of a host together, whatever the port: two servers need two names.
  const name = `losslab-${port}`;
  const isToken = (text: string): boolean => timingSafeEqual(digest(text), digest(token));
  return {
    token,
    cookie: `${name}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    isToken,
    hasCookie: (request) => isToken(cookieValue(request.headers.cookie ?? '', name)),
  };
}

/** Of one length, whatever is compared. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function cookieValue(header: string, name: string): string {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1] ?? '';
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

export function isLoopback(host: string): boolean {
  return loopbackNames.includes(host) || host === '::1';
}

/**
 * The names under which the server may be addressed. Any port will do: whoever reaches it through a
 * tunnel or a container chooses another one, and a page that rebinds its own name has the wrong name.
 */
export function allowedNames(host: string): ReadonlySet<string> {
  const everywhere = host === '0.0.0.0' || host === '::';
  const own = everywhere
    ? [
        hostname(),
        ...Object.values(networkInterfaces()).flatMap((addresses) => addresses!.map(({ address }) => address)),
      ]
    : [host];
  return new Set([...loopbackNames, ...own.map((name) => bracketed(name).toLowerCase())]);
}

/** As an address has it in a URL. */
export function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** Whether the Host header names this server. */
export function isAddressed(request: IncomingMessage, names: ReadonlySet<string>): boolean {
  const host = /^(\[[0-9a-f:]+\]|[^:]+)(:\d+)?$/.exec((request.headers.host ?? '').toLowerCase());
  return host !== null && names.has(host[1]!);
}

/** Whether a request comes from a page that this server has given out itself. */
export function isSameOrigin(request: IncomingMessage): boolean {
  return request.headers.origin?.toLowerCase() === `http://${request.headers.host}`.toLowerCase();
}
