import type { Encoder, TokenIds } from './encoder.ts';
import { compileModel } from '../graph/compile.ts';
import type { DeviceName } from '../../shared/device.ts';
import { Graph, type Tensor } from '../graph/graph.ts';
import type { DeviceMemory } from '../engine/memory.ts';
import { Session, type DeviceTensor } from '../engine/session.ts';
import { parameterInputs } from './stateNames.ts';

/** Maximum number of texts per run, and of their tokens, including padding. */
const batchTexts = 256;
const batchTokens = 16_384;

/** The encoder without gradients: turns texts into embeddings with the parameters of a training step. */
export class Inference {
  readonly #session: Session;
  readonly #encoder: Encoder;

  private constructor(session: Session, encoder: Encoder) {
    this.#session = session;
    this.#encoder = encoder;
  }

  static async create(encoder: Encoder, device: DeviceName): Promise<Inference> {
    return new Inference(await Session.create(compileModel(encodingOf(encoder)), device), encoder);
  }

  /**
   * Embeddings of `texts` (token ids), [texts, dimension], in their order. Texts of similar length are encoded
   * together, so that there is little padding.
   */
  async encode(
    texts: readonly TokenIds[],
    parameters: Readonly<Record<string, DeviceTensor>>,
    onProgress?: (done: number) => void,
  ): Promise<Float32Array> {
    const { dimension } = this.#encoder;
    const result = new Float32Array(texts.length * dimension);
    let done = 0;
    for (const members of batchesByLength(texts)) {
      const { embeddings } = await this.#session.run({
        ...parameters,
        ...this.#encoder.feed(members.map((i) => texts[i]!)),
      });
      const rows = embeddings!.data as Float32Array;
      members.forEach((text, row) =>
        result.set(rows.subarray(row * dimension, (row + 1) * dimension), text * dimension),
      );
      done += members.length;
      onProgress?.(done);
    }
    return result;
  }

  async dispose(): Promise<void> {
    await this.#session.dispose();
  }
}

function encodingOf(encoder: Encoder): { embeddings: Tensor } {
  const graph = new Graph();
  return { embeddings: encoder.build(graph, parameterInputs(graph, encoder)) };
}

/** Groups positions of texts that are encoded together; the longest first. */
function* batchesByLength(texts: readonly TokenIds[]): Generator<readonly number[], undefined> {
  const order = texts.map((_, i) => i).sort((a, b) => texts[b]!.length - texts[a]!.length || a - b);
  for (let start = 0; start < order.length;) {
    const longest = texts[order[start]!]!.length;
    const count = Math.max(1, Math.min(batchTexts, Math.floor(batchTokens / longest)));
    yield order.slice(start, (start += count));
  }
}

/** Adds the memory that encoding the texts needs, with parameters that are already on the device. */
export function inferenceMemory(encoder: Encoder, texts: readonly TokenIds[], memory: DeviceMemory): void {
  const { value: largest } = batchesByLength(texts).next();
  if (largest) memory.run({ figures: encodingOf(encoder), updates: {} }, encoder.feed(largest.map((i) => texts[i]!)));
}
