import type { Batch } from '../batching/batch.ts';
import { elementsOf, type TokenIds } from '../encoders/encoder.ts';
import { adamwFeed } from '../graph/adamw.ts';
import { compileModel, type UpdateModel } from '../graph/compile.ts';
import { Dropout, dropoutFeed } from '../graph/dropout.ts';
import { gradients } from '../graph/gradient.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { float32, type HostTensor } from '../graph/hostTensor.ts';
import type { DeviceMemory } from '../engine/memory.ts';
import { multiply } from '../graph/operators/elementwise.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import { Session, type DeviceTensor, type Feeds } from '../engine/session.ts';
import type { ConfiguredLoss } from '../losses/configuredLoss.ts';
import { configureLoss } from '../losses/registry.ts';
import { partsOf, placesFeed, rowsInBatch, type BatchPart } from './batchPart.ts';
import { updateSession } from './deviceTensors.ts';
import { accumulate, GradientAccumulator, gradientInput, gradientName } from './gradientAccumulator.ts';
import { DeviceState, stateBytes, type TrainingState } from './state.ts';
import type { StepDesign, StepFigures, StepSettings, TrainingStep } from './step.ts';
import { appendUpdates, lossFigures, readFigures, stepParameters, trainedParameters } from './stepGraph.ts';
import { parameterInputs } from '../encoders/stateNames.ts';

/**
 * Encoding has its own models: a session keeps its peak memory, so encoding and the backward pass in one session would
 * need both.
 */
function encodedPartSize(partSize: number): number {
  return Math.ceil(partSize / 4);
}

interface Stages<T> {
  /** Texts of a part → their embeddings. */
  readonly encode: T;
  /** Embeddings of the batch → loss, metrics, and gradients of the embeddings and of the loss's own parameters. */
  readonly loss: T;
  /** Texts of a part and the gradient of their embeddings → gradient of the parameters, added to the sums. */
  readonly backward: T;
  /** Sums of gradients → AdamW update. */
  readonly update: T;
}

/**
 * A training step that needs only the memory of a part of its batch (gradient caching: Gao et al. 2021). Only the loss
 * needs all texts at once, and only their embeddings. So each part is encoded and only its embeddings are kept. Then
 * each part is encoded again with the same dropout, and the gradient of its embeddings is propagated back. The
 * gradients are those of the whole batch.
 */
export class CachedStep implements TrainingStep {
  readonly #design: StepDesign;
  readonly #partSize: number;
  readonly #loss: ConfiguredLoss;
  readonly #sessions: Stages<Session>;
  readonly #gradients: GradientAccumulator;
  readonly state: DeviceState;

  private constructor(
    design: StepDesign,
    partSize: number,
    loss: ConfiguredLoss,
    sessions: Stages<Session>,
    accumulator: GradientAccumulator,
    state: DeviceState,
  ) {
    this.#design = design;
    this.#partSize = partSize;
    this.#loss = loss;
    this.#sessions = sessions;
    this.#gradients = accumulator;
    this.state = state;
  }

  /** `partSize`: maximum number of texts in a part. */
  static async create(design: StepDesign, partSize: number, initial: TrainingState): Promise<CachedStep> {
    const { encoder, groups, device } = design;
    const loss = configureLoss(design.loss);
    const models = modelsOf(design, loss);
    const sessions = {
      encode: await Session.create(compileModel(models.encode.figures), device),
      loss: await Session.create(compileModel(models.loss.figures), device),
      backward: await updateSession(models.backward, device),
      update: await updateSession(models.update, device),
    };
    const accumulator = await GradientAccumulator.create(trainedParameters(encoder, groups), device);
    return new CachedStep(
      design,
      partSize,
      loss,
      sessions,
      accumulator,
      await DeviceState.create(stepParameters(encoder, loss), initial, device),
    );
  }

  async run(batch: Batch, texts: readonly TokenIds[], settings: StepSettings): Promise<StepFigures> {
    const { dimension } = this.#design.encoder;
    const length = longest(texts);
    const feed = (part: BatchPart) => ({
      ...feedPart(this.#design, part, length),
      ...dropoutFeed(settings.dropoutSeed),
    });

    const embeddings = new Float32Array(texts.length * dimension);
    for (const part of partsOf(texts, encodedPartSize(this.#partSize))) {
      const outputs = await this.#sessions.encode.run({ ...this.state.parameters, ...feed(part) });
      writeRows(embeddings, part.places, outputs.embeddings!.data as Float32Array);
    }
    const { inputs, metrics } = this.#loss.feed(batch);
    const { embedding_gradient, ...figures } = await this.#sessions.loss.run({
      ...this.state.parameters,
      embeddings: float32(embeddings, [texts.length, dimension]),
      ...inputs,
    });

    await this.#gradients.clear();
    for (const part of partsOf(texts, this.#partSize)) {
      const rows = readRows(embedding_gradient!.data as Float32Array, part.places, dimension);
      await this.#gradients.add(this.#sessions.backward, {
        ...this.state.parameters,
        ...feed(part),
        embedding_gradient: rows,
      });
    }
    return readFigures({ ...figures, ...(await this.#update(settings, figures)) }, metrics);
  }

  /** `ofLoss` includes the gradients of the loss's own parameters. */
  #update(settings: StepSettings, ofLoss: Feeds): Promise<Readonly<Record<string, DeviceTensor>>> {
    return this.state.update(this.#sessions.update, {
      ...ofLoss,
      ...this.#gradients.tensors,
      ...adamwFeed(this.state.step + 1, settings, this.#design.groups.values()),
    });
  }

  async dispose(): Promise<void> {
    await this.state.dispose();
    await this.#gradients.dispose();
    for (const session of Object.values(this.#sessions) as Session[]) await session.dispose();
  }
}

/** Expected memory of successive steps. */
export function cachedStepMemory(
  design: StepDesign,
  partSize: number,
  memory: DeviceMemory,
): (batch: Batch, texts: readonly TokenIds[]) => void {
  const { encoder, groups } = design;
  const loss = configureLoss(design.loss);
  const models = modelsOf(design, loss);
  memory.keep(stateBytes(stepParameters(encoder, loss), groups));
  memory.keep(trainedParameters(encoder, groups).map(({ shape }) => 4 * elementsOf(shape)));
  return (batch, texts) => {
    const embeddings = (rows: number): HostTensor =>
      float32(new Float32Array(rows * encoder.dimension), [rows, encoder.dimension]);
    // The first part has the longest texts, so no other part needs more.
    const [encoded] = partsOf(texts, encodedPartSize(partSize));
    memory.run(models.encode, feedPart(design, encoded!, longest(texts)));
    memory.run(models.loss, { embeddings: embeddings(texts.length), ...loss.feed(batch).inputs });
    const [part] = partsOf(texts, partSize);
    memory.run(models.backward, {
      ...feedPart(design, part!, longest(texts)),
      embedding_gradient: embeddings(part!.texts.length),
    });
    memory.run(models.update, {});
  };
}

function feedPart({ encoder }: StepDesign, part: BatchPart, length: number): Record<string, HostTensor> {
  return { ...encoder.feed(part.texts), ...placesFeed(part, length) };
}

function longest(texts: readonly TokenIds[]): number {
  return Math.max(...texts.map((ids) => ids.length));
}

// --- Graphs -------------------------------------------------------------------------------------

function modelsOf(design: StepDesign, loss: ConfiguredLoss): Stages<UpdateModel> {
  return {
    encode: encodeModel(design),
    loss: lossModel(design, loss),
    backward: backwardModel(design),
    update: adamwModel(design, loss),
  };
}

/** Adds the encoder for a part of a batch. */
function buildPart(graph: Graph, { encoder, dropout }: StepDesign): Tensor {
  const perText = dropout > 0 ? new Dropout(graph, dropout, (leading) => rowsInBatch(graph, leading)) : undefined;
  return encoder.build(graph, parameterInputs(graph, encoder), perText);
}

function encodeModel(design: StepDesign): UpdateModel {
  return { figures: { embeddings: buildPart(new Graph(), design) }, updates: {} };
}

function lossModel({ encoder }: StepDesign, loss: ConfiguredLoss): UpdateModel {
  const graph = new Graph();
  const embeddings = graph.input('embeddings', 'float32', ['texts', encoder.dimension]);
  const parameter = parameterInputs(graph, loss);
  const outputs = loss.build(embeddings, parameter);
  const [gradient, ...own] = gradients(outputs.loss, [
    embeddings,
    ...loss.parameters.map(({ name }) => parameter(name)),
  ]);
  const ownGradients = Object.fromEntries(loss.parameters.map(({ name }, i) => [gradientName(name), own[i]!]));
  return { figures: { ...lossFigures(outputs), embedding_gradient: gradient!, ...ownGradients }, updates: {} };
}

/** By the chain rule, the gradient of Σ embeddings · gradient (a constant) is the gradient of the loss. */
function backwardModel(design: StepDesign): UpdateModel {
  const { encoder, groups } = design;
  const graph = new Graph();
  const embeddings = buildPart(graph, design);
  const inner = sumAll(multiply(embeddings, graph.input('embedding_gradient', 'float32', embeddings.shape)));
  const trained = trainedParameters(encoder, groups);
  const parameter = parameterInputs(graph, encoder);
  // GPU memory grows unless an output is read back between runs; `inner` is read back.
  return {
    figures: { inner },
    updates: accumulate(
      graph,
      trained,
      gradients(
        inner,
        trained.map(({ name }) => parameter(name)),
      ),
    ),
  };
}

function adamwModel({ encoder, groups }: StepDesign, loss: ConfiguredLoss): UpdateModel {
  const graph = new Graph();
  const all = stepParameters(encoder, loss);
  const sums = trainedParameters(all, groups).map((parameter) => gradientInput(graph, parameter));
  const { updates, gradientNorm } = appendUpdates(graph, all, groups, sums);
  return { figures: { gradient_norm: gradientNorm }, updates };
}

// --- Rows of a matrix in memory -----------------------------------------------------------------

function writeRows(matrix: Float32Array, places: readonly number[], rows: Float32Array): void {
  const columns = rows.length / places.length;
  places.forEach((place, row) => matrix.set(rows.subarray(row * columns, (row + 1) * columns), place * columns));
}

function readRows(matrix: Float32Array, places: readonly number[], columns: number): HostTensor {
  const rows = new Float32Array(places.length * columns);
  places.forEach((place, row) => rows.set(matrix.subarray(place * columns, (place + 1) * columns), row * columns));
  return float32(rows, [places.length, columns]);
}
