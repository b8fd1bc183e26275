import type { Batch } from '../batching/batch.ts';
import type { TokenIds } from '../encoders/encoder.ts';
import { adamwFeed } from '../graph/adamw.ts';
import type { UpdateModel } from '../graph/compile.ts';
import { Dropout, dropoutFeed } from '../graph/dropout.ts';
import { gradients } from '../graph/gradient.ts';
import { Graph } from '../graph/graph.ts';
import type { DeviceMemory } from '../engine/memory.ts';
import type { Session } from '../engine/session.ts';
import type { ConfiguredLoss } from '../losses/configuredLoss.ts';
import { configureLoss } from '../losses/registry.ts';
import { rowsOfBatch } from './batchPart.ts';
import { updateSession } from './deviceTensors.ts';
import { DeviceState, stateBytes, type TrainingState } from './state.ts';
import type { StepDesign, StepFigures, StepSettings, TrainingStep } from './step.ts';
import { appendUpdates, lossFigures, readFigures, stepParameters, trainedParameters } from './stepGraph.ts';
import { parameterInputs } from '../encoders/stateNames.ts';

/** A training step as one model: encoder, loss, gradients and AdamW. */
export class WholeBatchStep implements TrainingStep {
  readonly #design: StepDesign;
  readonly #loss: ConfiguredLoss;
  readonly #session: Session;
  readonly state: DeviceState;

  private constructor(design: StepDesign, loss: ConfiguredLoss, session: Session, state: DeviceState) {
    this.#design = design;
    this.#loss = loss;
    this.#session = session;
    this.state = state;
  }

  static async create(design: StepDesign, initial: TrainingState): Promise<WholeBatchStep> {
    const loss = configureLoss(design.loss);
    const session = await updateSession(wholeBatchModel(design, loss), design.device);
    return new WholeBatchStep(
      design,
      loss,
      session,
      await DeviceState.create(stepParameters(design.encoder, loss), initial, design.device),
    );
  }

  async run(batch: Batch, texts: readonly TokenIds[], settings: StepSettings): Promise<StepFigures> {
    const { encoder, groups } = this.#design;
    const loss = this.#loss.feed(batch);
    const figures = await this.state.update(this.#session, {
      ...encoder.feed(texts),
      ...loss.inputs,
      ...adamwFeed(this.state.step + 1, settings, groups.values()),
      ...dropoutFeed(settings.dropoutSeed),
    });
    return readFigures(figures, loss.metrics);
  }

  async dispose(): Promise<void> {
    await this.state.dispose();
    await this.#session.dispose();
  }
}

function wholeBatchModel({ encoder, groups, dropout }: StepDesign, loss: ConfiguredLoss): UpdateModel {
  const graph = new Graph();
  const all = stepParameters(encoder, loss);
  const parameter = parameterInputs(graph, all);
  const outputs = loss.build(
    encoder.build(
      graph,
      parameter,
      dropout > 0 ? new Dropout(graph, dropout, (leading) => rowsOfBatch(graph, leading)) : undefined,
    ),
    parameter,
  );
  const parameterGradients = gradients(
    outputs.loss,
    trainedParameters(all, groups).map(({ name }) => parameter(name)),
  );
  const { updates, gradientNorm } = appendUpdates(graph, all, groups, parameterGradients);
  return { figures: { ...lossFigures(outputs), gradient_norm: gradientNorm }, updates };
}

/** Expected memory of successive steps. */
export function wholeBatchMemory(
  design: StepDesign,
  memory: DeviceMemory,
): (batch: Batch, texts: readonly TokenIds[]) => void {
  const loss = configureLoss(design.loss);
  const model = wholeBatchModel(design, loss);
  memory.keep(stateBytes(stepParameters(design.encoder, loss), design.groups));
  return (batch, texts) => memory.run(model, { ...design.encoder.feed(texts), ...loss.feed(batch).inputs });
}
