import * as ort from '../engine/onnxRuntime.ts';
import type { DeviceName } from '../../shared/device.ts';
import type { TokenIds } from './encoder.ts';
import type { FinishedEncoder } from './encoderFolder.ts';
import { Inference } from './inference.ts';
import { stateName } from './stateNames.ts';

/** A finished encoder on a device. Turns texts into embeddings. */
export class TextEmbedder {
  readonly #finished: FinishedEncoder;
  readonly #inference: Inference;
  readonly #parameters: Readonly<Record<string, ort.Tensor>>;

  private constructor(finished: FinishedEncoder, inference: Inference) {
    this.#finished = finished;
    this.#inference = inference;
    const { encoder, weights } = finished;
    this.#parameters = Object.fromEntries(
      encoder.parameters.map(({ name, shape }) => [
        stateName('parameter', name),
        new ort.Tensor('float32', weights.get(name)!, shape),
      ]),
    );
  }

  static async create(finished: FinishedEncoder, device: DeviceName): Promise<TextEmbedder> {
    return new TextEmbedder(finished, await Inference.create(finished.encoder, device));
  }

  get dimension(): number {
    return this.#finished.encoder.dimension;
  }

  /** [texts, dimension], in their order. Texts that are too long are cut at their end. */
  embed(texts: readonly string[]): Promise<Float32Array> {
    const { tokenizer, maxLength } = this.#finished;
    return this.embedTokens(texts.map((text) => tokenizer.encode(text, maxLength)));
  }

  /** As `embed`, for texts given as token ids. If `onProgress` throws, encoding ends. */
  embedTokens(texts: readonly TokenIds[], onProgress?: (done: number) => void): Promise<Float32Array> {
    return this.#inference.encode(texts, this.#parameters, onProgress);
  }

  async dispose(): Promise<void> {
    await this.#inference.dispose();
  }
}
