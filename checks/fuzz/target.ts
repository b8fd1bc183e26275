/** A parser to fuzz. */
export interface FuzzTarget {
  /** Whole inputs from which mutations start; some are accepted. */
  seeds(): readonly Uint8Array[];
  /** Mutations that know the format, so that inputs pass the first check. */
  readonly mutators?: readonly Mutator[];
  /** Whether only `mutators` change inputs, because another target changes their bytes. */
  readonly knowingOnly?: true;
  /** Texts with a meaning for the parser, inserted anywhere. */
  readonly words?: readonly string[];
  /**
   * Gives an input to the parser. `folder` is empty. A LabError means that the input is refused; any other error except
   * WrongAccept is a crash.
   */
  parse(input: Uint8Array, folder: string): Outcome | Promise<Outcome>;
}

export type Outcome = 'accepted' | 'refused';

/** Returns the mutated input. */
export type Mutator = (input: Buffer, random: Random) => Buffer;

export interface Random {
  /** Uniform in [0, bound). */
  integer(bound: number): number;
}

/** A parser accepted an invalid input, or read it wrongly. */
export class WrongAccept extends Error {
  override readonly name = 'WrongAccept';
}

/** Checks a property of everything that a parser accepts. */
export function require(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new WrongAccept(otherwise);
}

export function oneOf<Item>(items: readonly Item[], random: Random): Item {
  return items[random.integer(items.length)]!;
}
