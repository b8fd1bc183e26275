import { execFileSync, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { makeArchive, quickest } from '../../scripts/bundle/archive.ts';
import { requireScreens } from '../../src/cli/screens.ts';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { eventually } from '../helpers/commandLine.ts';
import { makeEmptyRoot, startInRoot, whyNoEmptyRoot } from '../helpers/emptyRoot.ts';
import { answer, expectScreens } from '../helpers/servedScreens.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';

/* The archive of `npm run bundle`, where there is neither Node nor a network, nor anything else. */

// A busy machine takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

const presets = ['infonce_standard', 'listwise'];
const missing = whyNoEmptyRoot();
const root = sharedFolder();
let archive: string;

describe.skipIf(missing !== null)(`in an empty root${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    await requireScreens(() => undefined);
    const { file, bytes } = await makeArchive(root, quickest);
    // `npm run bundle` holds the archive to 60 MB; packed quickly it is a quarter larger.
    expect(bytes).toBeLessThan(75e6);
    execFileSync('tar', ['--extract', '--file', file, '--directory', root]);
    archive = `/${basename(file, '.tar.xz')}`;
    makeEmptyRoot(
      root,
      lines('lib/native.txt').map((part) => join(root, archive, part)),
    );
  });

  // What the demo does, with two of its seven losses and a part of the sample: every native part takes part.
  test('losses are trained and compared, which leaves the files asked for and nothing else', async () => {
    const settings = ['limit=100', 'epochs=1'].flatMap((setting) => ['--set', setting]);
    const training = await losslab('train', '--data', 'sample', '--config', ...presets, ...settings);
    expect([training.code, training.stderr]).toEqual([0, '']);
    expect(training.stdout).toContain('Device: cpu');
    const comparing = await losslab('compare', '--csv', 'comparison.csv', '--png', 'comparison.png');
    expect([comparing.code, comparing.stderr]).toEqual([0, '']);
    expect(readdirSync(join(root, 'tmp')).sort()).toEqual(['comparison.csv', 'comparison.png', 'home']);
    expect(statSync(join(root, 'tmp/comparison.png')).size).toBeGreaterThan(10_000);
    expect(runs()).toHaveLength(presets.length);
  });

  test('the screens are served as they were built, with inspector and map', async () => {
    const screen = await expectScreens(await serve(), runs()[0]!);
    // Here the system has no name for whoever runs it.
    expect(await answer(screen, 'lab.diagnostics', {})).toMatchObject({
      result: { text: expect.stringContaining(`commit ${lines('commit')[0]}`) },
    });
  });

  test('a part of the bench is measured, and written beside the others', async () => {
    expect(await ended(startInRoot(root, [`${archive}/losslab-bench`, 'static']))).toMatchObject({ code: 0 });
    const [result] = JSON.parse(readFileSync(join(root, archive, 'checks/bench/results/cpu.json'), 'utf8')) as {
      part: string;
      commit: string;
    }[];
    expect([result!.part, result!.commit]).toEqual(['static', lines('commit')[0]]);
  });

  test('it is started through a link, too', async () => {
    symlinkSync(`${archive}/losslab`, join(root, 'bin/losslab'));
    expect(await ended(startInRoot(root, ['losslab', '--version']))).toMatchObject({ code: 0 });
  });

  test('a server that lacks something is told what is needed', async () => {
    renameSync(join(root, archive, 'lib/libstdc++.so.6'), join(root, archive, 'lib/elsewhere'));
    const { code, stderr } = await losslab('--version');
    expect(code).toBe(1);
    expect(stderr).toMatch(/glibc 2\.\d+ or newer/);
  });
});

function lines(file: string): string[] {
  return readFileSync(join(root, archive, file), 'utf8')
    .trim()
    .split('\n');
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function losslab(...args: string[]): Promise<Ended> {
  return ended(startInRoot(root, [`${archive}/losslab`, ...args]));
}

function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function runs(): string[] {
  using store = openStore(openHome(join(root, 'tmp/home')));
  return store.listRuns().map(({ id }) => id);
}

/** With the network of this machine, so that it can be reached. */
async function serve(): Promise<string> {
  const server = startInRoot(root, [`${archive}/losslab`, 'serve', '--json'], { network: true });
  onTestFinished(() => void server.kill('SIGKILL'));
  let output = '';
  server.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
  const line = await eventually('the address', () => /^\{.*\}$/m.exec(output)?.[0]);
  return (JSON.parse(line) as { address: string }).address;
}
