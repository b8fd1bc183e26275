import { setImmediate } from 'node:timers/promises';
import { buildCollection } from '../../evaluation/collection.ts';
import { textsToEncode } from '../../evaluation/evaluator.ts';
import type { Analyzer } from '../../evaluation/analyzers.ts';
import { Bm25 } from '../../evaluation/bm25.ts';
import { evaluateRetrieval, retrievalDepth, type RankedDocument, type Retrieval } from '../../evaluation/retrieval.ts';
import { TopDocuments } from '../../evaluation/topDocuments.ts';
import type { Rankings } from '../../evaluation/trecFiles.ts';
import type { FinishedEncoder } from '../../encoders/encoderFolder.ts';
import { similaritiesBy, similaritySession } from '../../evaluation/similaritySession.ts';
import { TextEmbedder } from '../../encoders/textEmbedder.ts';
import type { RunData } from '../../data/runData.ts';
import { distinct } from './names.ts';

type TestedData = Pick<RunData, 'test' | 'texts'>;

/** Test questions and their answers, with unique names for files of other programs. */
export interface NamedTestSplit extends TestedData {
  readonly queries: readonly NamedQuery[];
  readonly documents: readonly NamedText[];
}

interface NamedText {
  readonly name: string;
  readonly text: string;
}

interface NamedQuery extends NamedText {
  /** Positions of its answers in `documents`, best first; at least one. */
  readonly answers: readonly number[];
}

/**
 * Questions and answers of a full-corpus evaluation, in its order. Some sources number the answers to each question
 * from 0: if several share an id, all but the first get a number.
 */
export function nameTestSplit(data: TestedData): NamedTestSplit {
  const { documents, queries } = buildCollection(data.test);
  const documentNames = distinct(documents.map(({ id }) => id));
  const queryNames = distinct(queries.map(({ question }) => question.id));
  return {
    test: data.test,
    texts: data.texts,
    queries: queries.map(({ question, answers }, i) => ({
      name: queryNames[i]!,
      text: data.texts[question.text]!,
      answers,
    })),
    documents: documents.map(({ text }, i) => ({ name: documentNames[i]!, text: data.texts[text]! })),
  };
}

/**
 * The first 100 documents of every query under an encoder, in the order of the full-corpus evaluation. Each distinct
 * text is encoded once, in the same batches as there, so that equal texts stay bit-identical.
 */
export async function rankTestSplit(split: NamedTestSplit, finished: FinishedEncoder): Promise<Retrieval> {
  const embedder = await TextEmbedder.create(finished, 'cpu');
  const product = await similaritySession(embedder.dimension);
  try {
    const { dimension } = embedder;
    const embed = await embedOnce(
      textsToEncode(split.test).map((text) => split.texts[text]!),
      embedder,
    );
    const retrieval = await evaluateRetrieval(collectionOf(split), {
      embed,
      dimension,
      similarities: similaritiesBy(product),
    });
    return {
      ...retrieval,
      queries: retrieval.queries.map((query) => ({ ...query, ranking: named(split, query.ranking) })),
    };
  } finally {
    await product.dispose();
    await embedder.dispose();
  }
}

/** The first 100 documents of every query under BM25, in the order of its evaluation. */
export async function rankByBm25(split: NamedTestSplit, analyzer: Analyzer): Promise<Rankings> {
  const { queries, documents } = split;
  const bm25 = new Bm25(
    documents.map(({ text }) => text),
    analyzer,
  );
  const top = new TopDocuments(queries.length, retrievalDepth, idAt);
  const row = new Float32Array(documents.length);
  for (const [index, { text }] of queries.entries()) {
    row.fill(0);
    bm25.addScores(text, row);
    top.offer(index, row, 0);
    await setImmediate(); // Lets other work of the process run.
  }
  return { queries: queries.map(({ name }, index) => ({ id: name, ranking: named(split, top.ofQuery(index)) })) };
}

function named({ documents }: NamedTestSplit, ranking: readonly RankedDocument[]): RankedDocument[] {
  return ranking.map(({ id, similarity }) => ({ id: documents[Number(id)]!.name, similarity }));
}

/** Positions of documents, padded to equal length: of equal similarities, the first one in the evaluation is ahead. */
function idAt(position: number): string {
  return String(position).padStart(10, '0');
}

function collectionOf({ queries, documents }: NamedTestSplit): Parameters<typeof evaluateRetrieval>[0] {
  return {
    queries: queries.map(({ name, text }) => ({ id: name, text })),
    judgements: new Map(queries.map(({ name, answers }) => [name, new Map([[idAt(answers[0]!), 1]])])),
    // eslint-disable-next-line @typescript-eslint/require-await -- the other implementation reads files asynchronously
    async *documents() {
      for (const [position, { text }] of documents.entries()) yield { id: idAt(position), text };
    },
  };
}

/** Encodes `texts` and returns a function that looks them up. */
async function embedOnce(
  texts: readonly string[],
  embedder: TextEmbedder,
): Promise<(wanted: readonly string[]) => Promise<Float32Array>> {
  const { dimension } = embedder;
  const embeddings = await embedder.embed(texts);
  const rows = new Map(texts.map((text, row) => [text, row]));
  return (wanted) => {
    const gathered = new Float32Array(wanted.length * dimension);
    for (const [i, text] of wanted.entries()) {
      const start = rows.get(text)! * dimension;
      gathered.set(embeddings.subarray(start, start + dimension), i * dimension);
    }
    return Promise.resolve(gathered);
  };
}
