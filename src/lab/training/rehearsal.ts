import type { Configuration } from '../../shared/configuration.ts';
import type { RehearsedMemory } from '../../shared/contract/experiments.ts';
import type { RunHashes } from '../../shared/history.ts';
import type { CorpusQuestion } from '../data/corpus.ts';
import { parameterCount } from '../encoders/encoder.ts';
import { availableMemory } from '../engine/availableMemory.ts';
import { textsToEncode } from '../evaluation/evaluator.ts';
import { randomSeed } from '../base/random.ts';
import { RepeatedEvaluation } from './evaluation.ts';
import type { TrainingJob } from './job.ts';
import { expectedMemory, memoryShortage } from './memory.ts';
import { prepareRun, requireTrainable, type PreparedRun } from './prepare.ts';
import { learningRateAt } from './schedule.ts';
import { type TrainingStep } from './step.ts';
import type { Progress } from '../../shared/progress.ts';
import { mean } from '../../shared/spread.ts';
import { tokenCount } from './tokenCount.ts';
import { createTrainingStep, designStep, startingState } from './createStep.ts';

/** The recipes of an experiment under its first seed; `job` is the job of the first one. */
export interface RehearsalJob {
  readonly job: TrainingJob;
  readonly recipes: readonly Configuration[];
}

/** The measurements; the owner computes the estimates for whole runs. */
export interface RehearsalFigures {
  readonly parameters: number;
  readonly trainQuestions: number;
  readonly testQuestions: number;
  readonly hashes: RunHashes;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** In the order of the recipes. */
  readonly recipes: readonly { readonly secondsPerStep: number; readonly measured: boolean }[];
  readonly evaluationSeconds: number;
  readonly memory: RehearsedMemory;
}

/** Time limit for steps after the preparation. The first recipe is always measured. */
const budgetSeconds = 20;
const secondsPerRecipe = 1.5;
const evaluationBudgetSeconds = 4;

/**
 * Prepares an experiment like its runs, and measures some steps of each recipe and an evaluation. Recipes for which no
 * time is left are estimated from the time per token of the others. Throws what a run would throw.
 */
export async function rehearse(
  { job, recipes }: RehearsalJob,
  report: (progress: Progress) => void,
): Promise<RehearsalFigures> {
  const prepared = await prepareRun(job, {
    phase: (message, done, total) => report({ message, done, total }),
    notice: () => undefined,
  });
  for (const recipe of recipes) requireTrainable(prepared.train, recipe);
  const availableBytes = await availableMemory(job.device);
  for (const recipe of recipes) requireMemory(prepared, availableBytes, recipe);
  const { measurements, evaluationSeconds } = await measure(prepared, recipes, report);
  const perToken = mean(measurements.map(({ seconds, tokens }) => seconds / tokens));
  return {
    parameters: parameterCount(prepared.encoder),
    trainQuestions: prepared.train.length,
    testQuestions: prepared.test.length,
    hashes: prepared.hashes,
    steps: prepared.steps,
    stepsPerEpoch: prepared.plan.stepsPerEpoch,
    recipes: recipes.map((recipe, index) => {
      const own = measurements[index];
      return {
        secondsPerStep: tokensPerStep(prepared, recipe) * (own ? own.seconds / own.tokens : perToken),
        measured: own !== undefined,
      };
    }),
    evaluationSeconds,
    memory: {
      bytes:
        job.device === 'cpu'
          ? process.resourceUsage().maxRSS * 1024
          : Math.max(...recipes.map((recipe) => expectedMemory(prepared, recipe))),
      availableBytes,
    },
  };
}

/** Protects the machine from running out of memory. Runs themselves only warn, and try. */
function requireMemory(prepared: PreparedRun, availableBytes: number | null, recipe: Configuration): void {
  const shortage = memoryShortage(prepared, availableBytes, recipe);
  if (shortage) throw shortage;
}

// --- Steps --------------------------------------------------------------------------------------

interface Measurement {
  readonly seconds: number;
  readonly tokens: number;
}

/** Measures as many recipes as time allows, in order, and an evaluation with the parameters of the first. */
async function measure(
  prepared: PreparedRun,
  recipes: readonly Configuration[],
  report: (progress: Progress) => void,
): Promise<{ measurements: Measurement[]; evaluationSeconds: number }> {
  const started = performance.now();
  const measurements: Measurement[] = [];
  let evaluationSeconds = 0;
  let longest = 0;
  for (const recipe of recipes) {
    const begun = performance.now();
    if (measurements.length > 0 && (begun - started) / 1000 + longest > budgetSeconds) break;
    report({ message: `Measuring steps of "${recipe.name}"`, done: measurements.length, total: recipes.length });
    const { job, encoder, weights } = prepared;
    const design = designStep(encoder, recipe, job.device);
    const step = await createTrainingStep(design, startingState(design, weights));
    try {
      const measurement = await measureSteps(prepared, recipe, step);
      longest = Math.max(longest, (performance.now() - begun) / 1000);
      if (measurements.push(measurement) === 1) {
        report({ message: 'Measuring an evaluation', done: 0, total: 1 });
        evaluationSeconds = await measureEvaluation(prepared, step, measurement);
      }
    } finally {
      await step.dispose();
    }
  }
  return { measurements, evaluationSeconds };
}

/** The first step allocates memory and compiles kernels: its time does not count. */
async function measureSteps(prepared: PreparedRun, recipe: Configuration, step: TrainingStep): Promise<Measurement> {
  const { idsOf, steps } = prepared;
  const { training, seed } = recipe;
  const batches = prepared.plan.firstBatches(recipe.recipe.strategy);
  let seconds = 0;
  let tokens = 0;
  for (let number = 0; number <= 1 || seconds < secondsPerRecipe; number++) {
    const batch = batches[number % batches.length]!;
    const settings = {
      learningRate: learningRateAt(1, steps, training),
      weightDecay: training.weight_decay,
      maxGradientNorm: training.max_gradient_norm,
      dropoutSeed: randomSeed(seed, 'dropout', number),
    };
    const begun = performance.now();
    const texts = batch.texts.map(idsOf);
    await step.run(batch, texts, settings);
    if (number === 0) continue;
    seconds += (performance.now() - begun) / 1000;
    tokens += tokenCount(texts);
  }
  return { seconds, tokens };
}

function tokensPerStep(prepared: PreparedRun, recipe: Configuration): number {
  const batches = prepared.plan.firstBatches(recipe.recipe.strategy);
  return mean(batches.map(({ texts }) => tokenCount(texts.map(prepared.idsOf))));
}

// --- Evaluation ---------------------------------------------------------------------------------

/**
 * Measures as much of the test split as time allows. The time to encode grows with the number of texts; the time to
 * compare all questions with all answers grows with its square.
 */
async function measureEvaluation(
  { job, encoder, test, idsOf }: PreparedRun,
  step: TrainingStep,
  { seconds, tokens }: Measurement,
): Promise<number> {
  // The forward pass takes about a third of forward and backward pass.
  const affordable = evaluationBudgetSeconds / (seconds / tokens / 3);
  const part = leadingPart(test, idsOf, affordable);
  const { training } = job.configuration;
  const evaluation = await RepeatedEvaluation.create(
    encoder,
    { questions: part, idsOf, batchSize: training.batch_size, seed: job.configuration.split_seed },
    job.device,
  );
  try {
    const begun = performance.now();
    let encoded = begun;
    await evaluation.run(step.state.parameters, () => (encoded = performance.now()));
    const texts = textsToEncode(test).length / evaluation.textCount;
    return (
      ((encoded - begun) / 1000) * texts + ((performance.now() - encoded) / 1000) * (test.length / part.length) ** 2
    );
  } finally {
    await evaluation.dispose();
  }
}

/** The first questions with their answers, within a number of tokens; at least one question. */
function leadingPart(
  test: readonly CorpusQuestion[],
  idsOf: PreparedRun['idsOf'],
  tokens: number,
): readonly CorpusQuestion[] {
  let left = tokens;
  const end = test.findIndex(({ text, answers }) => {
    left -= tokenCount([text, ...answers.map((answer) => answer.text)].map(idsOf));
    return left < 0;
  });
  return end === -1 ? test : test.slice(0, Math.max(1, end));
}
