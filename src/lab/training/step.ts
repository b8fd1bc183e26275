import type { LossChoice } from '../../shared/recipe.ts';
import type { Batch } from '../batching/batch.ts';
import type { Encoder, TokenIds } from '../encoders/encoder.ts';
import { adamwFeed, appendAdamw, type AdamwSettings } from '../graph/adamw.ts';
import { compileModel } from '../graph/compile.ts';
import { Dropout, dropoutFeed } from '../graph/dropout.ts';
import type { DeviceName } from '../../shared/device.ts';
import { gradients } from '../graph/gradient.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import { float32Scalar } from '../graph/hostTensor.ts';
import { Session, scalarValue, toDeviceTensor, type DeviceTensor, type Feeds } from '../graph/session.ts';
import { bindLoss, type BoundLoss } from '../losses/registry.ts';
import { DeviceState, stateName, type TrainingState } from './state.ts';

/** What one optimiser update measured; figures may be NaN or infinite. */
export interface StepFigures {
  readonly loss: number;
  /** L2 norm of all gradients, before clipping. */
  readonly gradientNorm: number;
  readonly metrics: Record<string, number>;
}

export interface StepSettings extends AdamwSettings {
  /** Of the mask of this step's dropout; unused where the encoder has none. */
  readonly dropoutSeed: number;
}

/**
 * A training step as one model: encoder, loss, gradients and AdamW. Parameters and optimiser state
 * stay on the device; on the CPU they are updated in place.
 */
export class TrainingStep {
  private readonly session: Session;
  private readonly encoder: Encoder;
  private readonly loss: BoundLoss;
  /** Outputs that are numbers: the loss, the gradient norm, the batch metrics. */
  private readonly figures: readonly string[];
  private readonly hasDropout: boolean;
  readonly state: DeviceState;

  private constructor(session: Session, encoder: Encoder, loss: BoundLoss, figures: readonly string[], hasDropout: boolean, state: DeviceState) {
    this.session = session;
    this.encoder = encoder;
    this.loss = loss;
    this.figures = figures;
    this.hasDropout = hasDropout;
    this.state = state;
  }

  static async create(encoder: Encoder, choice: LossChoice, state: TrainingState, device: DeviceName, dropoutRate = 0): Promise<TrainingStep> {
    const loss = bindLoss(choice);
    const graph = new Graph();
    const variable = (name: string, kind: Parameters<typeof stateName>[0]): Tensor =>
      graph.input(stateName(kind, name), 'float32', encoder.parameters.find((parameter) => parameter.name === name)!.shape);
    const embeddings = encoder.build(graph, (name) => variable(name, 'parameter'), dropoutRate > 0 ? new Dropout(graph, dropoutRate) : undefined);
    const outputs = loss.build(embeddings);
    const names = encoder.parameters.map(({ name }) => name);
    const parameterGradients = gradients(outputs.loss, names.map((name) => variable(name, 'parameter')));
    const { updates, gradientNorm } = appendAdamw(
      graph,
      names.map((name, i) => ({ parameter: variable(name, 'parameter'), gradient: parameterGradients[i]!, first: variable(name, 'first'), second: variable(name, 'second') })),
    );
    const newState = Object.fromEntries(
      names.flatMap((name, i) => (['parameter', 'first', 'second'] as const).map((kind) => [`new.${stateName(kind, name)}`, updates[i]![kind]])),
    );
    const metricOutputs = Object.fromEntries(Object.entries(outputs.metrics).map(([name, tensor]) => [`metric.${name}`, tensor]));
    const figures = { loss: outputs.loss, gradient_norm: gradientNorm, ...metricOutputs };
    const model = compileModel({ ...figures, ...newState }, { withoutCopies: device === 'cpu' });
    const session = await Session.create(model, device, { keepOnDevice: Object.keys(newState) });
    return new TrainingStep(session, encoder, loss, Object.keys(figures), dropoutRate > 0, new DeviceState(encoder, state, device));
  }

  /** Updates the state by one batch. `texts` are the token ids of the batch's texts, in its order. */
  async run(batch: Batch, texts: readonly TokenIds[], settings: StepSettings): Promise<StepFigures> {
    const loss = this.loss.feed(batch);
    const step = this.state.step + 1;
    const outputs = await this.update({
      ...this.state.tensors,
      ...this.encoder.feed(texts),
      ...loss.inputs,
      ...adamwFeed(step, settings),
      ...(this.hasDropout && dropoutFeed(settings.dropoutSeed)),
    });
    const figures = this.figures.map((name) => [name, scalarValue(outputs[name]!)] as const);
    const metrics = figures.filter(([name]) => name.startsWith('metric.')).map(([name, value]) => [name.slice('metric.'.length), value] as const);
    return { loss: scalarValue(outputs.loss!), gradientNorm: scalarValue(outputs.gradient_norm!), metrics: { ...loss.metrics, ...Object.fromEntries(metrics) } };
  }

  /** One run of the model, after which `state` is the new one. On the CPU it is the same memory. */
  private async update(feeds: Feeds): Promise<Readonly<Record<string, DeviceTensor>>> {
    const { targets } = this.state;
    if (targets === null) {
      const outputs = await this.session.run(feeds);
      this.state.advance(outputs);
      return outputs;
    }
    const figures = Object.fromEntries(this.figures.map((name) => [name, toDeviceTensor(float32Scalar(0))]));
    await this.session.runInto(feeds, { ...figures, ...targets });
    this.state.advance({});
    return figures;
  }

  async dispose(): Promise<void> {
    // Buffers first: disposing one after the last session of its device crashes ONNX Runtime 1.30.
    this.state.dispose();
    await this.session.dispose();
  }
}
