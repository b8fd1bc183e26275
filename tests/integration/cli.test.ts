import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { presetNames } from '../../src/lab/experiments/presets.ts';
import type { Manifest } from '../../src/shared/manifest.ts';
import type { ChosenDevice, DeviceReport } from '../../src/shared/device.ts';
import type { Bm25Baseline, Comparison } from '../../src/shared/comparison.ts';
import type { Evaluation, RecordedEvent, Run } from '../../src/shared/history.ts';
import { losslab, losslabJson, startLosslab } from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { writeCsvPair, writeRankedJson } from '../helpers/tinyData.ts';

// Whole processes, several per test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const folder = sharedFolder();
const home = join(folder, 'home');
const csv = writeCsvPair(folder);
const rankedJson = writeRankedJson(folder);
const quick = ['--device', 'cpu', '--set', 'batch_size=8', '--set', 'epochs=2', '--set', 'embed_dim=32'];

interface ListedDataset {
  readonly name: string;
  readonly manifest: Manifest;
}

/** Runs of one experiment with every preset, trained once for the tests that look at runs. */
let trained: Comparison;
beforeAll(async () => {
  await losslabJson(home, 'import', '--questions', csv.questions, '--answers', csv.answers, '--name', 'tiny');
  trained = await losslabJson(home, 'train', '--config', ...presetNames, '--data', 'tiny', ...quick);
});

describe('import', () => {
  test('CSV: says what is in the dataset, and how the files were read', async () => {
    const { code, stdout } = await losslab(
      home,
      'import',
      '--questions',
      csv.questions,
      '--answers',
      csv.answers,
      '--name',
      'spoken',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Dataset spoken: 40 questions, 100 answers');
    expect(stdout).toContain('with one answer 10, with two or more 30');
    expect(stdout).toMatch(/Questions\.csv: utf-8/);
  });

  test('ranked_qa.json, named after its folder, with a limit', async () => {
    const place = join(folder, 'my data');
    mkdirSync(place);
    const { code, stdout } = await losslab(home, 'import', '--json', writeRankedJson(place), '--limit', '12');
    expect(code).toBe(0);
    expect(stdout).toContain('Dataset my-data: 12 questions');
  });

  test('--json prints the manifest; with a file it is the file to import', async () => {
    const { manifest } = await losslabJson<{ manifest: Manifest }>(
      home,
      'import',
      '--json',
      rankedJson,
      '--name',
      'machine',
    );
    expect(manifest).toMatchObject({
      name: 'machine',
      counts: { questions: 40, answers: 100 },
      source: { kind: 'json' },
    });
  });

  test('a name that is taken is refused, and replaced on request', async () => {
    const again = ['import', '--json', rankedJson, '--name', 'taken'];
    expect((await losslab(home, ...again)).code).toBe(0);
    const refused = await losslab(home, ...again);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('A dataset "taken" already exists');
    expect((await losslab(home, ...again, '--replace')).code).toBe(0);
  });
});

describe('datasets and export-dataset', () => {
  test('datasets lists what was imported', async () => {
    const { code, stdout } = await losslab(home, 'datasets');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiny +40 +100 +30 +csv$/m);
    const listed = await losslabJson<ListedDataset[]>(home, 'datasets');
    expect(listed.find(({ name }) => name === 'tiny')?.manifest.counts.questions).toBe(40);
  });

  test('an exported dataset imports as the same questions', async () => {
    const file = join(folder, 'exported.json');
    const { code, stdout } = await losslab(home, 'export-dataset', 'tiny', '--json', file);
    expect(code).toBe(0);
    expect(stdout).toContain(`40 questions written to ${file}`);
    await losslabJson(home, 'import', '--json', file, '--name', 'round-trip');
    const listed = await losslabJson<ListedDataset[]>(home, 'datasets');
    const hashOf = (name: string): string => listed.find((dataset) => dataset.name === name)!.manifest.content.sha256;
    expect(hashOf('round-trip')).toBe(hashOf('tiny'));
  });

  test('export-dataset --json F --json prints the result as JSON', async () => {
    const file = join(folder, 'exported-too.json');
    expect(await losslabJson(home, 'export-dataset', 'tiny', '--json', file)).toEqual({ file, questions: 40 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(40);
  });
});

describe('train', () => {
  test('every preset, under the same conditions', () => {
    // What losses are differs, and is said; what they are trained under does not.
    expect(trained.warnings).toEqual([]);
    expect(trained.notes).toMatchObject(
      [/^The losses compare a question/, /^A step encodes/].map((text) => expect.stringMatching(text) as unknown),
    );
    expect(trained.baselines).toHaveLength(1);
    expect(trained.runs.map(({ state, steps_done }) => ({ state, steps_done }))).toEqual(
      presetNames.map(() => ({ state: 'finished', steps_done: 8 })),
    );
    for (const run of trained.runs) expect(run.last['mrr@10'], run.name).toBeGreaterThan(0);
  });

  test('shows its progress, and the untrained encoder as the first row', async () => {
    const file = join(folder, 'mine.json');
    writeFileSync(
      file,
      JSON.stringify({
        loss_type: 'rank_infonce_rank0.2_t0.3',
        data_path: rankedJson,
        encoder: 'mini',
        n_layers: 1,
        embed_dim: 32,
        n_heads: 2,
        hidden_dim: 64,
        batch_size: 16,
        epochs: 1,
        device: 'cpu',
      }),
    );
    const { code, stdout, stderr } = await losslab(join(folder, 'mini-home'), 'train', '--config', file);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('Device: cpu (asked for)');
    expect(stdout).toContain('Dataset: ranked_qa-');
    expect(stdout).toMatch(/mine +step 2\/2 +MRR@10 [01]\.\d{3} +loss \d/);
    const rows = stdout.split('\n').slice(stdout.split('\n').findIndex((line) => line.startsWith('──')) + 1);
    expect(rows[0]).toContain('untrained');
    expect(rows[1]).toMatch(/^ +BM25 +\*?[01]\.\d{4}/);
    expect(rows[2]).toMatch(/mine.*finished/);
    expect(stdout).toMatch(/Runs: \w{4}-rank_infonce/);
  });
});

describe('runs, show, compare', () => {
  test('runs lists the runs in the order of their creation', async () => {
    const runs = await losslabJson<Run[]>(home, 'runs');
    expect(runs.map(({ configuration }) => configuration.recipe.strategy.name)).toEqual([
      'infonce',
      'infonce',
      'multiple_positives',
      'multiple_positives',
      'hard_negative',
      'triplet',
      'listwise',
    ]);
    const { code, stdout } = await losslab(home, 'runs');
    expect(code).toBe(0);
    for (const { id } of runs) expect(stdout).toMatch(new RegExp(`^${id} .* finished +8/8`, 'm'));
  });

  test('show tells what a run is and what it reached, by the beginning of its id', async () => {
    const { id } = trained.runs.find(({ recipe }) => recipe.loss.name === 'triplet')!;
    const { code, stdout } = await losslab(home, 'show', id.slice(0, 4));
    expect(code).toBe(0);
    expect(stdout).toContain(`${id} (Triplet with Hard Negatives), finished`);
    expect(stdout).toMatch(/Loss +triplet \(margin 0\.2\)/);
    expect(stdout).toMatch(/^ +0 {2}.*\n +4 {2}.*\n +8 {2}/m);
    const shown = await losslabJson<{ run: Run; evaluations: Evaluation[]; events: RecordedEvent[] }>(home, 'show', id);
    expect(shown.run.id).toBe(id);
    expect(shown.evaluations.map(({ step }) => step)).toEqual([0, 4, 8]);
    expect(shown.events.map(({ event }) => event.type)).toEqual(['started', 'checkpoint', 'checkpoint', 'finished']);
  });

  test('compare takes the newest experiment, or the runs it is given', async () => {
    expect((await losslabJson<Comparison>(home, 'compare')).runs).toHaveLength(7);
    const [first, second] = trained.runs.map(({ id }) => id) as [string, string];
    const two = await losslabJson<Comparison>(home, 'compare', first, second);
    expect(two.runs.map(({ id }) => id).sort()).toEqual([first, second].sort());
  });

  test('compare has a row for each recipe where it is asked to, and BM25 in its JSON', async () => {
    const { stdout } = await losslab(home, 'compare', '--by', 'recipe');
    expect(stdout).toMatch(/^name +seeds +mrr@10/m);
    expect(stdout).toMatch(/^Triplet with Hard Negatives +1 +\*?[01]\.\d{4} /m);
    expect(stdout).not.toContain(trained.runs[0]!.id.slice(0, 4));
    const { bm25, recipes } = await losslabJson<Comparison & { bm25: Bm25Baseline[] }>(home, 'compare');
    expect(recipes).toHaveLength(7);
    expect(bm25).toMatchObject([{ name: 'BM25', missing: null }]);
    expect(bm25[0]!.runs).toHaveLength(7);
  });

  test('compare writes one CSV row per run, and a chart', async () => {
    const files = { csv: join(folder, 'comparison.csv'), png: join(folder, 'comparison.png') };
    const { code, stdout, stderr } = await losslab(home, 'compare', '--csv', files.csv, '--png', files.png);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`Written: ${files.csv}`);
    const [headings, ...rows] = readFileSync(files.csv, 'utf8').trim().split(/\r?\n/);
    expect(headings).toMatch(/mrr@10/);
    for (const { id } of trained.runs) expect(rows.filter((row) => row.includes(id))).toHaveLength(1);
    const png = readFileSync(files.png);
    expect(png.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    expect(png.readUInt32BE(16)).toBeGreaterThan(400);
  });
});

test('devices: the CPU works, and auto says what it chose and why', async () => {
  const { devices, auto } = await losslabJson<{ devices: DeviceReport[]; auto: ChosenDevice }>(home, 'devices');
  expect(devices.map(({ device }) => device)).toEqual(['cpu', 'webgpu']);
  expect(devices[0]).toMatchObject({ problem: null, selfTest: { gflops: expect.any(Number) } });
  expect(auto.reason).not.toBe('');
});

describe.concurrent('help and mistakes', () => {
  const commands = [
    'import',
    'datasets',
    'train',
    'resume',
    'runs',
    'show',
    'compare',
    'demo',
    'devices',
    'export-dataset',
  ];

  test('--help of the program names every command, and each command explains itself', async () => {
    const { code, stdout } = await losslab(home, '--help');
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
    const helps = await Promise.all(commands.map((command) => losslab(home, command, '--help')));
    helps.forEach((help, index) => {
      expect(help.code, commands[index]).toBe(0);
      expect(help.stdout).toContain(`Usage: losslab ${commands[index]}`);
      expect(help.stdout).toContain('--home <folder>');
      expect(help.stdout).toContain('--json');
    });
  });

  test.each([
    ['an unknown command', ['trian'], /unknown command 'trian'.*Did you mean train/s],
    ['help on an unknown command', ['nonsense', '--help'], /unknown command 'nonsense'.*"losslab --help" lists/s],
    ['an unknown option', ['runs', '--colour'], /unknown option '--colour'/],
    ['a missing argument', ['show'], /missing required argument 'run'/],
    ['a missing option', ['train'], /required option '--config/],
    ['a limit that is no number', ['import', '--limit', 'many'], /whole number/],
    ['half an import', ['import', '--questions', csv.questions], /--questions and --answers belong together/],
    ['an unknown run', ['show', 'zzzz'], /zzzz/],
    ['an unknown dataset', ['export-dataset', 'nowhere', '--json', 'x.json'], /There is no dataset "nowhere"/],
    ['an unknown file', ['import', '--json', 'nowhere.json', '--name', 'n'], /nowhere\.json/],
    ['an assignment without a value', ['train', '--config', 'listwise', '--set', 'epochs'], /Expected key=value/],
  ])('%s: told plainly, with an exit code that is not 0', async (_, args, message) => {
    const { code, stdout, stderr } = await losslab(home, ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    if (!args.includes('--json')) expect(stdout).toBe('');
  });

  test.each([
    ['an error of the lab', ['show', 'zzzz', '--json'], 'usage'],
    ['a command line that cannot be understood', ['runs', '--colour', '--json'], 'usage'],
    ['a configuration', ['train', '--config', 'listwise', '--set', 'epochz=1', '--json'], 'configuration'],
  ])('with --json, %s is JSON too', async (_, args, code) => {
    const result = await losslab(home, ...args);
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout)).toEqual({
      error: { code, message: expect.stringMatching(/\w/), fix: expect.any(String) },
    });
  });

  test('--home wins over LOSSLAB_HOME', async () => {
    const other = join(folder, 'other-home');
    const result = await startLosslab(home, ['runs', '--home', other]).ended;
    expect(result.stdout).toContain('No runs yet');
    expect(existsSync(join(other, 'losslab.db'))).toBe(true);
  });

  test('a reader of the output who leaves ends the command without a word', async () => {
    const command = startLosslab(home, ['compare', '--json', ...trained.runs.map(({ id }) => id)]);
    command.process.stdout!.destroy();
    const { code, stderr } = await command.ended;
    expect(code).toBe(141);
    expect(stderr).toBe('');
  });
});
