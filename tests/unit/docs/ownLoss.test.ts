import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PairBatch } from '../../../src/lab/batching/batch.ts';
import type { Loss } from '../../../src/lab/losses/loss.ts';
import { losses } from '../../../src/lab/losses/registry.ts';
import { lossParameters, strategiesOfLoss, type LossChoice } from '../../../src/shared/recipe.ts';
import { tinyConfigurations, tinyEncoder } from '../../helpers/tinyEncoders.ts';
import { tinyBatch, trainTiny } from '../../helpers/tinySteps.ts';

/** The loss of CONTRIBUTING.md, taken from the page, put beside the others and trained. */

const page = readFileSync(new URL('../../../CONTRIBUTING.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('## Add a loss'), page.indexOf('## Add a strategy'));
const [file, lines] = Array.from(section.matchAll(/```ts\n(.*?)```/gs), ([, block]) => block!);
const registry = losses as unknown as Record<string, Loss>;
const strategies = strategiesOfLoss as unknown as Record<string, readonly string[]>;
const choice = { name: 'smoothed_infonce', parameters: lossParameters.infonce.parse({}) } as unknown as LossChoice;
const folder = mkdtempSync(join(tmpdir(), 'losslab-own-loss-'));

beforeAll(async () => {
  const lossesFolder = new URL('../../../src/lab/losses/', import.meta.url);
  writeFileSync(join(folder, 'smoothedInfonce.ts'), file!.replaceAll("from './", `from '${lossesFolder.pathname}`));
  const { smoothedInfonce } = (await import(pathToFileURL(join(folder, 'smoothedInfonce.ts')).href)) as {
    smoothedInfonce: Loss;
  };
  registry.smoothed_infonce = smoothedInfonce;
  strategies.smoothed_infonce = strategies.shifted = strategiesOfLoss.infonce;
});

afterAll(() => {
  delete registry.smoothed_infonce;
  delete strategies.smoothed_infonce;
  delete strategies.shifted;
  rmSync(folder, { recursive: true });
});

test('it has at most 30 lines, and two more where it is named', () => {
  expect(file!.trim().split('\n').length).toBeLessThanOrEqual(30);
  expect(lines!.trim().split('\n')).toHaveLength(2);
});

test('the lines that name it read as those of the other losses do', () => {
  const recipe = readFileSync(new URL('../../../src/shared/recipe.ts', import.meta.url), 'utf8');
  expect(recipe).toContain("  infonce: declare({ ...temperature(0.1) }, 'infonce', 'multiple_positives'),");
  expect(lines).toContain("  smoothed_infonce: declare({ ...temperature(0.1) }, 'infonce', 'multiple_positives'),");
});

describe('it trains', () => {
  const encoder = tinyEncoder(tinyConfigurations.static!);

  test('and its first loss is what its formula says', async () => {
    const { figures } = await trainTiny(encoder, { loss: choice, groups: groupsOf() }, 1);
    expect(figures[0]!.loss).toBeCloseTo(await byHand(), 4);
    expect(figures[0]!.metrics).toMatchObject({ groups: 6, texts: 12, false_negatives: 0 });
  });

  test('falling over 30 steps, whole and in parts', async () => {
    for (const cacheBatch of [null, 5]) {
      const { figures } = await trainTiny(encoder, { loss: choice, groups: groupsOf(), cacheBatch }, 30, {
        learningRate: 0.05,
      });
      expect(figures.at(-1)!.loss).toBeLessThan(figures[0]!.loss - 0.2);
    }
  });

  function groupsOf() {
    return new Map(encoder.encoder.parameters.map(({ name }) => [name, { rate: 1, decays: true }]));
  }

  /** The same from InfoNCE: cross-entropy with (1 − ε) of the target where InfoNCE has it and ε spread evenly. */
  async function byHand(): Promise<number> {
    const { pairs } = tinyBatch().batch as PairBatch;
    const towards: number[] = [];
    for (const shift of pairs.keys()) towards.push(await infonceTowards(shift));
    return 0.9 * towards[0]! + 0.1 * (towards.reduce((sum, loss) => sum + loss, 0) / towards.length);
  }

  /** InfoNCE in which question i aims at the answer of question i + shift. */
  async function infonceTowards(shift: number): Promise<number> {
    registry.shifted = {
      ...registry.infonce!,
      feed: (batch, parameters) => {
        const { pairs } = batch as PairBatch;
        const shifted = pairs.map((pair, i) => ({ ...pair, answer: pairs[(i + shift) % pairs.length]!.answer }));
        return registry.infonce!.feed({ ...(batch as PairBatch), pairs: shifted }, parameters);
      },
    };
    const { figures } = await trainTiny(
      encoder,
      { loss: { ...choice, name: 'shifted' } as unknown as LossChoice, groups: groupsOf() },
      1,
    );
    delete registry.shifted;
    return figures[0]!.loss;
  }
});
