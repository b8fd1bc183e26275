import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { killedRun } from '../../checks/faults/kill/configuration.ts';
import { endingOf, type Ending } from '../../checks/faults/runs/ending.ts';
import { Lab, undisturbedEnding } from '../../checks/faults/runs/lab.ts';
import { createRun, trainOwned } from '../../checks/faults/runs/ownedRun.ts';
import type { DeviceReport } from '../../src/shared/device.ts';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { losslab, losslabJson, onlyRun, type CommandResult } from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { tinyQuestions, writeRankedJson } from '../helpers/tinyData.ts';

/* What goes wrong, what the user is told, and what is never lost. */

// Whole processes, several per test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const folder = sharedFolder();
const data = writeRankedJson(folder);

type Settings = Record<string, string | number>;

function set(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
}

function train(home: string, settings: Settings = {}, config = 'infonce_standard'): string[] {
  return [
    'train',
    '--home',
    home,
    '--config',
    config,
    ...set({ data_path: data, device: 'cpu', batch_size: 8, epochs: 2, embed_dim: 32, ...settings }),
  ];
}

function newHome(name: string): string {
  return join(folder, name);
}

/** Of the only run of a home, the newest first. */
function checkpoints(home: string, run = onlyRun(home).id): string[] {
  const place = join(home, 'runs', run);
  return readdirSync(place)
    .filter((name) => name.startsWith('checkpoint-'))
    .sort((a, b) => Number(/\d+/.exec(b)) - Number(/\d+/.exec(a)))
    .map((name) => join(place, name));
}

function expectRefused(result: CommandResult, ...parts: (string | RegExp)[]): void {
  expect(result.code).toBe(1);
  for (const part of parts) expect(result.stderr).toMatch(part);
  expect(result.stderr, 'a stack trace is for defects').not.toMatch(/^ +at /m);
}

describe('a run that cannot go on', () => {
  // Weight decay of -999 per step: finite for a while, and then not.
  const diverging = { learning_rate: 1000, weight_decay: 1, epochs: 10 };

  test('NaN loss: failed, the value recorded as it is, the last good checkpoint kept', async () => {
    const home = newHome('nan');
    const { code, stdout, stderr } = await losslab(home, ...train(home, diverging));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /failed: The loss became NaN at step \d+\. The run stops; earlier checkpoints are kept\.\nTry a lower learning_rate/,
    );
    expect(stdout).toMatch(/untrained/);
    const run = onlyRun(home);
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'training' } });
    using store = openStore(openHome(home));
    const losses = store.stepMetrics(run.id, 'loss');
    expect(losses.at(-1)).toEqual({ step: run.steps_done, value: NaN });
    expect(losses.slice(0, -1).every(({ value }) => Number.isFinite(value))).toBe(true);
    expect(checkpoints(home).map((file) => file.split('-').at(-1))).toEqual(['4.safetensors']);
    expect(run.encoder).toBeNull();

    // It can be looked at like any other, and trying again from the checkpoint says the same.
    expect((await losslab(home, 'show', run.id)).stdout).toContain('The loss became NaN');
    const again = await losslab(home, 'resume', run.id);
    expectRefused(again, `The loss became NaN at step ${run.steps_done}`);
    expect(store.stepMetrics(run.id, 'loss')).toEqual(losses);
  });

  test('the runs after a failed one are trained all the same', async () => {
    const home = newHome('failed-and-others');
    mkdirSync(home);
    const single = writeRankedJson(
      home,
      tinyQuestions(30, () => 1),
    );
    const { code, stdout, stderr } = await losslab(
      home,
      ...train(home, { data_path: single }, 'listwise'),
      '--config',
      'infonce_standard',
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Listwise Ranking failed: /m);
    expect(stdout).toMatch(/Listwise Ranking .*failed/);
    expect(stdout).toMatch(/InfoNCE Standard .*finished/);
  });
});

describe('a damaged checkpoint', () => {
  let lab: Lab;
  let undisturbed: Ending;
  beforeAll(async () => {
    lab = await Lab.open();
    undisturbed = await undisturbedEnding(lab, killedRun);
  });
  afterAll(() => lab[Symbol.dispose]());

  test.each([
    [
      'altered',
      (file: string) => {
        const handle = openSync(file, 'r+');
        writeSync(handle, Buffer.from([0x3f]), 0, 1, statSync(file).size - 2);
        closeSync(handle);
      },
    ],
    ['torn', (file: string) => truncateSync(file, statSync(file).size / 2)],
  ])('%s: the one before is used, and said', async (_, damage) => {
    const { store, dataset } = lab;
    const id = createRun(store, dataset, killedRun);
    await trainOwned(
      store,
      id,
      dataset,
      (moment, trainer) => void (moment.type === 'step' && moment.step === 20 && trainer.stop()),
    );
    const [newest, before] = checkpoints(store.home.folder, id) as [string, string];
    damage(newest);
    const { code, stdout } = await losslab(store.home.folder, 'resume', id);
    expect(code).toBe(0);
    expect(stdout).toContain(newest);
    expect(stdout).toContain(`Continuing from step ${/checkpoint-(\d+)/.exec(before)![1]}.`);
    expect(endingOf(store, id)).toEqual(undisturbed);
    expect(store.events(id).map(({ event }) => event.type)).toContain('notice');
  });
});

describe.concurrent('refused before anything is trained', () => {
  const home = newHome('refusing');

  test('answers that stand alone, with a loss that compares them', async () => {
    const place = newHome('single');
    mkdirSync(place);
    const single = writeRankedJson(
      place,
      tinyQuestions(30, () => 1),
    );
    const result = await losslab(place, ...train(place, { data_path: single }, 'hard_negative'));
    expectRefused(
      result,
      'batch_transform "hard_negative" needs at least two training questions with 2 or more answers each; 0 of 24 have them (24 with 1 answer)',
      'batch_transform "infonce", which needs one',
    );
    expect(onlyRun(place)).toMatchObject({ state: 'failed', steps_done: 0, failure: { code: 'data' } });
  });

  test.each<[string, string[], (string | RegExp)[]]>([
    ['a batch of one', train(home, { batch_size: 1 }), [/^losslab: batch_size: .*found 1\.$/m]],
    [
      'an unknown key',
      train(home, { learing_rate: 0.1 }),
      ['"learing_rate" is not a configuration key.', 'Did you mean "learning_rate"?'],
    ],
    [
      'an impossible combination',
      train(home, { loss_type: 'listwise' }),
      [
        'loss_type "listwise" does not support batch_transform "infonce"',
        'Set batch_transform to "listwise", or loss_type to "infonce", "standard_infonce", "rank_infonce", "hardness_infonce", "decoupled_infonce" or "batch_triplet".',
      ],
    ],
    ['an unknown device', [...train(home), '--set', 'device=tpu'], [/device: .*"cpu".*found "tpu"/]],
    [
      'an unknown encoder',
      train(home, { encoder: 'word2vec' }),
      ['encoder "word2vec" is not an encoder.', 'Use static, mini, distilbert'],
    ],
    ['a folder of weights that is not there', train(home, { encoder: './nowhere', embed_dim: 768 }), [/nowhere/]],
    [
      'an unknown dataset',
      [...train(home), '--data', 'nowhere'],
      ['There is no dataset "nowhere".', 'Datasets: sample'],
    ],
    [
      'a data_path that is not there',
      train(home, { data_path: '/nowhere/ranked_qa.json' }),
      ['data_path "/nowhere/ranked_qa.json" does not exist'],
    ],
    ['no data at all', ['train', '--home', home, '--config', 'listwise'], ['The dataset is missing']],
    [
      'a configuration that is not there',
      ['train', '--home', home, '--config', 'nowhere.json'],
      ['There is no configuration file "nowhere.json".', 'Presets: infonce_standard'],
    ],
  ])('%s', async (_, args, parts) => {
    expectRefused(await losslab(home, ...args), ...parts);
  });

  test.each([
    ['not JSON', '{"epochs": 1,', 'is not JSON'],
    ['a list', '[1]', 'contains a list; expected an object'],
    ['null', 'null', 'contains null; expected an object'],
  ])('a configuration file that is %s', async (name, text, message) => {
    const file = join(folder, `${name.replace(' ', '-')}.json`);
    writeFileSync(file, text);
    expectRefused(await losslab(home, 'train', '--config', file), file, message);
  });

  test('runs of one experiment that differ in their budget', async () => {
    const longer = join(folder, 'longer.json');
    writeFileSync(longer, JSON.stringify({ data_path: data, epochs: 9 }));
    expectRefused(
      await losslab(home, 'train', '--config', 'infonce_standard', longer, ...set({ data_path: data })),
      'differ in epochs',
      '--set epochs=',
    );
  });

  test('webgpu without a driver: no other device takes its place', async ({ skip }) => {
    const { devices } = await losslabJson<{ devices: DeviceReport[] }>(home, 'devices');
    const { problem } = devices.find(({ device }) => device === 'webgpu')!;
    if (problem === null) return skip('this machine has a WebGPU driver');
    expectRefused(await losslab(home, ...train(home, { device: 'webgpu' })), problem, 'Set device to "cpu"');
  });
});

describe('a home folder that cannot be used', () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const places = [join(file, 'home'), file, ...(existsSync('/proc/self') ? ['/proc/losslab'] : [])];

  test.each(places)('%s', async (home) => {
    expectRefused(await losslab(home, 'runs'), `Cannot write to the home folder ${home}: `, '--home or LOSSLAB_HOME');
  });
});

/** A disk of its own, of so many bytes; null where this user may not mount one. */
function smallDisk(name: string, bytes: number): string | null {
  const place = newHome(name);
  mkdirSync(place);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', place], { stdio: 'ignore' });
  } catch {
    return null;
  }
  afterAll(() => void execFileSync('umount', ['-l', place]));
  return place;
}

describe('a disk that is full', () => {
  const disk = smallDisk('disk', 48e6);

  test.skipIf(disk === null)(
    'found out before training, with both sizes (needs the right to mount a disk)',
    async () => {
      const result = await losslab(disk!, ...train(disk!, { embed_dim: 16384 }));
      expectRefused(
        result,
        /Training this encoder needs [\d.]+ [kMG]?B in .*; its disk has [\d.]+ [kMG]?B free/,
        'Free some space',
      );
      expect(onlyRun(disk!).state).toBe('interrupted');
    },
  );
});

describe('two programs on one home', () => {
  test('a second experiment trains, and a run that is being trained is not resumed by another', async () => {
    using lab = await Lab.open();
    const { store, dataset } = lab;
    const { id } = store.claim(createRun(store, dataset, killedRun));
    const [claimed, second] = await Promise.all([
      losslab(store.home.folder, 'resume', id),
      losslab(store.home.folder, ...train(store.home.folder, {}, 'listwise')),
    ]);
    expectRefused(
      claimed,
      `Run ${id} cannot be written now: process ${process.pid} is training it.`,
      'You can read the run meanwhile',
    );
    expect(second.code).toBe(0);
    expect(store.listRuns().map(({ state, steps_done }) => ({ state, steps_done }))).toEqual([
      { state: 'running', steps_done: 0 },
      { state: 'finished', steps_done: 8 },
    ]);
  });
});
