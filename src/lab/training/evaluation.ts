import type { CorpusQuestion } from '../data/corpus.ts';
import { diagnoseEmbeddings } from '../evaluation/probe/measure.ts';
import { drawProbe, type ProbePair } from '../evaluation/probe/probe.ts';
import { evaluate, textsToEncode, type Evaluation } from '../evaluation/evaluator.ts';
import type { Encoder, TokenIds } from '../encoders/encoder.ts';
import type { DeviceName } from '../../shared/device.ts';
import type { Diagnostics } from '../../shared/diagnostics.ts';
import type { DeviceTensor, Session } from '../engine/session.ts';
import { Inference } from '../encoders/inference.ts';
import { similaritiesBy, similaritySession } from '../evaluation/similaritySession.ts';

export interface DiagnosedEvaluation extends Evaluation {
  readonly diagnostics: Diagnostics;
}

/** The data and settings of an evaluation. */
export interface EvaluatedQuestions {
  readonly questions: readonly CorpusQuestion[];
  /** Token ids of a corpus text. */
  readonly idsOf: (text: number) => TokenIds;
  /** Batch size of the training. */
  readonly batchSize: number;
  /** Seed of the split: it chooses the probe set of the diagnostics. */
  readonly seed: number;
}

/** Evaluates an encoder on the same questions any number of times, with its current parameters. */
export class RepeatedEvaluation {
  readonly #inference: Inference;
  readonly #product: Session;
  readonly #encoder: Encoder;
  readonly #evaluated: EvaluatedQuestions;
  readonly #texts: readonly number[];
  readonly #probe: readonly ProbePair[];

  private constructor(inference: Inference, product: Session, encoder: Encoder, evaluated: EvaluatedQuestions) {
    this.#inference = inference;
    this.#product = product;
    this.#encoder = encoder;
    this.#evaluated = evaluated;
    this.#texts = textsToEncode(evaluated.questions);
    this.#probe = drawProbe(evaluated.questions, evaluated.seed);
  }

  static async create(
    encoder: Encoder,
    evaluated: EvaluatedQuestions,
    device: DeviceName,
  ): Promise<RepeatedEvaluation> {
    // All similarities are read back: on the CPU, where the embeddings are, this needs no transfer.
    return new RepeatedEvaluation(
      await Inference.create(encoder, device),
      await similaritySession(encoder.dimension),
      encoder,
      evaluated,
    );
  }

  /** The number of distinct texts that one evaluation encodes. */
  get textCount(): number {
    return this.#texts.length;
  }

  async run(
    parameters: Readonly<Record<string, DeviceTensor>>,
    onProgress?: (done: number, total: number) => void,
  ): Promise<DiagnosedEvaluation> {
    const { questions, idsOf, batchSize } = this.#evaluated;
    const embeddings = await this.#inference.encode(this.#texts.map(idsOf), parameters, (done) =>
      onProgress?.(done, this.#texts.length),
    );
    const rows = new Map(this.#texts.map((text, row) => [text, row]));
    const encoded = {
      embeddings,
      dimension: this.#encoder.dimension,
      rowOf: (text: number) => rows.get(text)!,
      similarities: similaritiesBy(this.#product),
    };
    const evaluation = await evaluate({ ...encoded, questions, batchSize });
    return { ...evaluation, diagnostics: await diagnoseEmbeddings(this.#probe, encoded) };
  }

  async dispose(): Promise<void> {
    await this.#inference.dispose();
    await this.#product.dispose();
  }
}
