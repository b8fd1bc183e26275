import { expect, test } from 'vitest';
import { readBounds, windowOptions } from '../../../src/main/windowOptions.ts';

test('the page has no Node, and a world and a sandbox of its own', () => {
  const { webPreferences } = windowOptions('/out/preload/preload.cjs', '/icon.png', null, false);
  expect(webPreferences).toMatchObject({
    preload: '/out/preload/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
  });
});

const display = { x: 0, y: 0, width: 1920, height: 1080 };
const bounds = { x: 100, y: 50, width: 1200, height: 800 };

test('the window opens where it was', () => {
  expect(readBounds(JSON.stringify(bounds), [display])).toEqual(bounds);
  expect(windowOptions('', '', bounds, true)).toMatchObject(bounds);
});

test.each([
  ['on a display that is gone', { ...bounds, x: 3000 }],
  ['above the display', { ...bounds, y: -400 }],
  ['below the display', { ...bounds, y: 1079 }],
  ['smaller than it may be', { ...bounds, width: 10 }],
  ['without a size', { x: 0, y: 0 }],
  ['of another kind', 'here'],
])('bounds %s are forgotten', (_, stored) => {
  expect(readBounds(JSON.stringify(stored), [display])).toBeNull();
});

test('a file that is no JSON is forgotten', () => {
  expect(readBounds('{', [display])).toBeNull();
});
