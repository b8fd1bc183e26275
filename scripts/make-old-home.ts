/**
 * Makes `tests/fixtures/home-0.1`: a home of LossLab 0.1 and the answers of that version about it, for
 * `tests/integration/oldHome.test.ts`. Needed again only for more answers of that version: ids, times and the step of
 * the stopped run change each time, and so does everything under `expected/`.
 *
 * node scripts/make-old-home.ts checks that version out, installs, runs, removes node scripts/make-old-home.ts --from
 * DIR uses a checkout of that version that has its packages
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { LabClient } from '../src/shared/contract/contract.ts';
import type { Run } from '../src/shared/history.ts';
import * as old from '../tests/helpers/oldHome.ts';
import { processorKind } from '../tests/helpers/processor.ts';
import { oldCommit, openOldCheckout } from './oldCheckout.ts';

using version = openOldCheckout();
const home = join(version.work, 'home');

// --- The home -----------------------------------------------------------------------------------------------------

async function writeHome(): Promise<old.OldRuns> {
  version.losslab(home, 'demo');
  version.losslab(home, 'train', ...twoSeeds);
  version.losslab(home, 'export-dataset', 'sample', '--json', join(version.work, 'sample.json'));
  version.losslab(home, 'import', '--json', join(version.work, 'sample.json'), '--name', 'tiny', '--limit', '60');
  const stopped = await withScreen(trainAndStop);
  const planned = await withScreen((screen) => create(screen, plannedDraft, false));
  return idsOf(stopped, planned);
}

const tinyTransformer = [
  'n_layers=1',
  'n_heads=2',
  'hidden_dim=32',
  'embed_dim=16',
  'projection_dim=16',
  'max_length=48',
];
const small = ['vocabulary_size=600', 'limit=150', 'batch_size=16', 'epochs=3', 'dropout=0.1'];
const twoSeeds = [
  ...['--config', 'infonce_random', 'multiple_positives_rank', 'listwise', '--seeds', '1', '2'],
  ...['--data', 'sample', '--encoder', 'mini', '--device', 'cpu'],
  ...[...tinyTransformer, ...small].flatMap((setting) => ['--set', setting]),
];

const stoppedDraft = {
  name: 'Stopped',
  dataset: 'tiny',
  shared: {
    ...{ encoder: 'distilbert', n_layers: 1, n_heads: 2, hidden_dim: 32, embed_dim: 16, projection_dim: 16 },
    ...{ vocabulary_size: 400, max_length: 32, batch_size: 8, learning_rate: 0.001, device: 'cpu' },
    ...{ epochs: 30, checkpoint_interval: 10, eval_steps: 60 },
  },
  recipes: [
    { name: 'Finished', loss_type: 'infonce' },
    { name: 'Stopped', loss_type: 'triplet', batch_transform: 'triplet', neg_strategy: 'mixed' },
  ],
  seeds: [3],
};
const plannedDraft = { ...stoppedDraft, name: 'Planned', dataset: 'sample', seeds: [1, 2] };

interface OldService {
  connect(notify: () => void): LabClient;
  close(): Promise<void>;
}

/** The lab of that version, for a screen. */
async function withScreen<T>(use: (screen: LabClient) => Promise<T>): Promise<T> {
  type Create = { createLabService: (lab: object) => OldService };
  const { createLabService } = await version.module<Create>('src/lab/service/service.ts');
  const { openHome } = await version.module<{ openHome: (folder: string) => object }>('src/lab/store/home.ts');
  const { launcher } = await version.module<{ launcher: object }>('src/cli/launcher.ts');
  const service = createLabService({ home: openHome(home), launcher });
  try {
    return await use(service.connect(() => undefined));
  } finally {
    await service.close();
  }
}

async function create(screen: LabClient, draft: object, start: boolean): Promise<string> {
  const { id } = await screen.call('experiments.create', { draft: draft as typeof stoppedDraft, start });
  await screen.call('experiments.setTags', { id, tags: ['old', 'kept'] });
  await screen.call('experiments.setNote', { id, note: 'A note of version 0.1.' });
  return id;
}

/** Trains the first run to its end and stops the second after a few steps. */
async function trainAndStop(screen: LabClient): Promise<string> {
  const id = await create(screen, stoppedDraft, true);
  for (let asked = false; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const { runList } = await screen.call('experiments.details', { id });
    const second = runList[1]!;
    if (second.status === 'stopped') return id;
    if (['failed', 'finished'].includes(second.status)) throw new Error(`The second run has ${second.status}.`);
    if (second.steps_done > 20 && !asked) await screen.call('experiments.cancel', { id });
    asked ||= second.steps_done > 20;
  }
}

function idsOf(stopped: string, planned: string): old.OldRuns {
  const byExperiment = Map.groupBy(version.losslabJson<Run[]>(home, 'runs'), ({ experiment }) => experiment);
  const [demo, seeds] = [...byExperiment.keys()];
  const runsOf = (experiment: string): string[] => byExperiment.get(experiment)!.map(({ id }) => id);
  return {
    demo: runsOf(demo!),
    seeds: runsOf(seeds!),
    stopped: runsOf(stopped) as [string, string],
    experiments: { demo: demo!, seeds: seeds!, stopped, planned },
  };
}

// --- What is kept of it -------------------------------------------------------------------------------------------

function keepHome({ demo, seeds, stopped }: old.OldRuns): void {
  const kept = join(old.oldHome, 'home');
  rmSync(kept, { recursive: true, force: true });
  for (const run of [...seeds, stopped[0]]) keep(`runs/${run}/encoder`);
  for (const file of readdirSync(join(home, 'runs', stopped[1]))) keep(`runs/${stopped[1]}/${file}`);
  keep('datasets');
  writeFileSync(join(old.oldHome, 'losslab.db.gz'), gzipSync(readFileSync(join(home, 'losslab.db')), { level: 9 }));
  console.log(`${demo.length + seeds.length + stopped.length} runs written to ${old.oldHome}`);
}

function keep(path: string): void {
  cpSync(join(home, path), join(old.oldHome, 'home', path), { recursive: true });
}

// --- What that version says ---------------------------------------------------------------------------------------

async function writeExpected(runs: old.OldRuns): Promise<void> {
  mkdirSync(join(old.oldHome, 'expected'), { recursive: true });
  const spoken = old.questionsAboutHistory(runs).map((question) => answerTo(question));
  const answers = [
    ...spoken,
    ...old.questionsAboutEncoders(runs).map((question) => answerTo(question)),
    ...(await answersToScreens(runs)),
    answer('scores', written('trec', old.writtenRankings(runs), old.scoresIn)),
    answer('resumed', resumed(runs)),
  ];
  const figures = Object.fromEntries(answers.map(({ name, figures }) => [name, figures]));
  const said = spoken.flatMap(({ name, sentences }) => (sentences ? [[name, sentences]] : []));
  writeFileSync(old.expectedFile('answers.json.br'), brotliCompressSync(JSON.stringify(figures)));
  writeJson('sentences.json', Object.fromEntries(said));
  writeJson('files.json', hashesOfFiles(runs));
  for (const [name, command] of Object.entries(old.writtenTexts(runs))) {
    version.losslab(home, ...command(old.expectedFile(name)));
  }
  writeFileSync(
    old.expectedFile('verdicts.txt'),
    old.verdictTexts(runs, (question) => version.losslab(home, ...question)),
  );
  writeJson('runs.json', runs);
  writeJson('origin.json', { commit: oldCommit, home, processor: processorKind() } satisfies old.Origin);
}

type Answer = ReturnType<typeof old.apart> & { readonly name: string };

function answer(name: string, value: unknown): Answer {
  return { name, ...old.apart(old.settled(value, { [home]: '<home>', [version.folder]: '<application>' })) };
}

function answerTo(question: readonly string[]): Answer {
  return answer(old.named(question), version.losslabJson(home, ...question));
}

function answersToScreens(runs: old.OldRuns): Promise<Answer[]> {
  return withScreen(async (screen) => {
    const answers: Answer[] = [];
    for (const [method, input] of old.calls(runs)) {
      answers.push(answer(old.named([method, JSON.stringify(input)]), await screen.call(method, input)));
    }
    return answers;
  });
}

function hashesOfFiles(runs: old.OldRuns): Record<string, string> {
  const hashes = Object.entries(old.writtenFiles(runs)).map(([name, command]) =>
    Object.entries(written(name, command, (out) => old.hashesOf(out, name))),
  );
  return Object.fromEntries(hashes.flat());
}

function written<T>(name: string, command: (out: string) => string[], read: (out: string) => T): T {
  const out = join(version.work, 'written', name);
  mkdirSync(join(version.work, 'written'), { recursive: true });
  version.losslab(home, ...command(out));
  return read(out);
}

/** The result of the stopped run when it is resumed, in a copy of the home. */
function resumed({ stopped: [, run] }: old.OldRuns): unknown {
  const copy = join(version.work, 'resumed');
  cpSync(home, copy, { recursive: true });
  version.losslab(copy, 'resume', run);
  return old.endOf(version.losslabJson(copy, 'show', run));
}

function writeJson(name: string, value: object): void {
  writeFileSync(old.expectedFile(name), `${JSON.stringify(value, null, 2)}\n`);
}

const runs = await writeHome();
keepHome(runs);
await writeExpected(runs);
