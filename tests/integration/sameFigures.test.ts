import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Run } from '../../src/shared/history.ts';
import * as commandLine from '../helpers/commandLine.ts';
import { differences } from '../helpers/difference.ts';
import { figuresOf, trainings, type KeptFigures, type RunFigures } from '../helpers/figures.ts';
import { processorKind } from '../helpers/processor.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';

/* The seven presets with two seeds come to the figures that LossLab 0.1 gave them (`scripts/make-figures.ts`). */

// Whole processes, fourteen runs: a busy machine takes its time.
vi.setConfig({ hookTimeout: 300_000 });

const file = join(import.meta.dirname, '../fixtures/figures-0.1.json');
const { processor, runs: before } = JSON.parse(readFileSync(file, 'utf8')) as KeptFigures;
const sameProcessor = processor === processorKind();
/**
 * Relative, between kinds of processors. A change of 10⁻⁷ of the learning rate, as large as what another order of
 * additions does to a float, moved one metric by 0.0015 (two neighbours changed places) and no loss by more than 10⁻⁵.
 */
const betweenProcessors = 0.01;
const folder = sharedFolder();
const today = new Map<string, RunFigures>();

beforeAll(async () => {
  await Promise.all(
    trainings.map(async (training, index) => {
      const home = join(folder, `home-${index}`);
      await commandLine.losslabJson(home, ...training);
      for (const run of await commandLine.losslabJson<Run[]>(home, 'runs')) {
        today.set(`${run.name}, seed ${run.seed}`, figuresOf(home, run, commandLine));
      }
    }),
  );
});

const runs = before.map((figures) => ({ title: `${figures.name}, seed ${figures.seed}`, figures }));

test.each(runs)('$title: the same dataset, split, plan, initial weights, tokens and steps', ({ title, figures }) => {
  expect(differences(today.get(title)!.decided, figures.decided)).toEqual([]);
});

test.runIf(sameProcessor).each(runs)(
  '$title: the same losses, metrics and weights, bit by bit, because the processor is of the kind that made the fixture',
  ({ title, figures }) => {
    expect(differences(today.get(title), figures)).toEqual([]);
  },
);

test.skipIf(sameProcessor).each(runs)(
  '$title: the same losses and metrics within 1 %, because the processor is not of the kind that made the fixture',
  ({ title, figures }) => {
    expect(differences(today.get(title)!.computed, figures.computed, betweenProcessors)).toEqual([]);
  },
);

test('no run is missing', () => {
  expect([...today.keys()].toSorted()).toEqual(runs.map(({ title }) => title).toSorted());
});

test.runIf(sameProcessor)('another last bit of one figure would be found', () => {
  const { title, figures } = runs[0]!;
  const [metric] = Object.keys(figures.computed.last);
  const value = figures.computed.last[metric!]!;
  const last = { ...figures.computed.last, [metric!]: value + 2 ** -52 * value };
  expect(differences(today.get(title), { ...figures, computed: { ...figures.computed, last } })).toHaveLength(1);
});
