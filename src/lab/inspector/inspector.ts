import { totalmem } from 'node:os';
import type { InspectedColumn, Inspection, QuestionPage } from '../../shared/contract/inspector.ts';
import { LabError } from '../../shared/errors.ts';
import type { Progress } from '../../shared/progress.ts';
import { questionText } from '../data/dataset.ts';
import { answerEmbeddings } from './answerEmbeddings.ts';
import { BoundedCache } from './boundedCache.ts';
import type { ColumnSource, InspectionJob } from './columns.ts';
import type { RunDataReference } from '../data/runData.ts';
import { InspectedSplit, type SearchedAnswers } from '../evaluation/inspectedSplit.ts';
import { assemble, type ScoredColumn } from './inspection.ts';
import { openEncoder, type EncoderSource, type OpenEncoder } from '../training/openEncoder.ts';
import { bm25Ranker, embeddingRanker, Products, type Ranker } from './rankers.ts';

/** Whoever waits for an answer: stops it, and is told how far it is. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What can be asked, in this process or in one beside it. */
export interface InspectorCalls {
  questions(search: {
    readonly data: RunDataReference;
    readonly text: string;
    readonly offset: number;
    readonly limit: number;
  }): Promise<QuestionPage>;
  /** Null for a question that the dataset does not have. */
  titles(asked: { readonly data: RunDataReference; readonly ids: readonly string[] }): Promise<(string | null)[]>;
  inspect(job: InspectionJob, watch?: Watch): Promise<Inspection>;
}

/** Where an inspection searches. `key` names it. */
interface Search {
  readonly reference: RunDataReference;
  readonly split: InspectedSplit;
  readonly answers: SearchedAnswers;
  readonly key: string;
}

/** What is kept in memory between questions. Embeddings that have gone are read from their file again. */
const splitBytes = 2 ** 30;
const encoderBytes = 2 ** 30;
/** Several encoders are asked in turn: where not all of theirs fit, each query reads them all again. */
const embeddingBytes = Math.max(2 ** 30, totalmem() / 4);
const bm25Bytes = 2 ** 29;

/** Ranks answers under several encoders, keeping data, encoders and embeddings for the next question. */
export class Inspector implements InspectorCalls {
  readonly #cache: string;
  readonly #splits = new BoundedCache<InspectedSplit>(splitBytes);
  readonly #encoders = new BoundedCache<OpenEncoder>(encoderBytes, ({ embedder }) => void embedder.dispose());
  readonly #embeddings = new BoundedCache<Float32Array>(embeddingBytes);
  readonly #bm25 = new BoundedCache<Ranker>(bm25Bytes);
  /** Untrained encoders that cannot be made again: finding that out takes too long for every query. */
  readonly #refused = new Map<string, LabError>();
  readonly #products = new Products();
  #turn: Promise<unknown> = Promise.resolve();

  /** @param cache folder for what can be computed again */
  constructor(cache: string) {
    this.#cache = cache;
  }

  async questions({ data, text, offset, limit }: Parameters<InspectorCalls['questions']>[0]): Promise<QuestionPage> {
    return (await this.#split(data)).search(text, offset, limit);
  }

  async titles({ data, ids }: Parameters<InspectorCalls['titles']>[0]): Promise<(string | null)[]> {
    const split = await this.#split(data);
    return ids.map((id) => split.titleOf(id));
  }

  /** A column that fails says why; the others are ranked all the same. Throws what concerns all, and the reason of an aborted signal. */
  async inspect(job: InspectionJob, watch: Watch = {}): Promise<Inspection> {
    return this.#inTurn(() => this.#inspect(job, watch));
  }

  async dispose(): Promise<void> {
    await this.#turn;
    this.#encoders.clear();
    await this.#products.dispose();
  }

  async #inspect({ data: reference, columns, corpus, top, asked }: InspectionJob, watch: Watch): Promise<Inspection> {
    watch.signal?.throwIfAborted();
    const split = await this.#split(reference);
    const tested = 'question' in asked ? split.testQuestion(asked.question) : null;
    const search = { reference, split, answers: split.searched(corpus), key: `${JSON.stringify(reference)} ${corpus}` };
    const query = 'text' in asked ? asked.text : questionText(tested!.question);
    const scored: ScoredColumn[] = [];
    let milliseconds = 0;
    for (const source of columns) {
      const ranker = await this.#rankerOrProblem(source, search, watch);
      const started = performance.now();
      scored.push({ source, outcome: typeof ranker === 'function' ? { row: await ranker(query) } : ranker });
      milliseconds += performance.now() - started;
    }
    const started = performance.now();
    const found = assemble(split, search.answers, scored, tested ? search.answers.answersOf(tested.indexed) : [], top);
    milliseconds += performance.now() - started;
    const question = tested && { id: tested.question.id, title: tested.question.title, body: tested.question.body };
    return { question, corpus, documents: search.answers.documents.length, top, ...found, milliseconds };
  }

  async #rankerOrProblem(
    source: ColumnSource,
    search: Search,
    watch: Watch,
  ): Promise<Ranker | { readonly problem: NonNullable<InspectedColumn['problem']> }> {
    if ('problem' in source) return source;
    try {
      return 'bm25' in source
        ? await this.#bm25Ranker(search)
        : await this.#encoderRanker(source.encoder, source.name, search, watch);
    } catch (error) {
      watch.signal?.throwIfAborted();
      if (!(error instanceof LabError)) throw error;
      return { problem: { message: error.message, fix: error.fix } };
    }
  }

  async #bm25Ranker({ split, answers, key }: Search): Promise<Ranker> {
    const known = this.#bm25.get(key);
    if (known) return known;
    const made = bm25Ranker(split, answers, await split.analyzer);
    this.#bm25.add(key, made, split.bytes);
    return made;
  }

  async #encoderRanker(source: EncoderSource, name: string, search: Search, watch: Watch): Promise<Ranker> {
    const encoder = await this.#encoder(source, name, search.reference, watch);
    const key = `${encoder.hash} ${search.key}`;
    let embeddings = this.#embeddings.get(key);
    if (!embeddings) {
      const onProgress = (message: string, done: number, total: number): void =>
        watch.onProgress?.({ message: `${name}: ${message}`, done, total });
      embeddings = await answerEmbeddings(search.split, search.answers, encoder, {
        cache: this.#cache,
        signal: watch.signal,
        onProgress,
      });
      this.#embeddings.add(key, embeddings, embeddings.byteLength);
    }
    return embeddingRanker(encoder, embeddings, search.answers, this.#products);
  }

  async #encoder(
    source: EncoderSource,
    name: string,
    { folder, hash }: RunDataReference,
    { signal, onProgress }: Watch,
  ): Promise<OpenEncoder> {
    const key = JSON.stringify([source, source.kind === 'untrained' ? hash : null]);
    const known = this.#encoders.get(key);
    if (known) return known;
    const refused = this.#refused.get(key);
    if (refused) throw refused;
    onProgress?.({ message: `${name}: Opening the encoder`, done: 0, total: 1 });
    try {
      const opened = await openEncoder(source, { dataset: folder, cache: this.#cache, signal });
      this.#encoders.add(key, opened, opened.bytes);
      return opened;
    } catch (error) {
      if (source.kind === 'untrained' && error instanceof LabError && !signal?.aborted) this.#refused.set(key, error);
      throw error;
    }
  }

  async #split(reference: RunDataReference): Promise<InspectedSplit> {
    const key = JSON.stringify(reference);
    const known = this.#splits.get(key);
    if (known) return known;
    const read = await InspectedSplit.open(reference);
    this.#splits.add(key, read, read.bytes);
    return read;
  }

  /** One inspection at a time: two would make the same embeddings side by side, and let go of encoders that the other uses. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
