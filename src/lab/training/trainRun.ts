import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import type { TrainerEvent } from '../../shared/events.ts';
import { requireFreeSpace } from '../files/freeSpace.ts';
import { parameterCount } from '../encoders/encoder.ts';
import { availableMemory } from '../engine/availableMemory.ts';
import { randomSeed } from '../base/random.ts';
import { forgetEarlierCheckpoints, readCheckpoint, writeCheckpoint, type Progress } from './checkpoint.ts';
import { writeEncoderFolder } from '../encoders/encoderFolder.ts';
import { RepeatedEvaluation } from './evaluation.ts';
import type { TrainingJob } from './job.ts';
import { memoryShortage } from './memory.ts';
import { prepareRun, type PreparedRun } from './prepare.ts';
import { learningRateAt } from './schedule.ts';
import { type TrainingStep } from './step.ts';
import { tokenCount } from './tokenCount.ts';
import { beginAlike, type UntrainedEvaluation } from './untrained.ts';
import { createTrainingStep, designStep, parametersOf, startingState } from './createStep.ts';

/** The connection of a run to its owner. */
export interface TrainingHost {
  emit(event: EventWithoutRun): void;
  /** Resolves when all events so far are stored: a checkpoint must not be ahead of the history. */
  flush(): Promise<void>;
  /** Awaited between steps: resolves unless the run is paused. A stop ends a pause. */
  unpaused(): Promise<void>;
  /** Aborted to stop the run; checked between steps and while texts are tokenised. */
  readonly stopping: AbortSignal;
  /** The evaluation of another run of the experiment before training; null if there is none. */
  readonly untrained: UntrainedEvaluation | null;
}

type WithoutRun<E> = E extends unknown ? Omit<E, 'run'> : never;
export type EventWithoutRun = WithoutRun<TrainerEvent>;

/**
 * Trains one run from its beginning or its last checkpoint to its end or a requested stop. Throws a LabError if it
 * cannot continue; the last checkpoint is kept.
 */
export async function trainRun(job: TrainingJob, host: TrainingHost): Promise<void> {
  for (const message of job.configuration.notices) host.emit({ type: 'notice', message });
  const prepared = await prepare(job, host);
  if (prepared === null) return host.emit({ type: 'stopped', step: 0 });
  const run = await Run.open(prepared, host);
  try {
    await run.train();
  } finally {
    await run.dispose();
  }
}

/** Null if the run was stopped meanwhile. */
async function prepare(job: TrainingJob, host: TrainingHost): Promise<PreparedRun | null> {
  const report = {
    phase: (phase: string, done: number, total: number) => host.emit({ type: 'phase', phase, done, total }),
    notice: (message: string) => host.emit({ type: 'notice', message }),
  };
  try {
    return await prepareRun(job, report, host.stopping);
  } catch (error) {
    if (host.stopping.aborted && error === host.stopping.reason) return null;
    throw error;
  }
}

class Run {
  readonly #prepared: PreparedRun;
  readonly #host: TrainingHost;
  readonly #identity: string;
  readonly #step: TrainingStep;
  readonly #evaluation: RepeatedEvaluation;
  #progress: Progress;

  private constructor(
    prepared: PreparedRun,
    host: TrainingHost,
    identity: string,
    step: TrainingStep,
    evaluation: RepeatedEvaluation,
    progress: Progress,
  ) {
    this.#prepared = prepared;
    this.#host = host;
    this.#identity = identity;
    this.#step = step;
    this.#evaluation = evaluation;
    this.#progress = progress;
  }

  static async open(prepared: PreparedRun, host: TrainingHost): Promise<Run> {
    const { job, encoder, weights, test, idsOf } = prepared;
    const { training } = job.configuration;
    const design = designStep(encoder, job.configuration, job.device);
    mkdirSync(job.folder, { recursive: true });
    // Parameters and two moments, in two checkpoints and one in writing, and the encoder itself.
    requireFreeSpace(job.folder, parameterCount(encoder) * 4 * 10, 'Training this encoder');
    const identity = identityOf(prepared);
    const { checkpoint, damaged } = readCheckpoint(job.folder, parametersOf(design), identity);
    for (const message of damaged)
      host.emit({
        type: 'notice',
        message: `${message} ${checkpoint ? `Continuing from step ${checkpoint.progress.position}.` : 'Starting from the beginning.'}`,
      });
    const progress = checkpoint?.progress ?? { position: 0, documents: 0, training_seconds: 0 };
    host.emit({ type: 'phase', phase: 'Building the training step', done: 0, total: 1 });
    // The estimate may be wrong: it is reported, and the run is tried.
    const shortage = memoryShortage(prepared, await availableMemory(job.device));
    if (shortage) host.emit({ type: 'notice', message: `${shortage.message} ${shortage.fix}` });
    const step = await createTrainingStep(design, checkpoint?.state ?? startingState(design, weights));
    const evaluation = await RepeatedEvaluation.create(
      encoder,
      { questions: test, idsOf, batchSize: training.batch_size, seed: job.configuration.split_seed },
      job.device,
    );
    host.emit({
      type: 'started',
      device: job.device,
      device_reason: job.deviceReason,
      parameters: parameterCount(encoder),
      steps: prepared.steps,
      steps_per_epoch: prepared.plan.stepsPerEpoch,
      hashes: prepared.hashes,
      resumed_at: progress.position,
      train_questions: prepared.train.length,
      test_questions: test.length,
    });
    return new Run(prepared, host, identity, step, evaluation, progress);
  }

  async train(): Promise<void> {
    const {
      steps,
      job,
      plan: { stepsPerEpoch },
    } = this.#prepared;
    const { training } = job.configuration;
    if (this.#progress.position === 0 && training.eval_at_zero && !this.#host.stopping.aborted)
      await this.#evaluateUntrained();
    while (this.#progress.position < steps && !this.#budgetSpent) {
      await this.#host.unpaused();
      if (this.#host.stopping.aborted) return this.#stop();
      await this.#trainBatch();
      const { position } = this.#progress;
      const epochEnds = position % stepsPerEpoch === 0;
      if (epochEnds || this.#budgetSpent || (training.eval_steps !== null && position % training.eval_steps === 0))
        await this.#evaluate();
      if (epochEnds && (position / stepsPerEpoch) % training.checkpoint_interval === 0 && position < steps)
        await this.#saveCheckpoint();
    }
    await this.#finish();
  }

  /** Whether the time limit of the budget, if any, is reached. */
  get #budgetSpent(): boolean {
    // Runs from before this limit existed do not have the key.
    const minutes = this.#prepared.job.configuration.training.max_minutes ?? Infinity;
    return this.#progress.training_seconds >= 60 * minutes;
  }

  async #trainBatch(): Promise<void> {
    const { job, steps, idsOf, plan } = this.#prepared;
    const { training, seed, recipe } = job.configuration;
    const position = this.#progress.position + 1;
    const batch = plan.batchAt(position, recipe.strategy);
    if (!batch) {
      this.#progress = { ...this.#progress, position };
      return;
    }
    const learningRate = learningRateAt(position, steps, training);
    const texts = batch.texts.map(idsOf);
    const started = performance.now();
    const figures = await this.#step.run(batch, texts, {
      learningRate,
      weightDecay: training.weight_decay,
      maxGradientNorm: training.max_gradient_norm,
      dropoutSeed: randomSeed(seed, 'dropout', position),
    });
    const seconds = (performance.now() - started) / 1000;
    const documents = this.#progress.documents + batch.documents;
    this.#progress = { position, documents, training_seconds: this.#progress.training_seconds + seconds };
    this.#host.emit({
      type: 'step',
      step: position,
      epoch: this.#epochOf(position),
      loss: figures.loss,
      metrics: figures.metrics,
      gradient_norm: figures.gradientNorm,
      learning_rate: learningRate,
      documents,
      documents_per_step: documents / position,
      tokens: tokenCount(texts),
      step_seconds: seconds,
      training_seconds: this.#progress.training_seconds,
    });
    requireFinite(figures.loss, figures.gradientNorm, position);
  }

  /** 1 for the first epoch; 0 before training. */
  #epochOf(position: number): number {
    return Math.ceil(position / this.#prepared.plan.stepsPerEpoch);
  }

  /** Runs of an experiment begin with the same encoder: the first one evaluates it for all. */
  async #evaluateUntrained(): Promise<void> {
    const { untrained } = this.#host;
    if (untrained && beginAlike(untrained.hashes, this.#prepared.hashes)) this.#emitEvaluation(untrained.evaluation);
    else await this.#evaluate();
  }

  async #evaluate(): Promise<void> {
    const started = performance.now();
    const { metrics, perQuery, diagnostics } = await this.#evaluation.run(this.#step.state.parameters, (done, total) =>
      this.#host.emit({ type: 'phase', phase: 'Evaluating', done, total }),
    );
    this.#emitEvaluation({ metrics, per_query: perQuery, diagnostics, seconds: (performance.now() - started) / 1000 });
  }

  #emitEvaluation(evaluation: UntrainedEvaluation['evaluation']): void {
    const { position, training_seconds } = this.#progress;
    this.#host.emit({
      type: 'evaluation',
      split: 'test',
      step: position,
      epoch: this.#epochOf(position),
      training_seconds,
      ...evaluation,
    });
  }

  async #saveCheckpoint(): Promise<void> {
    await this.#host.flush();
    const state = await this.#step.state.read();
    const file = writeCheckpoint(this.#prepared.job.folder, this.#step.state.of, this.#identity, {
      state,
      progress: this.#progress,
    });
    this.#host.emit({ type: 'checkpoint', step: this.#progress.position, file });
  }

  async #stop(): Promise<void> {
    await this.#saveCheckpoint();
    this.#host.emit({ type: 'stopped', step: this.#progress.position });
  }

  async #finish(): Promise<void> {
    await this.#saveCheckpoint();
    const { job, encoder, tokenizer, maxLength } = this.#prepared;
    const { parameter: weights } = await this.#step.state.read(['parameter']);
    const folders = [
      join(job.folder, 'encoder'),
      ...(job.configuration.output_dir === null ? [] : [join(job.configuration.output_dir, job.run)]),
    ];
    for (const folder of folders) writeEncoderFolder(folder, { encoder, weights, tokenizer, maxLength });
    this.#host.emit({
      type: 'finished',
      step: this.#progress.position,
      training_seconds: this.#progress.training_seconds,
      encoder: folders[0]!,
      peak_memory_bytes: process.resourceUsage().maxRSS * 1024,
    });
    await this.#host.flush();
    forgetEarlierCheckpoints(job.folder);
  }

  async dispose(): Promise<void> {
    await this.#evaluation.dispose();
    await this.#step.dispose();
  }
}

/** A checkpoint fits a run if everything that affects its weights is the same. */
function identityOf({ job, hashes }: PreparedRun): string {
  const { encoder, training, recipe, seed } = job.configuration;
  return createHash('sha256')
    .update(JSON.stringify({ hashes, encoder, training, recipe, seed, device: job.device }))
    .digest('hex');
}

function requireFinite(loss: number, gradientNorm: number, step: number): void {
  const [what, value] = Number.isFinite(loss) ? ['gradient norm', gradientNorm] : ['loss', loss];
  if (Number.isFinite(value)) return;
  throw new LabError(
    'training',
    `The ${what} became ${value} at step ${step}. The run stops; earlier checkpoints are kept.`,
    'Try a lower learning_rate, a higher temperature, or max_gradient_norm 1.',
  );
}
