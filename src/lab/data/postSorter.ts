import Database from 'better-sqlite3';
import type { Answer, Question } from './dataset.ts';

export interface UnsortedAnswer {
  readonly id: string;
  readonly questionId: string;
  readonly score: number;
  readonly body: string;
  /** Undefined if the source does not say. */
  readonly accepted?: boolean | undefined;
}

export interface UnsortedQuestion extends Omit<Question, 'answers'> {
  /** Id of its accepted answer; null if it has none, undefined if the source does not say. */
  readonly acceptedAnswer?: string | null | undefined;
}

/** Whether an answer's id may occur once in the source, or once in each question. */
export type UniqueAnswerIds = 'in the source' | 'in their question';

/**
 * Puts answers under their questions and ranks them, for files of any size and in any order: a
 * temporary SQLite file does what would otherwise need all posts in memory. First add every answer,
 * and the questions or at least their ids; then `seal`, then read. The file is not needed after
 * the import, so it is never flushed to disk.
 */
export class PostSorter implements Disposable {
  readonly #database: Database.Database;
  readonly #uniqueIds: UniqueAnswerIds;
  readonly #insertAnswer: Database.Statement;
  readonly #insertQuestion: Database.Statement;
  readonly #selectAnswers: Database.Statement<
    [string],
    { id: string; body: string; score: number; accepted: number | null }
  >;

  /** @param path of a file that does not exist yet */
  constructor(path: string, uniqueIds: UniqueAnswerIds) {
    this.#uniqueIds = uniqueIds;
    this.#database = new Database(path);
    this.#database.exec(`
      PRAGMA journal_mode = OFF;
      PRAGMA synchronous = OFF;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA cache_size = -65536;
      CREATE TABLE answers (position INTEGER PRIMARY KEY, id TEXT NOT NULL, question TEXT NOT NULL,
        score REAL NOT NULL, accepted INTEGER, body TEXT NOT NULL,
        UNIQUE (${uniqueIds === 'in the source' ? 'id' : 'question, id'}));
      CREATE TABLE questions (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        title TEXT, body TEXT, score REAL, accepted TEXT);
      BEGIN;
    `);
    this.#insertAnswer = this.#database.prepare(
      'INSERT INTO answers (id, question, score, accepted, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#insertQuestion = this.#database.prepare(
      'INSERT INTO questions (id, title, body, score, accepted) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#selectAnswers = this.#database.prepare(
      'SELECT id, body, score, accepted FROM answers WHERE question = ? ORDER BY score DESC, position',
    );
  }

  /** False if an answer with this id was added before; the first one stays. */
  addAnswer({ id, questionId, score, body, accepted }: UnsortedAnswer): boolean {
    return (
      this.#insertAnswer.run(id, questionId, score, accepted === undefined ? null : Number(accepted), body).changes ===
      1
    );
  }

  /** False if a question with this id was added before; the first one stays. */
  addQuestion({ id, title, body, score, acceptedAnswer }: UnsortedQuestion): boolean {
    return (
      this.#insertQuestion.run(id, title, body, score, acceptedAnswer === null ? '' : (acceptedAnswer ?? null))
        .changes === 1
    );
  }

  /** Notes the id of a question whose text the caller keeps; false if it was noted before. */
  noteQuestion(id: string): boolean {
    return this.#insertQuestion.run(id, null, null, null, null).changes === 1;
  }

  /** No answer may be added after this. */
  seal(): void {
    // If ids are unique in their question, the index that enforces it begins with the question.
    if (this.#uniqueIds === 'in the source')
      this.#database.exec('CREATE INDEX answers_by_question ON answers (question)');
  }

  /**
   * The answers of a question, best first: score descending, equal scores in the order they came.
   * If neither the question nor any answer says which is accepted, the best answer is.
   *
   * @param acceptedAnswer id of it; empty if there is none, null if the question does not say
   */
  rankedAnswers(questionId: string, acceptedAnswer: string | null = null): Answer[] {
    const answers = this.#selectAnswers.all(questionId);
    const stated = acceptedAnswer !== null || answers.some(({ accepted }) => accepted !== null);
    return answers.map(({ id, body, score, accepted }, rank) => ({
      id,
      body,
      score,
      accepted: stated ? accepted === 1 || id === acceptedAnswer : rank === 0,
    }));
  }

  /** The questions that were added, with their ranked answers, in the order they came. */
  *questions(): Generator<Question, void> {
    const select = this.#database.prepare<
      [number],
      { position: number; id: string; title: string; body: string; score: number; accepted: string | null }
    >('SELECT position, id, title, body, score, accepted FROM questions WHERE position > ? ORDER BY position LIMIT 1');
    // One statement per question: a generator that is left early must not leave a statement open.
    for (let row = select.get(0); row; row = select.get(row.position)) {
      const { id, title, body, score, accepted } = row;
      yield { id, title, body, score, answers: this.rankedAnswers(id, accepted) };
    }
  }

  countQuestions(): number {
    return this.#database.prepare('SELECT count(*) FROM questions').pluck().get() as number;
  }

  /** How many answers belong to no question that was added or noted. */
  countOrphans(): number {
    return this.#database
      .prepare('SELECT count(*) FROM answers WHERE question NOT IN (SELECT id FROM questions)')
      .pluck()
      .get() as number;
  }

  /** The question id of an answer whose question was neither added nor noted. */
  firstOrphan(): string | undefined {
    return this.#database
      .prepare(
        'SELECT question FROM answers WHERE question NOT IN (SELECT id FROM questions) ORDER BY position LIMIT 1',
      )
      .pluck()
      .get() as string | undefined;
  }

  /** The different scores of all answers, at most `most`. */
  distinctScores(most: number): number[] {
    return this.#database.prepare('SELECT DISTINCT score FROM answers LIMIT ?').pluck().all(most) as number[];
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
