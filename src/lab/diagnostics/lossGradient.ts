import type { DeviceName } from '../../shared/device.ts';
import type { LossChoice } from '../../shared/recipe.ts';
import type { Batch } from '../batching/batch.ts';
import type { Encoder, TokenIds } from '../encoders/encoder.ts';
import { compileModel } from '../graph/compile.ts';
import { gradients } from '../graph/gradient.ts';
import { Graph } from '../graph/graph.ts';
import { Session, type Feeds } from '../engine/session.ts';
import type { ConfiguredLoss } from '../losses/configuredLoss.ts';
import { configureLoss } from '../losses/registry.ts';
import { withFixedTemperature } from '../losses/temperature.ts';
import type { ParameterGroups } from '../training/parameterGroups.ts';
import { trainedParameters } from '../training/stepGraph.ts';
import { parameterInputs } from '../encoders/stateNames.ts';

/**
 * The gradient of a loss with respect to the trained parameters of the encoder, without an update and without dropout;
 * a learned temperature has its initial value.
 */
export class LossGradient {
  readonly #encoder: Encoder;
  readonly #loss: ConfiguredLoss;
  readonly #session: Session;

  private constructor(encoder: Encoder, loss: ConfiguredLoss, session: Session) {
    this.#encoder = encoder;
    this.#loss = loss;
    this.#session = session;
  }

  static async create(
    encoder: Encoder,
    groups: ParameterGroups,
    choice: LossChoice,
    device: DeviceName,
  ): Promise<LossGradient> {
    const loss = configureLoss(withFixedTemperature(choice));
    const graph = new Graph();
    const parameter = parameterInputs(graph, encoder);
    const { loss: value } = loss.build(encoder.build(graph, parameter));
    const names = trainedParameters(encoder, groups).map(({ name }) => name);
    const byName = gradients(value, names.map(parameter)).map(
      (gradient, i) => [`gradient:${names[i]!}`, gradient] as const,
    );
    return new LossGradient(encoder, loss, await Session.create(compileModel(Object.fromEntries(byName)), device));
  }

  /** One array for each trained parameter, in the encoder's order. `parameters` are inputs by `stateName`. */
  async at(parameters: Feeds, batch: Batch, texts: readonly TokenIds[]): Promise<Float32Array[]> {
    const outputs = await this.#session.run({
      ...parameters,
      ...this.#encoder.feed(texts),
      ...this.#loss.feed(batch).inputs,
    });
    return this.#session.model.outputs.map((name) => outputs[name]!.data as Float32Array);
  }

  async dispose(): Promise<void> {
    await this.#session.dispose();
  }
}
