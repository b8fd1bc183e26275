import { lossNames, strategiesOfLoss } from '../../../src/shared/recipe.ts';
import type { DeviceName } from '../../../src/shared/device.ts';
import { say } from '../child.ts';
import { atLeast, gigabytes, milliseconds, percent, plain, type Figure } from '../figures.ts';
import type { BenchOptions, BenchPart } from '../part.ts';
import type { StepFigures } from '../processes/step.ts';
import { flopsOf } from '../products.ts';
import { distilbertShape, tinyShape } from '../shapes.ts';
import { measureBareProducts, measureSteps, stepSeconds } from '../stepMeasurement.ts';

export const losses: BenchPart = {
  what: 'steps of every loss, and where their time goes',
  devices: ['cpu', 'webgpu'],
  short: true,
  run,
};

/** A product large enough to show the peak rate of the machine. */
const peakProducts = {
  long: { batch: 1, rows: 2048, inner: 768, columns: 3072 },
  short: { batch: 1, rows: 256, inner: 64, columns: 64 },
};

async function run({ scale, device }: BenchOptions): Promise<Figure[]> {
  const largest = peakProducts[scale];
  const [peakSeconds] = await measureBareProducts([largest], { scale, device });
  const peak = flopsOf(largest) / peakSeconds!;
  return [
    plain(`a product of ${largest.rows} × ${largest.inner} × ${largest.columns}`, flopRate(peak)),
    ...(await everyLoss(scale, device, peak)),
    ...(await whereTimeGoes(scale, device)),
  ];
}

/**
 * Each loss with each strategy that feeds it, over questions with three answers. Two layers are enough to compare
 * losses.
 */
async function everyLoss(scale: BenchOptions['scale'], device: DeviceName, peak: number): Promise<Figure[]> {
  const [shape, questions, length] = scale === 'long' ? [{ ...distilbertShape, layers: 2 }, 8, 64] : [tinyShape, 3, 8];
  const names = scale === 'long' ? lossNames : lossNames.slice(0, 1);
  const recipes = names.flatMap((loss_type) =>
    strategiesOfLoss[loss_type].map((batch_transform) => ({ loss_type, batch_transform })),
  );
  const figures: Figure[] = [];
  for (const recipe of recipes) {
    say(`Steps of ${recipe.loss_type} on ${recipe.batch_transform}`);
    const measured = await measureSteps({
      shape,
      recipe,
      questions,
      answers: 3,
      length,
      device,
      steps: 4,
      profile: true,
    });
    figures.push(
      plain(
        `${recipe.loss_type} on ${recipe.batch_transform}: ${questions} questions × ${length} tokens`,
        describe(measured, length, peak),
      ),
    );
  }
  return figures;
}

function describe(measured: StepFigures, length: number, peak: number): string {
  const seconds = stepSeconds(measured);
  const rate = measured.products!.flops / seconds;
  return `${milliseconds(seconds)}, ${(1 / seconds).toFixed(1)} steps/s, ${Math.round((measured.texts * length) / seconds).toLocaleString('en')} tokens/s, ${percent(rate / peak)} of that rate, ${gigabytes(measured.peakBytes)}`;
}

/** A DistilBERT step: the time in matrix products, and their rate compared with that of the same products alone. */
async function whereTimeGoes(scale: BenchOptions['scale'], device: DeviceName): Promise<Figure[]> {
  const [shape, questions, length] = scale === 'long' ? [distilbertShape, 8, 128] : [tinyShape, 4, 16];
  say('Where the time of a DistilBERT step goes');
  const measured = await measureSteps({
    shape,
    recipe: { loss_type: 'infonce' },
    questions,
    answers: 1,
    length,
    device,
    profile: true,
  });
  const { products, flops, productSeconds, seconds, others } = measured.products!;
  const wall = stepSeconds(measured);
  const bare = await measureBareProducts(
    products.map(({ product }) => product),
    { scale, device },
  );
  const bareSeconds = products.reduce((sum, { count }, i) => sum + count * bare[i]!, 0);
  const what = `DistilBERT step, ${questions} pairs × ${length} tokens`;
  const overall = plain(
    `${what}: arithmetic`,
    `${flopRate(flops / wall)} (${(flops / 1e9).toFixed(0)} GFLOP in ${wall.toFixed(2)} s)`,
  );
  // On a GPU, the profile records when nodes were submitted, not when they were computed.
  if (device !== 'cpu')
    return [
      overall,
      atLeast('time of its products alone / step', bareSeconds / wall, 0.8, percent(bareSeconds / wall)),
    ];
  return [
    overall,
    atLeast('of its time in matrix products', productSeconds / seconds, 0.8, percent(productSeconds / seconds)),
    atLeast(
      'their rate / that of the same products alone',
      bareSeconds / productSeconds,
      0.85,
      percent(bareSeconds / productSeconds),
    ),
    plain(
      'and beside them',
      others
        .slice(0, 4)
        .map(({ operator, seconds: took }) => `${operator} ${percent(took / seconds)}`)
        .join(', '),
    ),
  ];
}

function flopRate(perSecond: number): string {
  return perSecond >= 1e12 ? `${(perSecond / 1e12).toFixed(2)} TFLOPS` : `${(perSecond / 1e9).toFixed(0)} GFLOPS`;
}
