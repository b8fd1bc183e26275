import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { requireScreens } from '../../src/cli/screens.ts';
import { presetNames } from '../../src/lab/experiments/presets.ts';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { eventually } from '../helpers/commandLine.ts';
import { expectScreens } from '../helpers/servedScreens.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';

/* What `npm pack` makes, installed as its users do: `npm install losslab-….tgz` in an empty folder, and `npx losslab`. */

// Packing takes 20 s, the demo half a minute of both cores, and a busy machine its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = sharedFolder();
const home = join(folder, 'home');
const user = join(folder, 'user');
const megabyte = 1e6;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

beforeAll(async () => {
  await requireScreens(() => undefined);
  const output = npm(project, 'pack', '--json', '--pack-destination', folder);
  packed = firstOf(JSON.parse(output.slice(output.search(/^[[{]/m))) as readonly Packed[] | Record<string, Packed>);
});

test('the package has what runs, and nothing of developing', () => {
  const places =
    /^(bin|configs|resources\/sample|out\/(cli|lab|server|shared|renderer|licences|node_modules|_virtual))\//;
  // npm packs what package.json calls `main`, which is what Electron starts in a checkout.
  const single = ['LICENSE', 'README.md', 'package.json', 'out/main/main.js'];
  const files = packed.files.map(({ path }) => path);
  expect(files.filter((path) => !places.test(path) && !single.includes(path))).toEqual([]);
  expect(files.filter((path) => /\.(ts|map|vue)$|(^|\/)(tests?|DirectML\.dll)(\/|$)/.test(path))).toEqual([]);
  for (const file of [
    'out/cli/main.js',
    'out/lab/work/workerEntry.js',
    'out/lab/training/trainTask.js',
    'out/renderer/index.html',
    'resources/sample/questions.jsonl',
  ])
    expect(files).toContain(file);
});

test('there is an ONNX Runtime for every system that it has one for', () => {
  const native = packed.files.flatMap(({ path }) => /napi-v6\/(.*)\/onnxruntime_binding\.node$/.exec(path)?.[1] ?? []);
  expect(native.sort()).toEqual(['darwin/arm64', 'linux/arm64', 'linux/x64', 'win32/arm64', 'win32/x64']);
});

test('it is as large as README says', () => expectStated('tarball', packed.size));

const missing = whyNoRegistry();

describe.skipIf(missing !== null)(`installed${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(() => {
    mkdirSync(user);
    npm(user, 'install', '--no-audit', '--no-fund', join(folder, packed.filename));
  });

  // Other systems have another canvas.
  test.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'with its dependencies it is as large as README says',
    () => expectStated('installed', sizeOf(join(user, 'node_modules'))),
  );

  test('the demo runs, and writes its files where it was called', () => {
    const { status, stdout, stderr } = losslab('demo');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Device:');
    expect(readdirSync(user).sort()).toEqual([
      'comparison.csv',
      'comparison.png',
      'node_modules',
      'package-lock.json',
      'package.json',
    ]);
    expect(statSync(join(user, 'comparison.png')).size).toBeGreaterThan(10_000);
    expect(runs().map(({ state }) => state)).toEqual(presetNames.map(() => 'finished'));
  });

  test('the screens are served, with inspector and map', async () => {
    const server = spawn('npx', ['losslab', 'serve', '--json'], {
      ...inFolder(user),
      detached: process.platform !== 'win32',
    });
    onTestFinished(() => void (process.platform === 'win32' ? server.kill() : process.kill(-server.pid!, 'SIGKILL')));
    let output = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const line = await eventually('the address', () => /^\{.*\}$/m.exec(output)?.[0]);
    const screen = await expectScreens((JSON.parse(line) as { address: string }).address, runs()[0]!.id);
    screen.socket.close();
  });

  test('devices are tried in a process of their own, and the verdict is reckoned in a thread', () => {
    expect(losslab('devices')).toMatchObject({ status: 0, stdout: expect.stringContaining('cpu') });
    expect(losslab('verdict')).toMatchObject({ status: 0, stdout: expect.stringContaining('BM25') });
  });

  test('much text is tokenised in threads', () => {
    // Two threads are worth it from 4,000,000 characters on.
    const row = (i: number): string =>
      JSON.stringify({ question: `word${i} ${'how to '.repeat(300)}`, answer: `word${i} ${'so and so '.repeat(10)}` });
    writeFileSync(join(folder, 'long.jsonl'), Array.from({ length: 2000 }, (_, i) => row(i)).join('\n'));
    expect(losslab('import', '--jsonl', join(folder, 'long.jsonl'))).toMatchObject({ status: 0, stderr: '' });
    const settings = ['max_length=32', 'epochs=1', 'batch_size=512', 'device=cpu'].flatMap((each) => ['--set', each]);
    expect(losslab('train', '--data', 'long', '--config', 'infonce_standard', ...settings)).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  test('an older Node is refused in words', () => {
    const older = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', older, join(user, 'node_modules/losslab/bin/losslab.mjs'), '--version'],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([
      1,
      'losslab: Node 22 or later is needed; this is 20.19.0.\nInstall a newer one: https://nodejs.org\n',
    ]);
  });
});

/** Within 3 % of the figure in README: a new dependency or a forgotten folder changes more. */
function expectStated(what: 'tarball' | 'installed', bytes: number): void {
  const line = /(\d+) MB to download, (\d+) MB once installed/.exec(readFileSync(join(project, 'README.md'), 'utf8'))!;
  const stated = Number(line[what === 'tarball' ? 1 : 2]);
  const found = bytes / megabyte;
  expect(
    Math.abs(found - stated) / stated,
    `README says ${stated} MB (${what}); it is ${found.toFixed(1)} MB. Find out what changed it, or correct README.`,
  ).toBeLessThan(0.03);
}

/** Why its dependencies cannot be installed here; null where they can. */
function whyNoRegistry(): string | null {
  try {
    npm(folder, 'view', 'zod', 'version', '--fetch-retries=0', '--fetch-timeout=20000');
    return null;
  } catch (error) {
    const line = /^npm error (?!code|errno|syscall)(.*)$/m.exec((error as { stderr: string }).stderr)?.[1];
    return `the package registry does not answer: ${line ?? 'npm does not say why'}`;
  }
}

function npm(place: string, ...args: string[]): string {
  return execFileSync('npm', args, { ...inFolder(place), encoding: 'utf8', maxBuffer: 16 * megabyte });
}

function losslab(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('npx', ['losslab', ...args], { ...inFolder(user), encoding: 'utf8' });
}

/** As in a terminal there: npm tells programs that it starts, these tests among them, about this project. */
function inFolder(place: string) {
  const outer = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|config_local_prefix)|INIT_CWD)/i.test(name),
  );
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  return {
    cwd: place,
    env: { ...Object.fromEntries(outer), PATH: path, LOSSLAB_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    // Where these programs are scripts.
    shell: process.platform === 'win32',
  };
}

function runs() {
  using store = openStore(openHome(home));
  return store.listRuns();
}

function firstOf<T>(list: readonly T[] | Record<string, T>): T {
  return Object.values(list)[0]!;
}

function sizeOf(place: string): number {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
