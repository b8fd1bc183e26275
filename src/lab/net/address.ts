import { LabError } from '../../shared/errors.ts';

/** An address as it may stand in messages and files: what follows "?" can be a signature that opens the file to anyone. */
export function publicAddress(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/**
 * The base address of a service, from an environment variable or a default. Throws a `configuration`
 * LabError for what is no http(s) address, or holds a password, which would stand in every message.
 */
export function baseAddress(value: string, variable: string): string {
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new LabError(
      'configuration',
      `${variable} is no address of a server: expected one that begins with https:// and has no user name or password in it.`,
      `Correct ${variable}, or remove it for the default.`,
    );
  }
  return value.replace(/\/+$/, '');
}

/**
 * Where a redirect leads. Throws a `download` LabError for what is no web address, and where the
 * answer would no longer be encrypted: except on this machine itself, nobody would notice a change.
 */
export function redirectTarget(from: URL, location: string | null, what: string): URL {
  const target = location === null ? null : URL.parse(location, from.href);
  if (!target || !/^https?:$/.test(target.protocol)) {
    throw new LabError(
      'download',
      `${what}: ${publicAddress(from)} leads elsewhere, but not to a web address.`,
      'Try again later.',
    );
  }
  if (from.protocol === 'https:' && target.protocol === 'http:' && !isLoopback(from)) {
    throw new LabError(
      'download',
      `${what}: ${publicAddress(from)} leads to ${publicAddress(target)}, which is not encrypted. Nothing was fetched from there.`,
      'Try again from another network: something between here and the server may have changed its answer.',
    );
  }
  target.username = '';
  target.password = '';
  return target;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
