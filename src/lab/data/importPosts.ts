import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Question } from './dataset.ts';
import { checkUnchanged, type InputFile } from './encoding.ts';
import type { ImportContext } from './importContext.ts';
import type { Importer } from './importer.ts';
import { idFault, isId } from './id.ts';
import { PostSorter } from './postSorter.ts';
import { RowTally } from './rowTally.ts';
import { parseScore } from './score.ts';
import { siteOf, stackExchangeAttribution, stackExchangeLicence } from './stackExchange.ts';
import { cleanHtml, collapseWhiteSpace } from './text.ts';
import { usableQuestions } from './usableQuestions.ts';
import { declaredEncoding } from './xmlEncoding.ts';
import type { SkippedRows } from './skippedRows.ts';
import { readXmlRows, type XmlRow } from './xmlRows.ts';

const layout = { root: 'posts', row: 'row' } as const;
const questionType = '1';
const answerType = '2';

export const postsImporter: Importer<'posts'> = {
  async inputs({ file }) {
    const path = await postsFile(file);
    return { file: { path, encoding: await declaredEncoding(path) } };
  },
  passes: 3,
  space: 2.5,
  read: ({ file }, _, context) => importPosts(file, context),
};

/** Of a folder, the Posts.xml in it. */
async function postsFile(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  return info?.isDirectory() ? join(path, 'Posts.xml') : path;
}

/**
 * Questions with their ranked answers from Posts.xml of a Stack Exchange data dump, in the order of
 * the questions, whatever the order of the posts. The accepted answer is the one that the
 * question names, if it names one. Other kinds of posts (tag wikis, …) are counted. Memory does not grow with the
 * file.
 *
 * @throws LabError if it is not such a file, or if more than half of its posts are unusable
 */
async function* importPosts(file: InputFile, context: ImportContext): AsyncGenerator<Question, void> {
  context.known.licence = stackExchangeLicence;
  context.known.attribution = stackExchangeAttribution(siteOf(file.path));
  using sorter = new PostSorter(join(context.temporary, 'posts.sqlite'), 'in the source');
  const tally = new RowTally(file, context.skipped);
  context.excluded.otherPosts = 0;
  for await (const row of readXmlRows(file, layout, context.reading('posts'))) {
    if (isOtherPost(row)) {
      context.excluded.otherPosts++;
      continue;
    }
    tally.count();
    const fault = addPost(row, sorter, context.skipped);
    if (fault)
      tally.skip(`line ${row.line}, attribute ${fault.attribute}`, fault.reason, row.attributes[fault.attribute] ?? '');
  }
  tally.requireMostlyUsable();
  await checkUnchanged(file);
  yield* usableQuestions(sorter, file.size, context);
}

function isOtherPost({ attributes }: XmlRow): boolean {
  const type = attributes['PostTypeId'] ?? '';
  return /^\d+$/.test(type) && type !== questionType && type !== answerType;
}

/** Why a post is not used. */
interface RowFault {
  readonly attribute: string;
  readonly reason: string;
}

function addPost({ attributes }: XmlRow, sorter: PostSorter, skipped: SkippedRows): RowFault | undefined {
  const id = attributes['Id'] ?? '';
  const type = attributes['PostTypeId'];
  const score = parseScore(attributes['Score'] ?? '');
  if (!isId(id)) return { attribute: 'Id', reason: idFault(id) };
  if (score === undefined) return { attribute: 'Score', reason: 'score is not a number' };
  if (type === questionType) return addQuestion(id, score, attributes, sorter, skipped);
  if (type === answerType) return addAnswer(id, score, attributes, sorter, skipped);
  return { attribute: 'PostTypeId', reason: 'neither question nor answer' };
}

function addQuestion(
  id: string,
  score: number,
  attributes: XmlRow['attributes'],
  sorter: PostSorter,
  skipped: SkippedRows,
): RowFault | undefined {
  const title = collapseWhiteSpace(skipped.withoutNul(attributes['Title'] ?? ''));
  const body = cleanHtml(skipped.withoutNul(attributes['Body'] ?? ''));
  if (title === '' && body === '') return { attribute: 'Body', reason: 'no text' };
  const added = sorter.addQuestion({ id, title, body, score, acceptedAnswer: attributes['AcceptedAnswerId'] ?? null });
  return added ? undefined : { attribute: 'Id', reason: 'duplicate id' };
}

function addAnswer(
  id: string,
  score: number,
  attributes: XmlRow['attributes'],
  sorter: PostSorter,
  skipped: SkippedRows,
): RowFault | undefined {
  const questionId = attributes['ParentId'] ?? '';
  const body = cleanHtml(skipped.withoutNul(attributes['Body'] ?? ''));
  if (!isId(questionId)) return { attribute: 'ParentId', reason: idFault(questionId) };
  if (body === '') return { attribute: 'Body', reason: 'no text' };
  return sorter.addAnswer({ id, questionId, score, body }) ? undefined : { attribute: 'Id', reason: 'duplicate id' };
}
