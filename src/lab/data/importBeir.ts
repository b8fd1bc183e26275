import { join } from 'node:path';
import { BeirCollection, type BeirFiles } from './beir.ts';
import type { Question } from './dataset.ts';
import type { ImportContext } from './importContext.ts';
import type { Importer } from './importer.ts';
import { PostSorter } from './postSorter.ts';
import { usableQuestions } from './usableQuestions.ts';

export const beirImporter: Importer<'beir'> = {
  inputs: ({ corpus, queries, qrels }) => ({
    corpus: { path: corpus, encoding: 'utf-8' },
    queries: { path: queries, encoding: 'utf-8' },
    qrels: { path: qrels, encoding: 'utf-8' },
  }),
  passes: 3,
  space: 3,
  read: (files, _, context) => importBeir(files, context),
};

/**
 * The queries of a BEIR collection as questions, with the documents that are relevant to them as
 * answers: the grade is the score. A document may answer several queries, under the same id.
 */
async function* importBeir(files: BeirFiles, context: ImportContext): AsyncGenerator<Question, void> {
  using sorter = new PostSorter(join(context.temporary, 'collection.sqlite'), 'in their question');
  const collection = await BeirCollection.open(files, context.skipped, context.reading('queries'));
  for (const { id, text } of collection.queries) sorter.addQuestion({ id, title: '', body: text, score: 0 });
  const queriesOf = relevantTo(collection);
  context.excluded.unusedDocuments = 0;
  for await (const { id, text } of collection.documents(context.reading('documents'))) {
    const queries = queriesOf.get(id);
    if (!queries) context.excluded.unusedDocuments++;
    for (const { query, grade } of queries ?? []) sorter.addAnswer({ id, questionId: query, score: grade, body: text });
  }
  yield* usableQuestions(sorter, files.corpus.size + files.queries.size + files.qrels.size, context);
}

/** By document: the queries to which it is relevant. */
function relevantTo({ judgements }: BeirCollection): Map<string, { query: string; grade: number }[]> {
  const queriesOf = new Map<string, { query: string; grade: number }[]>();
  for (const [query, grades] of judgements) {
    for (const [document, grade] of grades) {
      if (grade <= 0) continue;
      const queries = queriesOf.get(document);
      if (queries) queries.push({ query, grade });
      else queriesOf.set(document, [{ query, grade }]);
    }
  }
  return queriesOf;
}
