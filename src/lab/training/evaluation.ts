import type { CorpusQuestion } from '../data/corpus.ts';
import { evaluate, textsToEncode, type Evaluation } from '../evaluation/evaluator.ts';
import type { Encoder, TokenIds } from '../encoders/encoder.ts';
import type { DeviceName } from '../../shared/device.ts';
import type { DeviceTensor, Session } from '../graph/session.ts';
import { Inference } from './inference.ts';
import { similaritiesBy, similaritySession } from './similaritySession.ts';

/** Evaluates an encoder on one test split, as often as asked, with whatever parameters it has then. */
export class TestSplitEvaluation {
  private readonly inference: Inference;
  private readonly product: Session;
  private readonly encoder: Encoder;
  private readonly questions: readonly CorpusQuestion[];
  private readonly texts: readonly number[];
  private readonly idsOf: (text: number) => TokenIds;
  private readonly batchSize: number;

  private constructor(inference: Inference, product: Session, encoder: Encoder, questions: readonly CorpusQuestion[], idsOf: (text: number) => TokenIds, batchSize: number) {
    this.inference = inference;
    this.product = product;
    this.encoder = encoder;
    this.questions = questions;
    this.texts = textsToEncode(questions);
    this.idsOf = idsOf;
    this.batchSize = batchSize;
  }

  static async create(encoder: Encoder, questions: readonly CorpusQuestion[], idsOf: (text: number) => TokenIds, batchSize: number, device: DeviceName): Promise<TestSplitEvaluation> {
    // Similarities are read back whole: on the CPU, where the embeddings already are, nothing travels.
    return new TestSplitEvaluation(await Inference.create(encoder, device), await similaritySession(encoder.dimension), encoder, questions, idsOf, batchSize);
  }

  /** How many distinct texts one evaluation encodes. */
  get textCount(): number {
    return this.texts.length;
  }

  async run(parameters: Readonly<Record<string, DeviceTensor>>, onProgress?: (done: number, total: number) => void): Promise<Evaluation> {
    const embeddings = await this.inference.encode(this.texts.map(this.idsOf), parameters, (done) => onProgress?.(done, this.texts.length));
    const rows = new Map(this.texts.map((text, row) => [text, row]));
    return evaluate({
      questions: this.questions,
      embeddings,
      dimension: this.encoder.dimension,
      rowOf: (text) => rows.get(text)!,
      batchSize: this.batchSize,
      similarities: similaritiesBy(this.product),
    });
  }

  async dispose(): Promise<void> {
    await this.inference.dispose();
    await this.product.dispose();
  }
}
