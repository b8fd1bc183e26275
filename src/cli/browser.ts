import { spawn } from 'node:child_process';

/** The command of each system that opens an address in the user's default browser. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  linux: ['xdg-open'],
};

/** Whether windows can be shown: on Linux, only an environment variable of the session says so. */
export function hasDisplay(environment: NodeJS.ProcessEnv = process.env): boolean {
  return process.platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** Opens an address. A failure is ignored: the address was printed already. */
export function openBrowser(address: string): void {
  const opener = openers[process.platform];
  if (!opener || !hasDisplay()) return;
  const [command, ...parameters] = opener;
  const child = spawn(command, [...parameters, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
