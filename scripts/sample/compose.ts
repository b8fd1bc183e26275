import type { Answer, Question } from '../../src/lab/data/dataset.ts';
import { randomStream, shuffled, type Random } from '../../src/lab/base/random.ts';
import type { Ask, Concept } from './concepts.ts';
import * as phrases from './phrases.ts';

/** Longest text of the sample, in words. */
const longestText = 90;

/** Probability of each optional part of a text. */
const shares = {
  questionOpening: 0.3,
  topic: 0.8,
  questionClosing: 0.3,
  quotation: 0.28,
  expertOpening: 0.85,
  expertFact: 0.7,
};

/** Drafts have no numbers: posts are numbered after ordering. */
type AnswerDraft = Omit<Answer, 'id'>;
type QuestionDraft = Omit<Question, 'id' | 'answers'> & { readonly answers: readonly AnswerDraft[] };

/** The whole sample: a function of the concepts and the seed. */
export function composeQuestions(concepts: readonly Concept[], seed: number): Question[] {
  const byName = new Map(concepts.map((concept) => [concept.name, concept]));
  const given = new Set<string>();
  const drafts = concepts.flatMap((concept) => {
    const related = concept.related.map((name) => byName.get(name)!);
    const composer = new Composer(concept, related, given, randomStream(seed, 'answers', concept.name));
    return concept.asks.map((ask) => composer.question(ask));
  });
  return numbered(shuffled(drafts, randomStream(seed, 'plan')));
}

function quoted(lead: string, title: string): string {
  return `${lead} "${title}"${title.endsWith('?') ? '' : '.'}`;
}

/** One sequence of numbers for all posts: a question, then its answers. */
function numbered(drafts: readonly QuestionDraft[]): Question[] {
  let last = 0;
  const next = (): string => String(++last);
  return drafts.map(({ answers, ...question }) => ({
    id: next(),
    ...question,
    answers: answers.map((answer) => ({ id: next(), ...answer })),
  }));
}

/** Deals items in random order and starts again only after all were dealt, to avoid repetition. */
class Deck<Item> {
  readonly #items: readonly Item[];
  readonly #random: Random;
  #left: Item[] = [];
  #last: Item | undefined;

  constructor(items: readonly Item[], random: Random) {
    this.#items = items;
    this.#random = random;
  }

  deal(): Item {
    if (this.#left.length === 0) this.#refill();
    this.#last = this.#left.pop();
    return this.#last!;
  }

  /** Never the same item twice in a row. */
  #refill(): void {
    this.#left = shuffled(this.#items, this.#random);
    if (this.#left.length > 1 && this.#left.at(-1) === this.#last) this.#left.reverse();
  }
}

/** Writes the questions about one concept, with answers of every quality. */
class Composer {
  readonly #concept: Concept;
  readonly #random: Random;
  readonly #given: Set<string>;
  readonly #situations: Deck<string>;
  readonly #facts: Deck<string>;
  readonly #advice: Deck<string>;
  readonly #myths: Deck<string>;
  readonly #relatedFacts: Deck<{ readonly name: string; readonly fact: string }>;

  /** @param given the answers so far, including those to questions about other concepts */
  constructor(concept: Concept, related: readonly Concept[], given: Set<string>, random: Random) {
    this.#concept = concept;
    this.#given = given;
    this.#random = random;
    this.#situations = new Deck(concept.situations, random);
    this.#facts = new Deck(concept.facts, random);
    this.#advice = new Deck(concept.advice, random);
    this.#myths = new Deck(concept.myths, random);
    this.#relatedFacts = new Deck(
      related.flatMap(({ name, facts }) => facts.map((fact) => ({ name, fact }))),
      random,
    );
  }

  question({ title, more, best }: Ask): QuestionDraft {
    const opening = this.#sometimes(shares.questionOpening, phrases.questionOpenings);
    const closing = this.#sometimes(shares.questionClosing, phrases.questionClosings);
    return {
      title,
      body: this.#text([
        ...opening,
        this.#situations.deal(),
        ...this.#sometimes(shares.topic, phrases.topics),
        more,
        ...closing,
      ]),
      score: Math.round(this.#votes(3.5, 0.8)),
      answers: this.#answers(title, best),
    };
  }

  /** Three to five answers; the votes mostly follow the quality, and the rank follows the votes. */
  #answers(title: string, best: string): AnswerDraft[] {
    const fair = shuffled([() => this.#background(), () => this.#straying()], this.#random).slice(
      0,
      1 + this.#random.integer(2),
    );
    const kinds = shuffled([() => this.#mistaken(), () => this.#related(), () => this.#vague()], this.#random);
    const poor = kinds.slice(0, fair.length === 1 ? 1 + this.#random.integer(3) : 1 + this.#random.integer(2));
    const accepted = this.#random.next();
    const drafts = [
      { body: this.#fresh(() => this.#expert(title, best)), score: this.#votes(16, 0.6), accepted: accepted < 0.6 },
      ...fair.map((write, index) => ({
        body: this.#fresh(write),
        score: this.#votes(3.5, 0.6),
        accepted: index === 0 && accepted > 0.9,
      })),
      ...poor.map((write) => ({
        body: this.#fresh(write),
        score: Math.round(1.6 * this.#random.normal()),
        accepted: false,
      })),
    ];
    return drafts.sort((one, other) => other.score - one.score);
  }

  /** An answer that was not given yet. */
  #fresh(write: () => string): string {
    const body = write();
    if (this.#given.has(body)) return this.#fresh(write);
    this.#given.add(body);
    return body;
  }

  /** The correct answer. */
  #expert(title: string, best: string): string {
    return this.#text([
      ...this.#sometimes(shares.expertOpening, phrases.expertOpenings),
      ...this.#sometimes(shares.quotation, phrases.quotations).map((lead) => quoted(lead, title)),
      best,
      ...this.#sometimes(shares.expertFact, [this.#facts.deal()]),
    ]);
  }

  /** Correct, but about another aspect of the concept or a related concept. */
  #background(): string {
    return this.#text([
      this.#pick(phrases.backgroundOpenings),
      this.#facts.deal(),
      this.#facts.deal(),
      this.#advice.deal(),
    ]);
  }

  #straying(): string {
    return this.#text([this.#pick(phrases.backgroundOpenings), this.#facts.deal(), this.#relatedFacts.deal().fact]);
  }

  #mistaken(): string {
    return this.#text([this.#pick(phrases.mistakenOpenings), this.#myths.deal(), this.#pick(phrases.mistakenClosings)]);
  }

  #related(): string {
    const { name, fact } = this.#relatedFacts.deal();
    return this.#text([this.#pick(phrases.relatedOpenings), fact, this.#pick(phrases.relatedClosings)], name);
  }

  #vague(): string {
    const [first, second] = shuffled(phrases.vagueSentences, this.#random);
    return this.#text([first!, this.#pick(phrases.vagueRemarks), second!]);
  }

  /** One text from sentences: wordings chosen, `{name}` filled in, cut to whole sentences that fit. */
  #text(parts: readonly string[], name = this.#concept.name): string {
    const sentences = parts.map((part) => this.#worded(part.replaceAll('{name}', name)));
    while (sentences.join(' ').split(' ').length > longestText) sentences.pop();
    return sentences.join(' ');
  }

  /** All choices of a sentence use the same side, so that they fit together. */
  #worded(sentence: string): string {
    const side = this.#random.integer(2);
    return sentence.replace(/\{([^|{}]*)\|([^|{}]*)\}/g, (_, ...sides: string[]) => sides[side]!);
  }

  #votes(median: number, spread: number): number {
    return Math.round(median * Math.exp(spread * this.#random.normal()));
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#random.integer(items.length)]!;
  }

  /** One of the items with the given probability, else none. */
  #sometimes<Item>(probability: number, items: readonly Item[]): Item[] {
    return this.#random.next() < probability ? [this.#pick(items)] : [];
  }
}
