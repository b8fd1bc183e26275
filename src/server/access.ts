import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

/**
 * Controls access to the server. A browser that opens the printed address with its token gets a cookie and has access
 * from then on. A page of another site can neither read nor use the cookie: its Origin differs, and host names that it
 * points at this machine are refused.
 */
export interface Access {
  /** Hexadecimal, 256 bits, new at every start. */
  readonly token: string;
  /** The Set-Cookie header for a browser with the token. */
  readonly cookie: string;
  isToken(text: string): boolean;
  hasCookie(request: IncomingMessage): boolean;
}

export function createAccess(port: number): Access {
  const token = randomBytes(32).toString('hex');
  // Browsers share the cookies of a host between ports, so two servers need two names.
  const name = `losslab-${port}`;
  const isToken = (text: string): boolean => timingSafeEqual(digest(text), digest(token));
  return {
    token,
    cookie: `${name}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    isToken,
    hasCookie: (request) => isToken(cookieValue(request.headers.cookie ?? '', name)),
  };
}

/** Digests have equal length, whatever is compared. */
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
 * The host names that the server accepts. Any port is accepted: tunnels and containers use other ports, and a page that
 * rebinds its own name still has the wrong name.
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

/** An address as it is written in a URL. */
export function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** Whether the Host header names this server. */
export function isAddressed(request: IncomingMessage, names: ReadonlySet<string>): boolean {
  const host = /^(\[[0-9a-f:]+\]|[^:]+)(:\d+)?$/.exec((request.headers.host ?? '').toLowerCase());
  return host !== null && names.has(host[1]!);
}

/** Whether a request comes from a page of this server. */
export function isSameOrigin(request: IncomingMessage): boolean {
  return request.headers.origin?.toLowerCase() === `http://${request.headers.host}`.toLowerCase();
}
