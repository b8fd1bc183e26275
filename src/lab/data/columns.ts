import type { ColumnMapping, ColumnRole } from '../../shared/table.ts';

/** Usual names of columns, clearest first, as `normalised` gives them. */
const usualNames: Readonly<Record<ColumnRole, readonly string[]>> = {
  question: ['question', 'query', 'anchor', 'question_text', 'question_body', 'query_text', 'prompt', 'q'],
  answer: [
    'answer',
    'answers',
    'positive',
    'passage',
    'response',
    'answer_text',
    'answer_body',
    'document',
    'pos',
    'completion',
    'a',
  ],
  title: ['title', 'question_title'],
  score: ['score', 'answer_score', 'votes', 'vote', 'upvotes', 'points', 'rating', 'relevance', 'label', 'grade'],
  question_id: ['question_id', 'query_id', 'qid'],
  answer_id: ['answer_id', 'passage_id', 'document_id', 'doc_id', 'aid', 'pid'],
  accepted: ['accepted', 'is_accepted', 'accepted_answer'],
};

/** The same for an answer that is an object in a list of answers. */
const usualNamesOfAnswers = {
  text: ['text', 'body', 'content', ...usualNames.answer],
  score: usualNames.score,
  id: ['id', '_id', ...usualNames.answer_id],
  accepted: usualNames.accepted,
} as const;

/**
 * The roles of columns by their names, whatever their case and separators. A title without a question
 * beside it is the question.
 */
export function recogniseColumns(columns: readonly string[]): Partial<ColumnMapping> {
  const roles = Object.entries(usualNames).map(([role, names]) => [role, findName(columns, names)] as const);
  const { title, ...mapping } = Object.fromEntries(roles.filter(([, column]) => column !== undefined)) as Partial<
    Record<ColumnRole, string>
  >;
  if (title === undefined) return mapping;
  return mapping.question === undefined ? { question: title, ...mapping } : { ...mapping, title };
}

/** The parts of an answer object by usual names of its keys; undefined where it has none. */
export function answerParts(
  answer: Readonly<Record<string, unknown>>,
): Record<keyof typeof usualNamesOfAnswers, unknown> & { readonly scoreKey: string | undefined } {
  const keys = Object.keys(answer);
  const part = (names: readonly string[]): unknown => {
    const key = findName(keys, names);
    return key === undefined ? undefined : answer[key];
  };
  const { text, score, id, accepted } = usualNamesOfAnswers;
  return {
    text: part(text),
    score: part(score),
    id: part(id),
    accepted: part(accepted),
    scoreKey: findName(keys, score),
  };
}

const labelNames = /^(?:labels?|relevance|relevant|is_relevant|grades?|judg(?:e?ment)s?|is_correct)$/;
const voteNames = /vote|point|like/;

/**
 * Whether scores are labels of relevance, of which only those above 0 are relevant: by the name of their column, or
 * because there are no others than 0 and 1, or -1 and 1, in a column whose name does not say that they are votes.
 *
 * @param scores the different ones, at least three of them if there are so many
 */
export function areLabels(column: string, scores: readonly number[]): boolean {
  const name = normalised(column);
  if (labelNames.test(name)) return true;
  if (voteNames.test(name) || scores.length !== 2) return false;
  return scores.includes(1) && (scores.includes(0) || scores.includes(-1));
}

function findName(columns: readonly string[], names: readonly string[]): string | undefined {
  const normal = columns.map(normalised);
  const name = names.find((candidate) => normal.includes(candidate));
  return name === undefined ? undefined : columns[normal.indexOf(name)];
}

/** "Question Id", "questionId" and "question-id" as "question_id". */
function normalised(column: string): string {
  return column
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[\s.-]+/g, '_')
    .toLowerCase();
}
