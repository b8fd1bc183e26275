import { LabError } from '../../shared/errors.ts';

/**
 * An address for messages and files, without its query: a query can be a signature that gives everybody access to the
 * file.
 */
export function publicAddress(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** What an address is for, in messages: where it was given, and how to do without it. */
interface AddressSetting {
  readonly name: string;
  readonly withoutIt: string;
}

/**
 * The base address of a service, without trailing slashes. Throws a `configuration` LabError if it is not an http(s)
 * address, or contains a password, which every message would then show.
 */
export function baseAddress(value: string, { name, withoutIt }: AddressSetting): string {
  const url = URL.parse(value);
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return value.replace(/\/+$/, '');
  // What stands before an @ can be a password.
  const found = value.includes('@') ? '' : ` ("${value.slice(0, 100)}")`;
  throw new LabError(
    'configuration',
    `${name} is not the address of a server${found}: expected an address that begins with http:// or https:// and contains no user name or password.`,
    `Correct ${name}, or ${withoutIt}.`,
  );
}

/** The address from an environment variable, or else the default. Throws as `baseAddress` does. */
export function addressFrom(environment: NodeJS.ProcessEnv, variable: string, usual: string): string {
  return baseAddress(environment[variable] || usual, {
    name: variable,
    withoutIt: `remove it to use ${usual}`,
  });
}

/**
 * The target of a redirect. Throws a `download` LabError if it is not a web address, or if the answer would no longer
 * be encrypted: a change on the way would not be noticed, except on this machine itself.
 */
export function redirectTarget(from: URL, location: string | null, what: string): URL {
  const target = location === null ? null : URL.parse(location, from.href);
  if (!target || !/^https?:$/.test(target.protocol)) {
    throw new LabError(
      'download',
      `${what}: ${publicAddress(from)} redirects to something that is not a web address.`,
      'Try again later.',
    );
  }
  if (from.protocol === 'https:' && target.protocol === 'http:' && !isLoopback(from)) {
    throw new LabError(
      'download',
      `${what}: ${publicAddress(from)} redirects to ${publicAddress(target)}, which is not encrypted. LossLab downloaded nothing from there.`,
      'Try again from another network: a device between this machine and the server may have changed the answer.',
    );
  }
  target.username = '';
  target.password = '';
  return target;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
