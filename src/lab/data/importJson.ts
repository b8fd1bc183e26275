import { z } from 'zod';
import { LabError } from '../../shared/errors.ts';
import type { Answer, Question } from './dataset.ts';
import { checkUnchanged, type InputFile } from './encoding.ts';
import type { ImportContext } from './importContext.ts';
import type { Importer } from './importer.ts';
import { idFrom, isId } from './id.ts';
import { readJsonArray } from './jsonArray.ts';
import { parseScore } from './score.ts';
import { cleanHtml, collapseWhiteSpace } from './text.ts';
import { safeParse } from '../../shared/safeParse.ts';

const idForm = 'expected a text without NUL, or a number';
const id = z.union([z.string(), z.number()], idForm).transform(idFrom).refine(isId, idForm);
const scoreForm = 'expected a number';
const score = z
  .union([z.number(), z.string()], scoreForm)
  .transform((value) => (typeof value === 'number' ? value : (parseScore(value) ?? NaN)))
  .refine(Number.isFinite, scoreForm);

/** One item of ranked_qa.json. Other keys (view_count, tags, …) are not used. */
const itemSchema = z.object({
  // The votes of a question decide nothing, and files of the original may lack them.
  question: z.object({ id, title: z.string(), body: z.string(), score: score.nullish() }),
  answers: z.array(z.object({ id, body: z.string(), score, is_accepted: z.boolean().optional() })),
  attribution: z.string().optional(),
  licence: z.string().optional(),
});
type Item = z.infer<typeof itemSchema>;

export const jsonImporter: Importer<'json'> = {
  inputs: ({ file }) => ({ file: { path: file, encoding: 'utf-8' } }),
  passes: 2,
  space: 1.5,
  read: ({ file }, _, context) => importJson(file, context),
};

/**
 * Questions with their ranked answers from a file laid out as ranked_qa.json, in file order. Bodies
 * are HTML, titles plain text. Answers are ranked by score, whatever their order in the file, equal
 * scores in file order. If no answer of a question says whether it is accepted, the best one is.
 *
 * @throws LabError with the item and the field that is wrong
 */
async function* importJson(file: InputFile, context: ImportContext): AsyncGenerator<Question, void> {
  const seen = new Set<string>();
  let usable = 0;
  for await (const { index, value } of readJsonArray(file, context.skipped, context.reading('questions'))) {
    const item = parseItem(file, index, value);
    context.known.attribution ??= item.attribution;
    context.known.licence ??= item.licence;
    const question = questionFrom(item, file, index, seen, context);
    if (!question) continue;
    if (question.answers.length === 0) {
      context.excluded.questionsWithoutAnswers++;
      continue;
    }
    yield question;
    if (++usable === context.limit) return;
  }
  await checkUnchanged(file);
  context.excluded.orphanAnswers = 0; // answers are inside their question
}

function parseItem(file: InputFile, index: number, value: unknown): Item {
  const parsed = safeParse(itemSchema, value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const field = path.length > 0 ? `, field ${path.join('.')}` : '';
  throw new LabError(
    'data',
    `${file.name}, item ${index}${field}: ${message}.`,
    'Each item needs question {id, title, body} and answers [{id, body, score}, …].',
  );
}

function questionFrom(
  { question, answers }: Item,
  file: InputFile,
  index: number,
  seen: Set<string>,
  context: ImportContext,
): Question | undefined {
  const skip = (where: string, reason: string, found: string): undefined => {
    context.skipped.add({ file: file.name, where: `item ${index}${where}`, reason, found });
  };
  const title = collapseWhiteSpace(context.skipped.withoutNul(question.title));
  const body = cleanHtml(context.skipped.withoutNul(question.body));
  if (title === '' && body === '') return skip('', 'no text', question.body);
  if (seen.has(question.id)) return skip('', 'duplicate id', question.id);
  seen.add(question.id);

  const usable: Answer[] = [];
  const ids = new Set<string>(); // several questions may have the same answer
  for (const [position, answer] of answers.entries()) {
    const text = cleanHtml(context.skipped.withoutNul(answer.body));
    if (text === '') skip(`, answer ${position}`, 'no text', answer.body);
    else if (ids.has(answer.id)) skip(`, answer ${position}`, 'duplicate id', answer.id);
    else {
      ids.add(answer.id);
      usable.push({ id: answer.id, body: text, score: answer.score, accepted: answer.is_accepted ?? false });
    }
  }
  const stated = answers.some((answer) => answer.is_accepted !== undefined);
  return { id: question.id, title, body, score: question.score ?? 0, answers: ranked(usable, stated) };
}

function ranked(answers: readonly Answer[], acceptanceIsStated: boolean): Answer[] {
  const sorted = answers.toSorted((a, b) => b.score - a.score);
  return acceptanceIsStated ? sorted : sorted.map((answer, rank) => ({ ...answer, accepted: rank === 0 }));
}
