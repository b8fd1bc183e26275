import type { Event, Session, WebContents } from 'electron';

/**
 * The window may only show the app's own page. All other requests are denied here.
 */

export const appOrigin = 'app://losslab';

/** Whether an address belongs to the app itself. */
export function isOwnPage(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'app:' && url.host === 'losslab';
}

/** Hosts that links may open in the system's browser; including subdomains. */
const linkedHosts: readonly string[] = [
  'arxiv.org',
  'creativecommons.org',
  'stackexchange.com',
  'stackoverflow.com',
  'archive.org',
];

export function isAllowedLink(address: string): boolean {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '') return false;
  return linkedHosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
}

/** Allows copying text on a click. Reading the clipboard, cameras, location, devices and all else are denied. */
const allowedPermissions: readonly string[] = ['clipboard-sanitized-write'];

/** Addresses that are never loaded. */
const remote = { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'] };

export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) =>
    decide(allowedPermissions.includes(permission) && isOwnPage(requestingUrl)),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => allowedPermissions.includes(permission) && isOwnPage(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(remote, (_request, decide) => decide({ cancel: true }));
}

/** Applies to every page when it is created. */
export function guardContents(contents: WebContents, openLink: (address: string) => void): void {
  const stay = (event: Event): void => event.preventDefault();
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', stay);
  contents.setWindowOpenHandler(({ url }) => {
    if (isAllowedLink(url)) openLink(url);
    return { action: 'deny' };
  });
}

/** Whether a message comes from the app's own page, not from a frame inside it or from another page. */
export function isTrustedSender(frame: { readonly url: string; readonly parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && isOwnPage(frame.url);
}
