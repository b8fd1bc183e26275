import { resolveConfig } from 'electron-vite';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { beforeAll, expect, test, vi } from 'vitest';

/** The bundle as it is shipped, run with an Electron that only takes notes. */

let code: string;
let imports: readonly string[];

beforeAll(async () => {
  const { config } = await resolveConfig(
    { root: fileURLToPath(new URL('../../..', import.meta.url)) },
    'build',
    'production',
  );
  const result = await build({
    ...config!.preload,
    logLevel: 'silent',
    build: { ...config!.preload!.build, write: false },
  });
  const { output } = ([result].flat() as Rolldown.RolldownOutput[])[0]!;
  expect(output).toHaveLength(1);
  ({ code, imports } = output[0]);
});

function runPreload() {
  const exposed: Record<string, Record<string, (...values: unknown[]) => unknown>> = {};
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: (typeof exposed)[string]) => void (exposed[name] = api) },
    ipcRenderer: { send: vi.fn(), on: vi.fn() },
    webUtils: { getPathForFile: vi.fn(() => '/data/posts.csv') },
  };
  const window = { postMessage: vi.fn(), location: { origin: 'app://losslab' } };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what a sandboxed preload script is run by
  new Function('require', 'window', code)(() => electron, window);
  return { exposed, electron, window };
}

test('is one file that needs nothing but Electron', () => {
  expect(imports).toEqual(['electron']);
  expect(code.match(/require\("[^"]+"\)/g)).toEqual(['require("electron")']);
});

test('exposes two functions, and nothing of ipcRenderer', () => {
  const { exposed } = runPreload();
  expect(Object.keys(exposed)).toEqual(['losslab']);
  expect(Object.keys(exposed.losslab!)).toEqual(['connect', 'pathForFile']);
  for (const value of Object.values(exposed.losslab!)) expect(value).toBeTypeOf('function');
});

test('the window can send one message, of which it chooses nothing', () => {
  const { exposed, electron } = runPreload();
  expect(exposed.losslab!.connect!('any:channel', { evil: true })).toBeUndefined();
  expect(electron.ipcRenderer.send.mock.calls).toEqual([['losslab:connect']]);
});

test('a port is handed to the window itself, and to no other origin', () => {
  const { electron, window } = runPreload();
  expect(electron.ipcRenderer.on.mock.calls.map(([channel]) => channel as string)).toEqual(['losslab:port']);
  const ports = [{}];
  electron.ipcRenderer.on.mock.calls[0]![1]({ ports, sender: electron.ipcRenderer });
  expect(window.postMessage.mock.calls).toEqual([['losslab-port', 'app://losslab', ports]]);
});

test('a chosen file has a path', () => {
  expect(runPreload().exposed.losslab!.pathForFile!({})).toBe('/data/posts.csv');
});
