import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import path from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { chartSize, renderComparisonChart } from '../../../../src/lab/reports/chart.ts';
import { renderFrontierChart } from '../../../../src/lab/reports/frontierChart.ts';
import { seriesColours } from '../../../../src/shared/charts/palette.ts';
import type { Bm25Baseline, Comparison } from '../../../../src/shared/comparison.ts';
import type { BandKind } from '../../../../src/shared/spread.ts';
import { compareRuns } from '../../../../src/lab/comparison/comparison.ts';
import {
  createExperiment,
  createRun,
  sevenPresets,
  temporaryStore,
  trainedRun,
} from '../../../helpers/syntheticStore.ts';

function sevenRuns(): Comparison {
  const store = temporaryStore();
  const experiment = createExperiment(store);
  const runs = sevenPresets.map((raw, index) =>
    trainedRun(store, experiment, { raw, levels: [0.5, 0.52 + index / 100, 0.53 + index / 100] }),
  );
  return compareRuns(
    store,
    runs.map(({ id }) => id),
  );
}

/** One recipe with two seeds that come apart. */
function twoSeeds(): Comparison {
  const store = temporaryStore();
  const experiment = createExperiment(store);
  return compareRuns(
    store,
    [
      [1, 0.55],
      [2, 0.65],
    ].map(
      ([seed, level]) =>
        trainedRun(store, experiment, { raw: { seed: seed!, split_seed: 1 }, levels: [0.5, level!, level!] }).id,
    ),
  );
}

/** The first colour at 12 % on white, give or take how it is rounded. */
function isBandShade(pixel: number): boolean {
  const expected = [0x0b, 0x6f, 0xb3].map((part) => 0.12 * part + 0.88 * 255);
  return [pixel >>> 16, (pixel >>> 8) & 255, pixel & 255].every((part, i) => Math.abs(part - expected[i]!) <= 2);
}

/** The colours of the pixels in a part of a picture, as 0xRRGGBB; the part in points, as `ChartSize`. */
async function pixels(png: Buffer, left: number, top: number, width: number, height: number): Promise<Uint32Array> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(left * 2, top * 2, width * 2, height * 2);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Uint32Array.from({ length: data.length / 4 }, (_, index) => view.getUint32(4 * index) >>> 8);
}

/** The share of pixels that are not white where the title stands. */
async function titleInk(png: Buffer): Promise<number> {
  const title = await pixels(png, 28, 18, 200, 26);
  return title.filter((pixel) => pixel !== 0xffffff).length / title.length;
}

/** Runs a program that sees no fonts of the system, no HOME and no fontconfig. */
function withoutFonts(...command: string[]): SpawnSyncReturns<Buffer> {
  const hide = 'if [ -d /usr/share/fonts ]; then mount -t tmpfs none /usr/share/fonts || exit 1; fi; exec "$0" "$@"';
  return spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', hide, ...command], {
    cwd: path.resolve(import.meta.dirname, '../../../..'),
    env: { PATH: process.env.PATH, FONTCONFIG_FILE: '/dev/null' },
    maxBuffer: 1e8,
  });
}

const canHideFonts = withoutFonts('true').status === 0;

describe('renderComparisonChart', () => {
  it('gives a PNG of twice the size in pixels, on white', async () => {
    const png = renderComparisonChart(sevenRuns(), [], 'ci95', { width: 1000, height: 800 });
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2000, 1600]);
    expect(new Set(await pixels(png, 0, 0, 1000, 10))).toEqual(new Set([0xffffff]));
  });

  it('draws each run in its colour, as bars and as a curve', async () => {
    const comparison = sevenRuns();
    const { width, height } = chartSize(comparison);
    const png = renderComparisonChart(comparison, [], 'ci95');
    const half = Math.round(height / 2);
    for (const part of [await pixels(png, 0, 0, width, half), await pixels(png, 0, half, width, height - half)]) {
      const seen = new Set(part);
      for (let run = 0; run < 7; run++) expect(seen).toContain(parseInt(seriesColours.light[run]!.slice(1), 16));
    }
  });

  it('draws bands around means of seeds, as wide as they are asked for', async () => {
    const comparison = twoSeeds();
    const shades = async (kind: BandKind): Promise<number> => {
      const { width, height } = chartSize(comparison);
      const seen = await pixels(
        renderComparisonChart(comparison, [], kind),
        0,
        Math.round(height / 2),
        width,
        Math.round(height / 2),
      );
      return seen.filter(isBandShade).length;
    };
    const [narrow, wide] = [await shades('stderr'), await shades('ci95')];
    expect(narrow).toBeGreaterThan(1000);
    // The axis grows with the band.
    expect(wide).toBeGreaterThan(1.2 * narrow);
  });

  it('draws BM25 as a line beside the curves', () => {
    const comparison = sevenRuns();
    const without = renderComparisonChart(comparison, [], 'ci95');
    const bm25: Bm25Baseline = { name: 'BM25', runs: [], metrics: { 'mrr@10': 0.57 }, missing: null };
    expect(renderComparisonChart(comparison, [bm25], 'ci95').equals(without)).toBe(false);
    expect(
      renderComparisonChart(comparison, [{ ...bm25, metrics: null, missing: 'gone' }], 'ci95').equals(without),
    ).toBe(true);
  });

  it('draws runs that have nothing to show', () => {
    const store = temporaryStore();
    expect(() => renderComparisonChart(compareRuns(store, [createRun(store).id]), [], 'ci95')).not.toThrow();
    const broken = trainedRun(store, createExperiment(store), {
      raw: {},
      levels: [Number.NaN, Number.NaN],
      end: 'failed',
    });
    expect(() => renderComparisonChart(compareRuns(store, [broken.id]), [], 'ci95')).not.toThrow();
  });

  it.skipIf(!canHideFonts)(
    'writes its text on a machine that has no fonts (needs unshare, to hide those of this one)',
    async () => {
      const script = `
      const { renderComparisonChart } = await import('./src/lab/reports/chart.ts');
      process.stdout.write(renderComparisonChart({ metrics: [], baselines: [], runs: [], recipes: [], untrained: [], warnings: [], notes: [] }, [], 'ci95', { width: 800, height: 700 }));`;
      const { stdout, stderr } = withoutFonts(process.execPath, '--input-type=module', '--eval', script);
      expect(stderr.toString()).toBe('');
      expect(await titleInk(stdout)).toBeGreaterThan(0.05);
    },
  );
});

describe('renderFrontierChart', () => {
  it('draws each recipe in its colour', async () => {
    const png = renderFrontierChart(sevenRuns(), [], 'ci95');
    const seen = new Set(await pixels(png, 0, 0, png.readUInt32BE(16) / 2, png.readUInt32BE(20) / 2));
    for (let run = 0; run < 7; run++) expect(seen).toContain(parseInt(seriesColours.light[run]!.slice(1), 16));
  });
});
