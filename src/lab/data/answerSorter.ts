import Database from 'better-sqlite3';
import type { Answer } from './dataset.ts';

export interface UnsortedAnswer {
  readonly id: string;
  readonly questionId: string;
  readonly score: number;
  readonly body: string;
}

/**
 * Groups answers by their question and ranks them, for files of any size: a temporary SQLite file
 * does what would otherwise need all answers in memory. First `add` every answer, then `seal`, then
 * ask. The file is worthless once the import ends, so nothing of it is made durable.
 */
export class AnswerSorter implements Disposable {
  private readonly database: Database.Database;
  private readonly insertAnswer: Database.Statement;
  private readonly insertQuestion: Database.Statement;
  private readonly selectAnswers: Database.Statement<[string], { id: string; body: string; score: number }>;

  /** @param path of a file that does not exist yet */
  constructor(path: string) {
    this.database = new Database(path);
    this.database.exec(`
      PRAGMA journal_mode = OFF;
      PRAGMA synchronous = OFF;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA cache_size = -65536;
      CREATE TABLE answers (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, question TEXT NOT NULL,
        score REAL NOT NULL, body TEXT NOT NULL);
      CREATE TABLE questions (id TEXT PRIMARY KEY) WITHOUT ROWID;
      BEGIN;
    `);
    this.insertAnswer = this.database.prepare(
      'INSERT INTO answers (id, question, score, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    );
    this.insertQuestion = this.database.prepare('INSERT INTO questions (id) VALUES (?) ON CONFLICT DO NOTHING');
    this.selectAnswers = this.database.prepare(
      'SELECT id, body, score FROM answers WHERE question = ? ORDER BY score DESC, position',
    );
  }

  /** False where an answer with this id is there already; the first one stays. */
  add({ id, questionId, score, body }: UnsortedAnswer): boolean {
    return this.insertAnswer.run(id, questionId, score, body).changes === 1;
  }

  /** No answer is added after this. */
  seal(): void {
    this.database.exec('CREATE INDEX answers_by_question ON answers (question)');
  }

  /** Notes that a question exists; false where it was noted before. */
  addQuestion(id: string): boolean {
    return this.insertQuestion.run(id).changes === 1;
  }

  /**
   * The answers of a question, best first: score descending, equal scores in the order they came.
   * The data has no accepted answers, so the best one counts as accepted.
   */
  rankedAnswers(questionId: string): Answer[] {
    return this.selectAnswers.all(questionId).map((answer, rank) => ({ ...answer, accepted: rank === 0 }));
  }

  /** How many answers belong to no question that was noted. */
  countOrphans(): number {
    return this.database
      .prepare('SELECT count(*) FROM answers WHERE question NOT IN (SELECT id FROM questions)')
      .pluck()
      .get() as number;
  }

  [Symbol.dispose](): void {
    this.database.close();
  }
}
