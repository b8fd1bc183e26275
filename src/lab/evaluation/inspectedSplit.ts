import type { QuestionPage, InspectorCorpus } from '../../shared/contract/inspector.ts';
import { LabError } from '../../shared/errors.ts';
import type { Corpus, CorpusAnswer, CorpusQuestion } from '../data/corpus.ts';
import { questionText, type Question } from '../data/dataset.ts';
import { openRunData, type RunData, type RunDataReference } from '../data/runData.ts';
import type { Analyzer } from './analyzers.ts';
import { strongestAnalyzer } from './bm25Baseline.ts';
import { buildCollection } from './collection.ts';

/** The searched answers, in the order that breaks ties. */
export interface SearchedAnswers {
  readonly documents: readonly CorpusAnswer[];
  /** By document: the question that it answers, as an index of `InspectedSplit.questions`. */
  readonly owners: Int32Array;
  /** Distinct texts of the documents (numbers of the corpus), and by document the place of its text among them. */
  readonly texts: readonly number[];
  readonly rowOf: Int32Array;
  /** Positions of the answers to a question among the documents, best first. */
  readonly answersOf: (question: CorpusQuestion) => number[];
}

/** The data of runs for the inspector: by question, and by searched answer. */
export class InspectedSplit {
  readonly name: string;
  readonly questions: readonly Question[];
  readonly corpus: Corpus;
  readonly #train: readonly CorpusQuestion[];
  readonly #test: readonly CorpusQuestion[];
  #analyzer: Promise<Analyzer> | undefined;
  readonly #byId: ReadonlyMap<string, number>;
  readonly #searched = new Map<InspectorCorpus, SearchedAnswers>();

  private constructor(name: string, data: RunData) {
    this.name = name;
    this.questions = data.dataset.questions;
    this.corpus = data;
    this.#train = data.train;
    this.#test = data.test.filter(({ answers }) => answers.length > 0);
    this.#byId = new Map(this.questions.map(({ id }, index) => [id, index]));
  }

  /** Throws a `data` LabError if the dataset is damaged. */
  static async open(reference: RunDataReference): Promise<InspectedSplit> {
    return new InspectedSplit(reference.name, await openRunData(reference));
  }

  /** The analyzer with which BM25 is compared on this split. */
  get analyzer(): Promise<Analyzer> {
    return (this.#analyzer ??= strongestAnalyzer(this.#train, this.corpus.texts));
  }

  /** Those that have an answer. */
  get testQuestions(): readonly CorpusQuestion[] {
    return this.#test;
  }

  searched(corpus: InspectorCorpus): SearchedAnswers {
    const known = this.#searched.get(corpus);
    if (known) return known;
    const made = searchedAnswers(corpus === 'test' ? this.#test : this.corpus.questions, this.#byId);
    this.#searched.set(corpus, made);
    return made;
  }

  /** Finds a test question that has an answer. Throws a `usage` LabError for other ids. */
  testQuestion(id: string): { readonly question: Question; readonly indexed: CorpusQuestion } {
    const indexed = this.#test.find((question) => question.id === id);
    if (indexed) return { question: this.questions[this.#byId.get(id)!]!, indexed };
    const reason = this.#byId.has(id)
      ? 'it is in the training split or has no answer'
      : `the dataset "${this.name}" has no question with this id`;
    throw new LabError(
      'usage',
      `Question ${id} is not a test question of these runs: ${reason}.`,
      'Search the test questions for one.',
    );
  }

  titleOf(id: string): string | null {
    const index = this.#byId.get(id);
    return index === undefined ? null : titleOf(this.questions[index]!);
  }

  /** Test questions with this id, or that hold all words of the text; in the order of the dataset. */
  search(text: string, offset: number, limit: number): QuestionPage {
    const wanted = text.trim().toLowerCase();
    const words = wanted.split(/\s+/).filter(Boolean);
    const found = this.#test.filter(({ id, text: number }) => {
      if (id.toLowerCase() === wanted) return true;
      const content = this.corpus.texts[number]!.toLowerCase();
      return words.every((word) => content.includes(word));
    });
    const page = found
      .slice(offset, offset + limit)
      .map(({ id, answers }) => ({ id, title: this.titleOf(id)!, answers: answers.length }));
    return { dataset: this.name, testQuestions: this.#test.length, total: found.length, questions: page };
  }

  /** Approximate bytes of questions, answers and their texts, to limit what is kept in memory. */
  get bytes(): number {
    return 2 * this.corpus.texts.reduce((sum, { length }) => sum + 2 * length + 100, 0);
  }
}

/** Some sources have no titles: the text of the question then takes its place. */
export function titleOf(question: Question): string {
  return question.title || questionText(question).slice(0, 200);
}

function searchedAnswers(questions: readonly CorpusQuestion[], byId: ReadonlyMap<string, number>): SearchedAnswers {
  const collection = buildCollection(questions);
  const { documents } = collection;
  const positionOf = (answer: CorpusAnswer): number => collection.positionOf(answer);
  const owners = new Int32Array(documents.length);
  for (const question of questions)
    for (const answer of question.answers) owners[positionOf(answer)] = byId.get(question.id)!;
  const places = new Map<number, number>();
  const rowOf = Int32Array.from(documents, ({ text }) => {
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, places.size);
    return places.size - 1;
  });
  return {
    documents,
    owners,
    texts: [...places.keys()],
    rowOf,
    answersOf: ({ answers }) => [...new Set(answers.map(positionOf))],
  };
}
