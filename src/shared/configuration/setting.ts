import type { z } from 'zod';
import type { EncoderName } from './untrainedEncoders.ts';

/** What the table of configuration keys (`table.ts`) says about each of them. */

export type EncoderKind = EncoderName | 'pretrained';

/** Sections of forms and of docs/configuration.md. */
export const groups = [
  'files',
  'data',
  'encoder',
  'fineTuning',
  'length',
  'training',
  'evaluation',
  'strategy',
  'loss',
  'original',
] as const;
export type Group = (typeof groups)[number];

/** The value of a configuration that does not name the key. */
type Default =
  | { readonly default: string | number | boolean | null }
  /** Without `pretrained`, the files of the weights decide. */
  | { readonly perEncoder: Readonly<Record<EncoderName, unknown>> & { readonly pretrained?: unknown } }
  /** Decided from other keys; in words. */
  | { readonly derived: string }
  /** The declaration of each loss and strategy says it (`recipe.ts`). */
  | { readonly perRecipe: true };

export type Setting = Default & {
  /** What a configuration file may hold. */
  readonly schema: z.ZodType;
  readonly group: Group;
  readonly title: string;
  /** A sentence or two, for forms, the command line and the docs. */
  readonly help: string;
  /** What only the docs say. */
  readonly details?: string;
  /** Of numbers in a form: what one press of an arrow changes. */
  readonly step?: number;
  /** Of choices: a title for each value. */
  readonly choices?: Readonly<Record<string, string>>;
  /** `own`: no field of a form is made from the table, because a screen has its own control for it, or none. */
  readonly control?: 'own';
  /** False: a draft of an experiment decides it by its dataset and its seeds. */
  readonly inDraft?: false;
  /** False: it has done its work once a configuration is resolved, under another name or none. */
  readonly stored?: false;
  /** Files of weights know it: what a configuration says is compared with them. */
  readonly fromFiles?: true;
  /** The encoders that it has a meaning for; absent for all. */
  readonly encoders?: readonly EncoderKind[];
  /** Why the other encoders refuse any value but their default; absent where they ignore it. */
  readonly refusal?: string;
  /** Chosen for one encoder: a form forgets it when another encoder is chosen. */
  readonly resetByEncoder?: true;
  /**
   * What a comparison says about runs that differ in it. `nothing`: it changes no figure, or it is what is
   * compared. `hash`: a hash or the device of the run shows it. `start`: their untrained encoders are not
   * comparable. `training`: they were not trained under the same conditions.
   */
  readonly differing: 'nothing' | 'hash' | 'start' | 'training';
  /** Whether the runs of one experiment must have the same value. */
  readonly withinExperiment: 'same' | 'free';
};

/** Some keys of the table. */
export type Section = Readonly<Record<string, Setting>>;
