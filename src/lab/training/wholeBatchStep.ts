import type { Batch } from '../batching/batch.ts';
import type { TokenIds } from '../encoders/encoder.ts';
import { adamwFeed } from '../graph/adamw.ts';
import { Dropout, dropoutFeed } from '../graph/dropout.ts';
import { gradients } from '../graph/gradient.ts';
import { Graph } from '../graph/graph.ts';
import type { Session } from '../graph/session.ts';
import type { BoundLoss } from '../losses/boundLoss.ts';
import { bindLoss } from '../losses/registry.ts';
import { rowsOfBatch } from './batchPart.ts';
import { updateSession } from './deviceTensors.ts';
import { DeviceState, type TrainingState } from './state.ts';
import type { StepDesign, StepFigures, StepSettings, TrainingStep } from './step.ts';
import { appendUpdates, lossFigures, parameterInputs, readFigures, stepParameters, trainedParameters } from './stepGraph.ts';

/** A training step as one model: encoder, loss, gradients and AdamW. */
export class WholeBatchStep implements TrainingStep {
  private readonly design: StepDesign;
  private readonly loss: BoundLoss;
  private readonly session: Session;
  readonly state: DeviceState;

  private constructor(design: StepDesign, loss: BoundLoss, session: Session, state: DeviceState) {
    this.design = design;
    this.loss = loss;
    this.session = session;
    this.state = state;
  }

  static async create(design: StepDesign, initial: TrainingState): Promise<WholeBatchStep> {
    const { encoder, groups, dropout, device } = design;
    const loss = bindLoss(design.loss);
    const graph = new Graph();
    const all = stepParameters(encoder, loss);
    const parameter = parameterInputs(graph, all);
    const outputs = loss.build(encoder.build(graph, parameter, dropout > 0 ? new Dropout(graph, dropout, (leading) => rowsOfBatch(graph, leading)) : undefined), parameter);
    const parameterGradients = gradients(outputs.loss, trainedParameters(all, groups).map(({ name }) => parameter(name)));
    const { updates, gradientNorm } = appendUpdates(graph, all, groups, parameterGradients);
    const session = await updateSession({ ...lossFigures(outputs), gradient_norm: gradientNorm }, updates, device);
    return new WholeBatchStep(design, loss, session, await DeviceState.create(all, initial, device));
  }

  async run(batch: Batch, texts: readonly TokenIds[], settings: StepSettings): Promise<StepFigures> {
    const { encoder, groups } = this.design;
    const loss = this.loss.feed(batch);
    const figures = await this.state.update(this.session, {
      ...encoder.feed(texts),
      ...loss.inputs,
      ...adamwFeed(this.state.step + 1, settings, groups.values()),
      ...dropoutFeed(settings.dropoutSeed),
    });
    return readFigures(figures, loss.metrics);
  }

  async dispose(): Promise<void> {
    await this.state.dispose();
    await this.session.dispose();
  }
}
