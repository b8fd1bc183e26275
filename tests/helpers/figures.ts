import { createHash } from 'node:crypto';
import type { Run } from '../../src/shared/history.ts';
import type * as commandLine from './commandLine.ts';

/** What the seven presets come to with two seeds on the shipped sample, on the CPU, and how they are trained for that. */

const shared = ['limit=120', 'vocabulary_size=1000', 'batch_size=16', 'epochs=2'];
const staticEncoder = ['embed_dim=32', 'projection_dim=24'];
const tinyTransformer = ['n_layers=2', 'n_heads=2', 'hidden_dim=32', 'embed_dim=16', 'max_length=64', 'dropout=0.1'];
const staticPresets = ['infonce_standard', 'multiple_positives_score', 'hard_negative', 'listwise'];
const transformerPresets = ['infonce_random', 'multiple_positives_rank', 'triplet_hard_neg'];

/** Arguments of the command line, one experiment each. */
export const trainings: readonly (readonly string[])[] = [
  training(staticPresets, 'static', staticEncoder),
  training(transformerPresets, 'mini', tinyTransformer),
];

function training(presets: readonly string[], encoder: string, settings: readonly string[]): string[] {
  const set = [...shared, ...settings].flatMap((setting) => ['--set', setting]);
  const fixed = ['--data', 'sample', '--device', 'cpu', '--seeds', '1', '2'];
  return ['train', '--config', ...presets, ...fixed, '--encoder', encoder, ...set];
}

export interface RunFigures {
  readonly name: string;
  readonly seed: number;
  /** What is decided before the first step: the same on every machine. */
  readonly decided: object;
  /** What was computed, at full precision. */
  readonly computed: { readonly evaluations: unknown; readonly last: Record<string, number> };
  /** SHA-256 of the weights and of the figures of every step: every bit of the training. */
  readonly bits: { readonly encoder: string; readonly steps: string };
}

/** `read` reads a home: of the version that wrote it. */
export function figuresOf(home: string, run: Run, read: typeof commandLine): RunFigures {
  const steps = read.stepFigures(home, run.id);
  const { hashes, parameters, train_questions, test_questions } = run.start!;
  return {
    name: run.name,
    seed: run.seed,
    decided: { hashes, parameters, train_questions, test_questions, steps: run.steps_done, state: run.state },
    computed: {
      evaluations: read.evaluationFigures(home, run.id),
      last: Object.fromEntries(Object.entries(steps).map(([name, values]) => [name, values.at(-1)!.value])),
    },
    bits: { encoder: read.encoderHash(run), steps: createHash('sha256').update(JSON.stringify(steps)).digest('hex') },
  };
}

export interface KeptFigures {
  readonly commit: string;
  /** See `processorKind`. */
  readonly processor: string;
  readonly runs: readonly RunFigures[];
}
