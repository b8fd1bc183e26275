/** A few questions in the format of each importer: the seeds of their inputs. */

interface SeedAnswer {
  readonly id: number;
  readonly html: string;
  readonly score: number;
}

interface SeedQuestion {
  readonly id: number;
  readonly title: string;
  readonly html: string;
  readonly score: number;
  readonly answers: readonly SeedAnswer[];
}

const questions: readonly SeedQuestion[] = [
  {
    id: 1,
    title: 'Why does it "vanish"?',
    html: '<p>The gradient is 0, or\nnearly.</p>',
    score: 5,
    answers: [
      { id: 11, html: '<p>Scale &lt; 1.</p>', score: 7 },
      { id: 12, html: 'It overflows — naïvely.', score: -2 },
    ],
  },
  {
    id: 2,
    title: 'Priors',
    html: '<p>Which <b>prior</b>, and why?</p>',
    score: 0,
    answers: [{ id: 21, html: '<code>a, b</code>', score: 3 }],
  },
  {
    id: 3,
    title: 'Kernel; size',
    html: '<p>How wide?</p>',
    score: -1,
    answers: [
      { id: 31, html: '<p>Wide.</p>', score: 1 },
      { id: 32, html: '<p>Narrow.</p>', score: 1 },
    ],
  },
];
const pairs = questions.flatMap(({ answers, ...question }) => answers.map((answer) => ({ question, answer })));

function bytes(lines: readonly string[], end = '\n'): Buffer {
  return Buffer.from(lines.map((line) => line + end).join(''));
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#xA;');

export const questionsCsv = bytes([
  'Id,OwnerUserId,CreationDate,Score,Title,Body',
  ...questions.map(
    ({ id, title, html, score }) => `${id},NA,2010-07-19T19:14:44Z,${score},${quoted(title)},${quoted(html)}`,
  ),
]);
export const answersCsv = bytes([
  'Id,OwnerUserId,CreationDate,ParentId,Score,Body',
  ...pairs.map(
    ({ question, answer }) =>
      `${answer.id},NA,2010-07-19T19:14:44Z,${question.id},${answer.score},${quoted(answer.html)}`,
  ),
]);
export const answerCount = pairs.length;
export const answersCsvUtf16 = Buffer.from(`\ufeff${answersCsv.toString('utf8')}`, 'utf16le');

export const rankedJson = Buffer.from(
  JSON.stringify(
    questions.map(({ id, title, html, score, answers }) => ({
      question: { id: String(id), title, body: html, score, tags: 'x' },
      answers: answers.map((answer, rank) => ({
        id: String(answer.id),
        body: answer.html,
        score: answer.score,
        is_accepted: rank === 0,
        rank,
      })),
    })),
  ),
);

export const postsXml = bytes([
  '<?xml version="1.0" encoding="utf-8"?>',
  '<posts>',
  ...questions.map(
    ({ id, title, html, score, answers }) =>
      `  <row Id="${id}" PostTypeId="1" AcceptedAnswerId="${answers[0]!.id}" CreationDate="2010-07-19T19:14:44.080" Score="${score}" Body="${escaped(html)}" Title="${escaped(title)}" Tags="&lt;x&gt;" />`,
  ),
  ...pairs.map(
    ({ question, answer }) =>
      `  <row Id="${answer.id}" PostTypeId="2" ParentId="${question.id}" Score="${answer.score}" Body="${escaped(answer.html)}" />`,
  ),
  '  <row Id="40" PostTypeId="5" Score="0" Body="wiki" />',
  '</posts>',
]);

/** With the columns of `tableMapping`. */
export const tableCsv = bytes([
  'qid,question,title,answer,votes,aid,accepted',
  ...pairs.map(({ question, answer }, i) =>
    [
      question.id,
      quoted(question.html),
      quoted(question.title),
      quoted(answer.html),
      answer.score,
      answer.id,
      i % 2 ? 'yes' : 'no',
    ].join(','),
  ),
]);
export const tableTsv = bytes([
  'qid\tquestion\ttitle\tanswer\tvotes\taid\taccepted',
  ...pairs.map(({ question, answer }) =>
    [question.id, 'Plain question', question.title, 'Plain answer', answer.score, answer.id, 'true'].join('\t'),
  ),
]);
export const tableJsonLines = bytes(
  pairs.map(({ question, answer }) =>
    JSON.stringify({
      qid: question.id,
      question: question.html,
      title: question.title,
      answer: answer.html,
      votes: answer.score,
      aid: answer.id,
      accepted: true,
    }),
  ),
);
/** Answers in lists, of texts and of objects. */
export const tableJsonLists = bytes(
  questions.map(({ id, html, title, answers }) =>
    JSON.stringify({
      qid: id,
      question: html,
      title,
      answer: answers.map((answer) => (id % 2 ? answer.html : { text: answer.html, score: answer.score })),
    }),
  ),
);
export const tableMapping = {
  question: 'question',
  answer: 'answer',
  title: 'title',
  score: 'votes',
  question_id: 'qid',
  answer_id: 'aid',
  accepted: 'accepted',
} as const;
/** For answers in lists. */
export const listMapping = { question: 'question', answer: 'answer', title: 'title', question_id: 'qid' } as const;

export const beirCorpus = bytes(
  pairs.map(({ answer }) =>
    JSON.stringify({ _id: `d${answer.id}`, title: 'A title', text: answer.html, metadata: {} }),
  ),
);
export const beirQueries = bytes(
  questions.map(({ id, title }) => JSON.stringify({ _id: `q${id}`, text: title, metadata: {} })),
);
export const beirQrels = bytes([
  'query-id\tcorpus-id\tscore',
  ...pairs.map(({ question, answer }, i) => `q${question.id}\td${answer.id}\t${1 + (i % 2)}`),
]);

/** A dataset's questions.jsonl. */
export const questionLines = bytes(
  questions.map(({ id, title, html, score, answers }) =>
    JSON.stringify({
      id: String(id),
      title,
      body: html,
      score,
      answers: answers.map((answer) => ({
        id: String(answer.id),
        body: answer.html,
        score: answer.score,
        accepted: false,
      })),
    }),
  ),
);
