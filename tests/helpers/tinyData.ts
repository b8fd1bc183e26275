import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Question–answer data small enough to train on in a second, and made of words that repeat, so that there is something to learn. */

export interface TinyQuestion {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly answers: readonly { readonly id: number; readonly body: string; readonly score: number }[];
}

const subjects = [
  'gradient',
  'kernel',
  'prior',
  'forest',
  'cluster',
  'token',
  'variance',
  'sample',
  'margin',
  'tensor',
];
const verbs = ['vanish', 'converge', 'explode', 'overfit', 'split', 'shrink', 'drift', 'mix'];

/** `answersOf` says how many answers question 0, 1, 2, … has: by default 1, 2, 3, 4, 1, … */
export function tinyQuestions(
  count = 40,
  answersOf: (index: number) => number = (index) => 1 + (index % 4),
): TinyQuestion[] {
  return Array.from({ length: count }, (_, index) => {
    const subject = subjects[index % subjects.length]!;
    const verb = verbs[Math.floor(index / subjects.length) % verbs.length]!;
    return {
      id: index + 1,
      title: `Why does the ${subject} ${verb}?`,
      body: `My ${subject} seems to ${verb} in case ${index}.`,
      answers: Array.from({ length: answersOf(index) }, (_, rank) => ({
        id: 1000 + 10 * index + rank,
        body:
          rank === 0
            ? `It will ${verb} when the scale of the ${subject} is off.`
            : `Remark ${rank}: a ${subject} is a ${subjects[(index + rank) % subjects.length]}.`,
        score: 8 - 2 * rank,
      })),
    };
  });
}

/** Questions.csv and Answers.csv, in the columns that the import reads. */
export function writeCsvPair(
  folder: string,
  questions: readonly TinyQuestion[] = tinyQuestions(),
): { questions: string; answers: string } {
  const paths = { questions: join(folder, 'Questions.csv'), answers: join(folder, 'Answers.csv') };
  const questionRows = questions.map(
    ({ id, title, body }) => `${id},NA,2020-01-01T00:00:00Z,5,"${title}","<p>${body}</p>"`,
  );
  const answerRows = questions.flatMap(({ id: parent, answers }) =>
    answers.map(({ id, body, score }) => `${id},NA,2020-01-02T00:00:00Z,${parent},${score},"<p>${body}</p>"`),
  );
  writeFileSync(paths.questions, `Id,OwnerUserId,CreationDate,Score,Title,Body\n${questionRows.join('\n')}\n`);
  writeFileSync(paths.answers, `Id,OwnerUserId,CreationDate,ParentId,Score,Body\n${answerRows.join('\n')}\n`);
  return paths;
}

/** The same questions as a ranked_qa.json. */
export function writeRankedJson(folder: string, questions: readonly TinyQuestion[] = tinyQuestions()): string {
  const file = join(folder, 'ranked_qa.json');
  const items = questions.map(({ id, title, body, answers }) => ({
    question: { id: String(id), title, body, score: 5, view_count: 10, tags: '', accepted_answer_id: null },
    answers: answers.map((answer, rank) => ({
      id: String(answer.id),
      body: answer.body,
      score: answer.score,
      is_accepted: false,
      rank,
    })),
  }));
  writeFileSync(file, JSON.stringify(items, null, 1));
  return file;
}
