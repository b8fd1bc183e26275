import type { Home } from '../../../src/lab/files/home.ts';
import { openHome } from '../../../src/lab/files/home.ts';
import { openStore } from '../../../src/lab/store/runStore.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { losslab, losslabJson } from '../../../tests/helpers/commandLine.ts';
import type { Run } from '../../../src/shared/history.ts';
import { lineOf, type FaultLine } from '../lines.ts';
import { openClient, type ScreenClient } from './client.ts';
import { askingScreen, commands, historyReader, isContiguous, watchingScreen, type Reader } from './readers.ts';
import { scriptedLoss } from './script.ts';
import { ServerProcess } from './serverProcess.ts';

/** Two servers (one of them the app's) and the command line train on one home folder while eight readers read. */

export interface LoadTrial {
  readonly seconds: number;
  /** Steps of each run of the two servers. */
  readonly stepsPerSecond: number;
  /** Steps of each experiment of the command line. */
  readonly epochs: number;
}

export async function togetherLines(
  folder: string,
  { seconds, stepsPerSecond, epochs }: LoadTrial,
): Promise<FaultLine[]> {
  const home = openHome(folder);
  const script = { steps: seconds * stepsPerSecond, passes: 1, stepsPerSecond };
  await using app = await ServerProcess.start(folder, script);
  await using server = await ServerProcess.start(folder, script);
  using appScreen = await openClient(app.address);
  using serverScreen = await openClient(server.address);
  const experiments = [await createExperiment(appScreen), await createExperiment(serverScreen)] as const;
  const reading = new AbortController();
  const readers: Reader[] = [
    askingScreen(app.address),
    askingScreen(server.address),
    // Each of them also watches the training of the other.
    watchingScreen(app.address, experiments[0]),
    watchingScreen(app.address, experiments[1]),
    watchingScreen(server.address, experiments[0]),
    watchingScreen(server.address, experiments[1]),
    commands(home),
    historyReader(home),
  ];
  const reads = Promise.all(readers.map((reader) => reader(reading.signal)));
  const training = new AbortController();
  const trained = trainByCommand(home, epochs, training.signal);
  await Promise.all([
    appScreen.call('experiments.start', { id: experiments[0] }),
    serverScreen.call('experiments.start', { id: experiments[1] }),
  ]);
  await Promise.all([finished(appScreen, experiments[0]), finished(serverScreen, experiments[1])]);
  training.abort();
  const commandOutcomes = await trained;
  reading.abort();
  const outcomes = (await reads).flat();
  const errors = [app, server].map((each) => each.errors).join('');
  return [
    recordedLine(home, experiments, script.steps),
    lineOf('experiments trained by the command line meanwhile', commandOutcomes),
    lineOf(`reads by ${readers.length} readers`, [
      ...outcomes,
      ...(errors === '' ? [] : [`a server wrote: ${errors}`]),
    ]),
  ];
}

async function createExperiment(screen: ScreenClient): Promise<string> {
  const { id } = await screen.call('experiments.create', {
    draft: {
      name: 'Load',
      dataset: 'sample',
      shared: { device: 'cpu' },
      recipes: [{ name: 'Run', loss_type: 'infonce' }],
      seeds: [1],
    },
    start: false,
  });
  return id;
}

async function finished(screen: ScreenClient, id: string): Promise<void> {
  for (;;) {
    const { status } = await screen.call('experiments.details', { id });
    if (status === 'finished') return;
    if (status !== 'running' && status !== 'waiting') throw new Error(`The experiment is ${status}.`);
    await sleep(500);
  }
}

/** Real training, one experiment after the other. */
async function trainByCommand(home: Home, epochs: number, until: AbortSignal): Promise<(string | null)[]> {
  const settings = ['limit=60', 'batch_size=8', 'embed_dim=16', `epochs=${epochs}`, 'eval_steps=1000000'].flatMap(
    (setting) => ['--set', setting],
  );
  const outcomes: (string | null)[] = [];
  do {
    const { code, stderr } = await losslab(
      home.folder,
      'train',
      '--config',
      'infonce_standard',
      '--data',
      'sample',
      '--device',
      'cpu',
      ...settings,
    );
    outcomes.push(code === 0 && stderr === '' ? await wrongSteps(home) : `losslab train ended with ${code}: ${stderr}`);
  } while (!until.aborted);
  return outcomes;
}

async function wrongSteps(home: Home): Promise<string | null> {
  const runs = await losslabJson<Run[]>(home.folder, 'runs');
  const run = runs.findLast(({ state, name }) => state === 'finished' && name !== 'Run')!;
  using store = openStore(home);
  const steps = store.stepMetrics(run.id, 'loss').map(({ step }) => step);
  return steps[0] === 1 && steps.length === run.start!.steps && isContiguous(steps)
    ? null
    : `${run.id} has ${steps.length} steps of ${run.start!.steps}`;
}

/** Every step of every run must be stored exactly once, with the sent figures. */
function recordedLine(home: Home, experiments: readonly string[], steps: number): FaultLine {
  using store = openStore(home);
  const outcomes = experiments.flatMap((experiment) => {
    const [run] = store.listRuns({ experiment });
    const losses = store.stepMetrics(run!.id, 'loss');
    const recorded = new Map(losses.map(({ step, value }) => [step, value]));
    if (losses.length !== steps) return [`${run!.id} has ${losses.length} steps of ${steps}`];
    return Array.from({ length: steps }, (_, i) =>
      recorded.get(i + 1) === scriptedLoss(run!.id, i + 1)
        ? null
        : `${run!.id}: step ${i + 1} is ${recorded.get(i + 1)}`,
    );
  });
  return lineOf('steps sent, each held to what is recorded', outcomes);
}
