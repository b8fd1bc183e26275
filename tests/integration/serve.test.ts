import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { importDataset } from '../../src/lab/data/importDataset.ts';
import {
  eventually,
  hasSignals,
  losslab,
  onlyRun,
  signalGroup,
  startLosslab,
  stepsRecorded,
  trainerOf,
  type StartedCommand,
} from '../helpers/commandLine.ts';
import { openScreen, type TestScreen } from '../helpers/serverClient.ts';
import { temporaryFolder, temporaryHome } from '../helpers/syntheticStore.ts';
import { writeRankedJson } from '../helpers/tinyData.ts';

/* `losslab serve` and `npm start` as processes. */

// The first of them may have to build the screens.
vi.setConfig({ testTimeout: 180_000 });

interface Entrance {
  readonly command: StartedCommand;
  readonly address: string;
  readonly port: number;
  readonly origin: string;
  readonly cookie: string;
  /** Waits until it has written this to stderr. */
  errors(text: string): Promise<unknown>;
}

async function serve(home: string, ...options: string[]): Promise<Entrance> {
  const command = startLosslab(home, ['serve', '--json', ...options]);
  onTestFinished(() => void command.process.kill('SIGKILL'));
  let [output, errors] = ['', ''];
  command.process.stdout!.on('data', (text: string) => (output += text));
  command.process.stderr!.on('data', (text: string) => (errors += text));
  const line = await eventually('the address', () => /^\{.*\}$/m.exec(output)?.[0], 120_000);
  const { address, port } = JSON.parse(line) as { address: string; port: number };
  const token = new URL(address).searchParams.get('token')!;
  return {
    command,
    address,
    port,
    origin: `http://127.0.0.1:${port}`,
    cookie: `losslab-${port}=${token}`,
    errors: (text) => eventually(text, () => errors.includes(text)),
  };
}

async function connect(entrance: Entrance): Promise<TestScreen> {
  const screen = await openScreen(entrance);
  if (typeof screen === 'number') throw new Error(`refused with status ${screen}`);
  return screen;
}

test.skipIf(!hasSignals)('the address that is printed leads to the screens; Ctrl-C ends', async () => {
  const home = temporaryHome();
  const entrance = await serve(home.folder);
  const entered = await fetch(entrance.address, { redirect: 'manual' });
  expect(entered.headers.getSetCookie()[0]).toContain(entrance.cookie);
  const page = await fetch(entrance.origin, { headers: { Cookie: entrance.cookie } });
  expect(await page.text()).toContain('<title>LossLab</title>');
  const upload = await fetch(`${entrance.origin}/files?name=a.csv`, {
    method: 'POST',
    body: 'x',
    headers: { Cookie: entrance.cookie, Origin: entrance.origin },
  });
  expect(upload.status).toBe(200);
  const screen = await connect(entrance);
  screen.call('lab.describe', {});
  expect(await screen.next()).toMatchObject({ result: { home: home.folder } });
  entrance.command.interrupt();
  expect(await entrance.command.ended).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(path.join(home.cache, 'uploads'))).toEqual([]);
});

test.skipIf(!hasSignals)('Ctrl-C ends it as soon as its address is there', async () => {
  const preload = new URL('../helpers/interruptedByItsAddress.ts', import.meta.url).href;
  const command = startLosslab(temporaryHome().folder, ['serve'], tmpdir(), { NODE_OPTIONS: `--import ${preload}` });
  expect(await command.ended).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^LossLab is at /m),
  });
});

test('a port that is taken is said in words, and to machines', async () => {
  const { command, port } = await serve(temporaryHome().folder);
  const { code, stdout, stderr } = await losslab(temporaryHome().folder, 'serve', '--json', '--port', String(port));
  expect(code).toBe(1);
  expect(stderr).toContain('another program uses it');
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage' } });
  command.interrupt();
  await command.ended;
});

test('an address that others can reach comes with a warning', async () => {
  const { command, address } = await serve(temporaryHome().folder, '--host', '0.0.0.0');
  expect(address).toContain('//localhost:');
  command.interrupt();
  expect((await command.ended).stderr).toContain('not encrypted');
});

describe.skipIf(!hasSignals)('while something is being trained', () => {
  async function training(): Promise<{ entrance: Entrance; home: string }> {
    const home = temporaryHome().folder;
    await importDataset({ home, name: 'tiny', source: { kind: 'json', file: writeRankedJson(temporaryFolder()) } });
    const entrance = await serve(home);
    const screen = await connect(entrance);
    const shared = {
      encoder: 'mini',
      embed_dim: 32,
      n_layers: 1,
      n_heads: 2,
      hidden_dim: 64,
      batch_size: 8,
      device: 'cpu',
      epochs: 200,
    };
    screen.call('experiments.create', {
      draft: { name: 'Tiny', dataset: 'tiny', shared, recipes: [{ name: 'one', loss_type: 'infonce' }], seeds: [1] },
      start: true,
    });
    await stepsRecorded(home, 3);
    return { entrance, home };
  }

  test('Ctrl-C stops it after a checkpoint', async () => {
    const { entrance, home } = await training();
    entrance.command.interrupt();
    expect(await entrance.command.ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Stopping after a checkpoint'),
    });
    expect(onlyRun(home)).toMatchObject({ state: 'stopped' });
    expect(readdirSync(path.join(home, 'runs', onlyRun(home).id))).toContainEqual(
      expect.stringMatching(/^checkpoint-\d+\.safetensors$/),
    );
  });

  test('a second Ctrl-C ends at once, checkpoint or not', async (context) => {
    if (process.platform !== 'linux') context.skip('finds the training process in /proc');
    const { entrance } = await training();
    const trainer = await trainerOf(entrance.command);
    onTestFinished(() => void process.kill(trainer, 'SIGKILL'));
    // It will write no checkpoint.
    process.kill(trainer, 'SIGSTOP');
    entrance.command.interrupt();
    await entrance.errors('Stopping after a checkpoint');
    // Its output stays open as long as the trainer that shares it stands still.
    const exit = once(entrance.command.process, 'exit');
    entrance.command.interrupt();
    expect(await exit).toEqual([130, null]);
  });
});

test.skipIf(!hasSignals)('without a display, npm start says so and serves', async () => {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...environment } = process.env;
  const script = fileURLToPath(new URL('../../scripts/start.ts', import.meta.url));
  const child = spawn(process.execPath, [script], {
    env: { ...environment, LOSSLAB_HOME: temporaryHome().folder },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await eventually('the address', () => output.includes('?token='), 120_000);
  if (process.platform === 'linux')
    expect(output).toContain(
      'No display was found (neither DISPLAY nor WAYLAND_DISPLAY is set). Opening the screens in a browser instead:\nLossLab is at http://127.0.0.1:',
    );
  const ended = new Promise((resolve) => child.on('close', resolve));
  signalGroup(child, 'SIGINT');
  expect(await ended).toBe(0);
});
