import { spawn } from 'node:child_process';

/** How each system opens an address in the browser that its user has chosen. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  linux: ['xdg-open'],
};

/** Whether a window would be seen: on Linux only a variable of the session says so. */
export function hasDisplay(environment: NodeJS.ProcessEnv = process.env): boolean {
  return process.platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** Opens an address; where that does not work, the address has been printed anyway. */
export function openBrowser(address: string): void {
  const opener = openers[process.platform];
  if (!opener || !hasDisplay()) return;
  const [command, ...parameters] = opener;
  const child = spawn(command, [...parameters, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
