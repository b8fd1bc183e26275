import { chromium, type CDPSession, type Page } from 'playwright-core';
import { requireScreens } from '../../../src/cli/screens.ts';
import { chromiumPath, howToGetChromium } from '../../../tests/helpers/screens.ts';
import type { FaultLine } from '../lines.ts';
import { openClient, type ScreenClient } from './client.ts';
import { fitLine } from './slope.ts';
import { ServerProcess } from './serverProcess.ts';

/**
 * A server and a screen that get the same steps repeatedly: memory that one of them keeps per event shows as a slope.
 */

export interface MemoryTrial {
  readonly steps: number;
  readonly passes: number;
  readonly stepsPerSecond: number;
}

/** Limit in bytes per event. A kept event takes several hundred. */
const noticeable = 10;

type Points = (readonly [events: number, bytes: number])[];

export async function memoryLine(home: string, trial: MemoryTrial): Promise<FaultLine> {
  await requireScreens(() => undefined);
  await using server = await ServerProcess.start(home, trial);
  using client = await openClient(server.address);
  const passes = await startPasses(client, trial.steps);
  const browser =
    chromiumPath === null
      ? null
      : await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const screen = browser === null ? null : await browser.newPage();
    await screen?.goto(`${server.address}#/experiments/${passes.experiment}`);
    const collector = screen === null ? null : await screen.context().newCDPSession(screen);
    const heap: Points = [];
    const resident: Points = [];
    const renderer: Points = [];
    for (let pass = 1; pass <= trial.passes; pass++) {
      await passes.ended();
      if (screen) await reaches(screen, trial.steps);
      const reading = await server.memory();
      const events = pass * trial.steps;
      heap.push([events, reading.heapBytes]);
      resident.push([events, reading.residentBytes]);
      if (collector) renderer.push([events, await heapOf(collector)]);
      if (pass < trial.passes) await client.call('experiments.unpause', { id: passes.experiment });
    }
    const found = [
      judge("the server's heap", heap),
      judge("the server's resident memory", resident),
      ...(collector ? [judge("the screen's heap", renderer)] : []),
    ];
    return {
      what: `memory over ${(trial.steps * trial.passes).toLocaleString('en')} streamed events`,
      tried: found.length,
      survived: found.filter(({ grows }) => !grows).length,
      losses: found.filter(({ grows }) => grows).map(({ words }) => words),
      remarks: [
        ...found.map(({ words }) => words),
        ...(collector ? [] : [`without a screen: ${howToGetChromium}`]),
      ].join('; '),
    };
  } finally {
    await browser?.close();
  }
}

interface Passes {
  readonly experiment: string;
  /** Resolves when the current pass has sent and stored its last step. */
  ended(): Promise<void>;
}

async function startPasses(client: ScreenClient, steps: number): Promise<Passes> {
  let end = Promise.withResolvers<void>();
  client.onNotification((notification) => {
    if (
      notification.type === 'changed' &&
      Object.values(notification.change.evaluations).some((evaluations) => evaluations.at(-1)?.step === steps)
    )
      end.resolve();
  });
  const { id } = await client.call('experiments.create', {
    draft: {
      name: 'Again and again',
      dataset: 'sample',
      shared: { device: 'cpu' },
      recipes: [{ name: 'Run', loss_type: 'infonce' }],
      seeds: [1],
    },
    start: false,
  });
  await client.call('experiments.watch', { id });
  await client.call('experiments.start', { id });
  return {
    experiment: id,
    ended: async () => {
      await end.promise;
      end = Promise.withResolvers();
    },
  };
}

/** Waits until the screen shows the last step. */
async function reaches(page: Page, steps: number): Promise<void> {
  await page
    .getByText(`step ${steps.toLocaleString('en')} of`)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.waitForTimeout(500);
}

async function heapOf(session: CDPSession): Promise<number> {
  for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

/** Uses the second half: before, caches fill and code is compiled. */
function judge(what: string, points: Points): { readonly words: string; readonly grows: boolean } {
  const { slope, error } = fitLine(points.slice(points.length / 2));
  const last = points.at(-1)![1];
  return {
    words: `${what}: ${slope.toFixed(1)} ± ${error.toFixed(1)} bytes an event, ${(last / 2 ** 20).toFixed(1)} MB at the end`,
    grows: slope - 2 * error > noticeable,
  };
}
