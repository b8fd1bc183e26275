/** One parser to be fuzzed. */
export interface FuzzTarget {
  /** Whole inputs, accepted ones among them: what mutations start from. */
  seeds(): readonly Uint8Array[];
  /** Changes that know the format, so that an input gets past the first check. */
  readonly mutators?: readonly Mutator[];
  /** Whether inputs are changed by `mutators` only: another target has their bytes changed. */
  readonly knowingOnly?: true;
  /** Pieces of text that mean something to the parser, to be put in anywhere. */
  readonly words?: readonly string[];
  /**
   * Gives an input to the parser. `folder` is empty. Anything that is thrown but
   * a LabError (the input is refused) and a WrongAccept is a crash.
   */
  parse(input: Uint8Array, folder: string): Outcome | Promise<Outcome>;
}

export type Outcome = 'accepted' | 'refused';

/** What an input becomes. */
export type Mutator = (input: Buffer, random: Random) => Buffer;

export interface Random {
  /** Uniform in [0, bound). */
  integer(bound: number): number;
}

/** A parser has taken something that it should have refused, or made something else of it. */
export class WrongAccept extends Error {
  override readonly name = 'WrongAccept';
}

/** What holds for everything that a parser accepts. */
export function require(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new WrongAccept(otherwise);
}

export function oneOf<Item>(items: readonly Item[], random: Random): Item {
  return items[random.integer(items.length)]!;
}
