import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../../../../src/lab/data/datasetFolder.ts';
import { sampleFolder } from '../../../../src/lab/data/findDataset.ts';
import type { MapJob } from '../../../../src/lab/map/job.ts';
import { makeMap } from '../../../../src/lab/map/makeMap.ts';
import { sampleQuestions } from '../../../../src/lab/map/sample.ts';
import { finishedRun } from '../../../helpers/finishedRun.ts';
import { temporaryStore } from '../../../helpers/syntheticStore.ts';
import { tinyConfigurations } from '../../../helpers/tinyEncoders.ts';

async function jobOf(configurations: readonly (keyof typeof tinyConfigurations)[], limit = 200): Promise<MapJob> {
  const store = temporaryStore();
  const { content } = await readManifest(sampleFolder);
  const runs = configurations.map((name) =>
    finishedRun(store, { ...tinyConfigurations[name]!, name, limit }, { name: 'sample', hash: content.sha256 }),
  );
  return {
    data: {
      folder: sampleFolder,
      name: 'sample',
      hash: content.sha256,
      split: { limit, validationSize: 0, testSize: 0.2, seed: 42, method: 'losslab' },
    },
    runs: runs.map((run) => ({
      run: run.id,
      name: run.name,
      seed: run.seed,
      encoder: { kind: 'finished', folder: run.encoder!, configuration: run.configuration.encoder },
    })),
    cache: store.home.cache,
  };
}

describe('a map', () => {
  test('has every test question with its answers, and places for all of them under each run', async () => {
    const job = await jobOf(['static', 'static with a projection']);
    const map = await makeMap(job, () => undefined);
    expect(map).toMatchObject({ dataset: 'sample', testQuestions: 40 });
    const questions = map.points.filter(({ kind }) => kind === 'question');
    expect(questions).toHaveLength(40);
    for (const { question, kind, best } of map.points) {
      expect(map.points[question]!.kind).toBe('question');
      if (kind === 'question') expect(best).toBe(false);
    }
    expect(map.points.filter(({ best }) => best)).toHaveLength(40);
    expect(map.points.every(({ text }) => text.length <= 301)).toBe(true);
    for (const { positions } of map.layouts) {
      expect(positions).toHaveLength(2 * map.points.length);
      expect(positions.every(Number.isFinite)).toBe(true);
    }
    expect(map.layouts.map(({ name }) => name)).toEqual(['static', 'static with a projection']);
  });

  test('under the same run twice lies nearly upon itself', async () => {
    const job = await jobOf(['static', 'static']);
    const { layouts } = await makeMap(job, () => undefined);
    const [a, b] = layouts.map(({ positions }) => positions);
    const centre = [0, 1].map(
      (axis) => a!.filter((_, i) => i % 2 === axis).reduce((sum, value) => sum + value) / (a!.length / 2),
    );
    const squares = (difference: (i: number) => number): number =>
      a!.reduce((sum, _, i) => sum + difference(i) ** 2, 0);
    expect(Math.sqrt(squares((i) => a![i]! - b![i]!) / squares((i) => a![i]! - centre[i % 2]!))).toBeLessThan(0.5);
  });

  test('is kept: the second time nothing is encoded or laid out, and the first of two serves alone, too', async () => {
    const job = await jobOf(['static', 'static with a projection']);
    const [first, told] = [await makeMap(job, () => undefined), [] as string[]];
    const again = await makeMap(job, ({ message }) => told.push(message));
    expect(again).toEqual(first);
    expect(told.filter((message) => !message.endsWith('Opening the encoder'))).toEqual(['Reading the dataset']);
    const alone = await makeMap({ ...job, runs: job.runs.slice(0, 1) }, () => undefined);
    expect(alone.layouts).toEqual(first.layouts.slice(0, 1));
  });

  test.each([
    ['cut', (file: string) => truncateSync(file, 40)],
    [
      'changed',
      (file: string) =>
        writeFileSync(
          file,
          readFileSync(file).map((byte, i) => (i === 60 ? byte ^ 1 : byte)),
        ),
    ],
  ])('what is kept and was %s is made again', async (_, damage) => {
    const job = await jobOf(['static']);
    const first = await makeMap(job, () => undefined);
    const folder = join(job.cache, 'maps');
    const [name, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    damage(join(folder, name!));
    expect(await makeMap(job, () => undefined)).toEqual(first);
  });

  test('of too few texts is refused, with what is needed', async () => {
    await expect(makeMap(await jobOf(['static'], 10), () => undefined)).rejects.toMatchObject({
      code: 'data',
      message: expect.stringMatching(/are \d+ texts; a map needs 16 or more/) as string,
    });
  });

  test('without its encoder is refused', async () => {
    const job = await jobOf(['static']);
    const { encoder } = job.runs[0]!;
    if (encoder.kind === 'finished') rmSync(join(encoder.folder, 'model.safetensors'));
    await expect(makeMap(job, () => undefined)).rejects.toMatchObject({ name: 'LabError' });
  });
});

describe('a sample', () => {
  const questions = Array.from({ length: 100 }, (_, i) => ({
    id: `q${i}`,
    text: 10 * i,
    answers: Array.from({ length: 1 + (i % 4) }, (_, rank) => ({
      id: `a${i}.${rank}`,
      text: 10 * i + rank + 1,
      score: 9 - rank,
    })),
  }));

  test('holds whole families, in their order, and as many as fit', () => {
    const sampled = sampleQuestions(questions, 120);
    expect(sampled.length).toBeGreaterThan(115);
    expect(sampled.length).toBeLessThanOrEqual(120);
    const families = [...Map.groupBy(sampled, ({ question }) => question).entries()];
    for (const [place, [question, ...answers]] of families) {
      expect(sampled[place]).toBe(question);
      const original = questions.find(({ id }) => id === question!.id)!;
      expect(answers.map(({ id, votes }) => [id, votes])).toEqual(original.answers.map(({ id, score }) => [id, score]));
      expect(answers.map(({ best }) => best)).toEqual(answers.map((_, rank) => rank === 0));
    }
    const order = families.map(([, [question]]) => Number(question!.id.slice(1)));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(sampleQuestions(questions, 120)).toEqual(sampled);
  });

  test('is all there is where that fits, and a post listed twice is one point', () => {
    expect(sampleQuestions(questions, 2000)).toHaveLength(100 + 25 * (1 + 2 + 3 + 4));
    const twice = {
      id: 'q',
      text: 0,
      answers: [
        { id: 'a', text: 1, score: 2 },
        { id: 'a', text: 1, score: 2 },
        { id: 'b', text: 1, score: 1 },
      ],
    };
    expect(sampleQuestions([twice], 10).map(({ id, best }) => [id, best])).toEqual([
      ['q', false],
      ['a', true],
      ['b', false],
    ]);
  });
});
