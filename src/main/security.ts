import type { Event, Session, WebContents } from 'electron';

/**
 * What the window may do: show the app's own page, and nothing else. Whatever it could ask for is
 * denied here, in one place.
 */

export const appOrigin = 'app://losslab';

/** Whether an address belongs to the app itself. */
export function isOwnPage(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'app:' && url.host === 'losslab';
}

/** Where links may lead, in the system's browser; subdomains included. */
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

/** Copying a text at a click. Reading the clipboard, cameras, places, devices and the rest are denied. */
const allowedPermissions: readonly string[] = ['clipboard-sanitized-write'];

/** Addresses that are never loaded, whatever asks for them. */
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

/** For every page there is, as it is made. */
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

/** Whether a message comes from the app's own page, not from a frame within it or what else may be loaded. */
export function isTrustedSender(frame: { readonly url: string; readonly parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && isOwnPage(frame.url);
}
