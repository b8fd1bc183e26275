import { EventEmitter } from 'node:events';
import type { Session, WebContents } from 'electron';
import { expect, test, vi } from 'vitest';
import { guardContents, isAllowedLink, isOwnPage, isTrustedSender, lockSession } from '../../../src/main/security.ts';

test.each(['app://losslab/', 'app://losslab/index.html', 'app://losslab/index.html#/experiments/1'])(
  '%s is the app itself',
  (address) => {
    expect(isOwnPage(address)).toBe(true);
  },
);

test.each([
  'app://other/',
  'app://losslab.evil/',
  'app://losslab:80/',
  'http://losslab/',
  'file:///losslab',
  'about:blank',
  'data:text/html,x',
  'blob:app://losslab/1',
  'losslab',
  '',
])('%s is not', (address) => {
  expect(isOwnPage(address)).toBe(false);
});

test.each([
  'https://arxiv.org/abs/1807.03748',
  'https://creativecommons.org/licenses/by-sa/4.0/',
  'https://stats.stackexchange.com/questions/1',
])('a link may lead to %s', (address) => {
  expect(isAllowedLink(address)).toBe(true);
});

test.each([
  'http://arxiv.org/',
  'https://arxiv.org.evil.example/',
  'https://evil.example/?arxiv.org',
  'https://notarxiv.org/',
  'https://arxiv.org@evil.example/',
  'https://user:secret@arxiv.org/',
  'https://arxiv.org:8443/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'smb://arxiv.org/share',
  'app://losslab/',
  '',
])('no link leads to %s', (address) => {
  expect(isAllowedLink(address)).toBe(false);
});

test('a message counts when it comes from the page itself', () => {
  const page = { url: 'app://losslab/index.html', parent: null };
  expect(isTrustedSender(page)).toBe(true);
  expect(isTrustedSender({ ...page, parent: page })).toBe(false);
  expect(isTrustedSender({ ...page, url: 'https://evil.example/' })).toBe(false);
  expect(isTrustedSender(null)).toBe(false);
});

/** A session that keeps the handlers it is given. */
function lockedSession() {
  const session = {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
    webRequest: { onBeforeRequest: vi.fn() },
  };
  lockSession(session as unknown as Session);
  return {
    requests(permission: string, requestingUrl: string): boolean {
      const decide = vi.fn();
      session.setPermissionRequestHandler.mock.calls[0]![0](null, permission, decide, { requestingUrl });
      return decide.mock.calls[0]![0] as boolean;
    },
    checks: (permission: string, origin: string) =>
      session.setPermissionCheckHandler.mock.calls[0]![0](null, permission, origin, {}) as boolean,
    device: () => session.setDevicePermissionHandler.mock.calls[0]![0]({}) as boolean,
    blocked: session.webRequest.onBeforeRequest.mock.calls[0]!,
  };
}

test.each([
  'media',
  'geolocation',
  'notifications',
  'midi',
  'midiSysex',
  'pointerLock',
  'fullscreen',
  'openExternal',
  'clipboard-read',
  'display-capture',
  'hid',
  'serial',
  'usb',
  'fileSystem',
  'idle-detection',
  'unknown',
])('permission %s is denied', (permission) => {
  const session = lockedSession();
  expect(session.requests(permission, 'app://losslab/index.html')).toBe(false);
  expect(session.checks(permission, 'app://losslab/')).toBe(false);
});

test('a text may be copied at a click, by the app itself', () => {
  const session = lockedSession();
  expect(session.requests('clipboard-sanitized-write', 'app://losslab/index.html')).toBe(true);
  expect(session.checks('clipboard-sanitized-write', 'app://losslab/')).toBe(true);
  expect(session.requests('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
  expect(session.checks('clipboard-sanitized-write', 'https://evil.example')).toBe(false);
});

test('devices are denied, and nothing is loaded from elsewhere', () => {
  const session = lockedSession();
  expect(session.device()).toBe(false);
  const [{ urls }, decide] = session.blocked as [
    { urls: string[] },
    (request: unknown, decide: (answer: unknown) => void) => void,
  ];
  expect(urls).toEqual(expect.arrayContaining(['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*']));
  const answer = vi.fn();
  decide({}, answer);
  expect(answer).toHaveBeenCalledWith({ cancel: true });
});

function guardedContents() {
  const setWindowOpenHandler = vi.fn();
  const openLink = vi.fn();
  const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler });
  guardContents(contents as unknown as WebContents, openLink);
  const open = (url: string): unknown => setWindowOpenHandler.mock.calls[0]![0]({ url });
  return { contents, open, openLink };
}

test.each(['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'])(
  '%s is prevented',
  (name) => {
    const { contents } = guardedContents();
    const preventDefault = vi.fn();
    contents.emit(name, { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  },
);

test('no window opens; a link on the list goes to the system', () => {
  const { open, openLink } = guardedContents();
  expect(open('https://arxiv.org/abs/1')).toEqual({ action: 'deny' });
  expect(open('https://evil.example/')).toEqual({ action: 'deny' });
  expect(open('app://losslab/index.html')).toEqual({ action: 'deny' });
  expect(openLink.mock.calls).toEqual([['https://arxiv.org/abs/1']]);
});
