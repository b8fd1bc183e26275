import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { createLabService } from '../../../src/lab/service/service.ts';
import { openHome, type Home } from '../../../src/lab/files/home.ts';
import { openStore } from '../../../src/lab/store/runStore.ts';
import type { WorkerLauncher } from '../../../src/lab/work/workers.ts';
import { chromiumPath, howToGetChromium, serve, stopServing } from '../../../tests/helpers/screens.ts';
import { median, quantile, type Figure } from '../figures.ts';
import { delays, type StepMoment } from '../screens/delays.ts';
import { writeLongRuns, writeManyExperiments, type LongRuns } from '../screens/history.ts';
import { longRuns, longSteps, sentMetric, singleSteps } from '../screens/script.ts';

/**
 * How long users wait for the screens, with the real `losslab serve` and Chromium and prepared histories. Times end
 * when the content is painted (see screens/probe.js).
 */
export async function screensFigures(): Promise<Figure[]> {
  if (chromiumPath === null) return [{ what: 'screens', found: howToGetChromium, goal: '', reached: null }];
  const folder = mkdtempSync(join(tmpdir(), 'losslab-bench-screens-'));
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const many = openHome(join(folder, 'many'));
    await writeManyExperiments(many, 1000);
    const long = openHome(join(folder, 'long'));
    const runs = await writeLongRuns(long, longRuns, longSteps);
    return [
      ...(await startFigures(browser, many)),
      await listFigure(many),
      ...(await comparisonFigures(browser, long, runs)),
      ...(await liveFigures(browser, long, runs)),
    ];
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const repetitions = 5;
const aRow = 'tbody [data-experiment]';

async function startFigures(browser: Browser, home: Home): Promise<Figure[]> {
  const started: number[] = [];
  const opened: number[] = [];
  // The first start may have to build the screens.
  await stopServing(await serve(home.folder));
  for (let i = 0; i < repetitions; i++) {
    const start = now();
    const served = await serve(home.folder);
    const page = await newPage(browser);
    await page.goto(served.address);
    started.push((await painted(page, aRow)) - start);
    opened.push(await timeToOpen(page, () => painted(page, aRow)));
    await page.context().close();
    await stopServing(served);
  }
  return [
    below('cold start: from "losslab serve" to the home screen, 1,000 runs in the history', median(started), 2000),
    below('home screen with 1,000 runs, from navigation to the painted table', median(opened), 200),
  ];
}

/** The part of the lab alone. */
async function listFigure(home: Home): Promise<Figure> {
  const service = createLabService({ home, launcher: noLauncher });
  const screen = service.connect(() => undefined);
  const times: number[] = [];
  for (let i = 0; i < 2 * repetitions; i++) {
    const start = performance.now();
    await screen.call('experiments.list', {});
    times.push(performance.now() - start);
  }
  screen.close();
  await service.close();
  return {
    what: 'its list as the lab makes it (experiments.list)',
    found: milliseconds(median(times)),
    goal: '',
    reached: null,
  };
}

const noLauncher: WorkerLauncher = {
  launch: (entry) => {
    throw new Error(`This server does not train: "${entry}" must not be started.`);
  },
};

async function comparisonFigures(browser: Browser, home: Home, { runs }: LongRuns): Promise<Figure[]> {
  const served = await serve(home.folder);
  const page = await newPage(browser);
  await page.goto(served.address);
  await painted(page, aRow);
  const opened: number[] = [];
  const added: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    await page.evaluate(`location.hash = '/compare?runs=${runs.join()}'`);
    // Two charts with a line for each run.
    opened.push(await timeToOpen(page, () => drawn(page, 2 * runs.length)));
    await page.getByRole('button', { name: 'Choose curves' }).click();
    const start = await begin(page);
    await page.getByRole('checkbox', { name: 'Gradient norm' }).click();
    added.push((await drawn(page, runs.length)) - start);
  }
  await page.context().close();
  await stopServing(served);
  return [
    below('comparison of 20 runs × 10,000 steps, from navigation to the drawn curves', median(opened), 1000),
    below('and a curve of all its steps: from the choice to 20 drawn lines', median(added), 1000),
  ];
}

async function liveFigures(browser: Browser, home: Home, { experiment, runs }: LongRuns): Promise<Figure[]> {
  const server = spawn(
    process.execPath,
    [fileURLToPath(new URL('../screens/server.ts', import.meta.url)), home.folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(server, 'close');
  try {
    const [address] = (await once(createInterface(server.stdout), 'line')) as [string];
    const page = await newPage(browser);
    await page.goto(address);
    await page.evaluate(`location.hash = '/experiments/${experiment}'`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.evaluate(`probe.reached(${longSteps + singleSteps})`);
    await page.evaluate('probe.frames(4000)');
    const pictures = await page.evaluate<StepMoment[]>('probe.pictures()');
    const frames = [await framesOf(page, 'Chosen run'), await framesOf(page, 'Losses of all runs')];
    await page.context().close();
    return [...delayFigures(sentSteps(home, runs.at(-1)!), pictures), ...frames];
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

/** When the training process sent its steps, from the history. */
function sentSteps(home: Home, run: string): StepMoment[] {
  using store = openStore(home);
  return store
    .stepMetrics(run, sentMetric)
    .flatMap(({ step, value }) => (step > longSteps && value !== null ? [{ step, at: value }] : []));
}

function delayFigures(sent: readonly StepMoment[], pictures: readonly StepMoment[]): Figure[] {
  const isSingle = ({ step }: StepMoment): boolean => step <= longSteps + singleSteps;
  // Steps after the last picture were not awaited.
  const quick = sent.filter((each) => !isSingle(each) && each.step <= pictures.at(-1)!.step);
  return [
    ...describeDelays('single steps', delays(sent.filter(isSingle), pictures)),
    ...describeDelays('20 steps a second, shown ten times a second', delays(quick, pictures)),
  ];
}

function describeDelays(what: string, found: readonly number[]): Figure[] {
  return [
    below(`from event to pixel, ${what}: median of ${found.length}`, median(found), 150),
    below('and their 95th percentile', quantile(found, 0.95), 150),
  ];
}

async function framesOf(page: Page, losses: string): Promise<Figure> {
  await page.getByText(losses, { exact: true }).click();
  // Until the other charts are there.
  await page.waitForTimeout(1500);
  const gaps = await page.evaluate<number[]>('probe.frames(5000)');
  const rate = 1000 / median(gaps);
  const late = gaps.filter((gap) => gap > 25).length / gaps.length;
  return {
    what: `20 runs × 10,000 points, one growing 10 times a second, "${losses}": frames a second`,
    found: `${rate.toFixed(0)}, ${(100 * late).toFixed(0)}% late`,
    goal: 'at least 60',
    reached: Math.round(rate) >= 60,
  };
}

// --- A page -------------------------------------------------------------------------------------

async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en' });
  await context.addInitScript({ path: fileURLToPath(new URL('../screens/probe.js', import.meta.url)) });
  return context.newPage();
}

/** Reloads the page and waits. */
async function timeToOpen(page: Page, seen: () => Promise<number>): Promise<number> {
  await page.reload({ waitUntil: 'commit' });
  return (await seen()) - (await page.evaluate<number>('performance.timeOrigin'));
}

const painted = (page: Page, selector: string): Promise<number> =>
  page.evaluate(`probe.painted(${JSON.stringify(selector)})`);
const begin = (page: Page): Promise<number> => page.evaluate('probe.begin()');
const drawn = (page: Page, lines: number): Promise<number> =>
  page.evaluate(`probe.drawn(${lines}).then(({ last }) => last)`);

// --- Figures ------------------------------------------------------------------------------------

function now(): number {
  return performance.timeOrigin + performance.now();
}

function below(what: string, found: number, goal: number): Figure {
  return { what, found: milliseconds(found), goal: `under ${milliseconds(goal)}`, reached: found < goal };
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}
