import { existsSync } from 'node:fs';
import { ConfigurationError, type Configuration, type EncoderConfiguration } from '../../../shared/configuration.ts';
import { differingCondition } from '../../../shared/configuration/comparability.ts';
import type { DraftProblem, ExperimentDraft } from '../../../shared/contract/experiments.ts';
import { LabError } from '../../../shared/errors.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import { minimumAnswers } from '../../batching/registry.ts';
import { findDataset } from '../../data/findDataset.ts';
import { requireSplit, splitSettings } from '../../data/split.ts';
import { decideEncoder } from '../../encoders/pretrained.ts';
import type { Home } from '../../files/home.ts';
import { findFolderTokenizer } from '../../text/folderTokenizer.ts';
import { draftConfiguration } from './drafts.ts';

/** A recipe of a draft, with valid keys. */
interface Recipe {
  readonly index: number;
  readonly configuration: Configuration;
}

/**
 * All problems that prevent training a draft and can be found without reading the data. A rehearsal finds the others.
 */
export async function draftProblems(home: Home, draft: ExperimentDraft): Promise<DraftProblem[]> {
  const { recipes, problems } = resolveRecipes(draft);
  const dataset = await attempt('dataset', () => findDataset(home, draft.dataset));
  return [
    ...problems,
    ...repeatedSeeds(draft.seeds),
    ...(recipes.length > 0 ? encoderProblems(recipes[0]!.configuration.encoder) : []),
    ...differentConditions(recipes),
    ...repeatedRecipes(recipes),
    ...('problem' in dataset ? [dataset.problem] : dataProblems(dataset.value.manifest, recipes)),
  ];
}

// --- Configurations -----------------------------------------------------------------------------

function resolveRecipes({ shared, recipes, seeds }: ExperimentDraft): { recipes: Recipe[]; problems: DraftProblem[] } {
  const sound: Recipe[] = [];
  const ofShared = new Map<string | null, DraftProblem>();
  const ofRecipes: DraftProblem[] = [];
  recipes.forEach((recipe, index) => {
    try {
      sound.push({ index, configuration: draftConfiguration(shared, recipe, seeds[0]!) });
    } catch (error) {
      const isOwn = keysOf(error).some((key) => Object.hasOwn(recipe, key));
      const problem = problemOf(error, isOwn ? index : null);
      if (isOwn) ofRecipes.push(problem);
      // Every recipe has it: it is reported once.
      else ofShared.set(problem.key, problem);
    }
  });
  return { recipes: sound, problems: [...ofShared.values(), ...ofRecipes] };
}

function differentConditions([first, ...others]: readonly Recipe[]): DraftProblem[] {
  return others.flatMap(({ index, configuration }) => {
    const key = differingCondition(first!.configuration, configuration);
    if (key === null) return [];
    return [
      {
        recipe: index,
        key,
        message: `"${configuration.name}" and "${first!.configuration.name}" differ in ${key}: the runs of one experiment share data, encoder and budget.`,
        fix: `Set ${key} for the whole experiment, or create a second experiment.`,
      },
    ];
  });
}

function repeatedRecipes(recipes: readonly Recipe[]): DraftProblem[] {
  return recipes.flatMap(({ index, configuration }, position): DraftProblem[] => {
    const before = recipes.slice(0, position);
    const twin = before.find((other) => withoutName(other.configuration) === withoutName(configuration));
    if (twin)
      return [
        {
          recipe: index,
          key: null,
          message: `"${configuration.name}" and "${twin.configuration.name}" are the same recipe: it would be trained twice.`,
          fix: 'Change a parameter, or remove one of them. To measure the effect of chance, use several seeds.',
        },
      ];
    if (!before.some((other) => other.configuration.name === configuration.name)) return [];
    return [
      {
        recipe: index,
        key: 'name',
        message: `Two recipes have the name "${configuration.name}".`,
        fix: 'Rename one: tables and charts identify runs by name.',
      },
    ];
  });
}

function withoutName(configuration: Configuration): string {
  return JSON.stringify({ ...configuration, name: '' });
}

function repeatedSeeds(seeds: readonly number[]): DraftProblem[] {
  const repeated = seeds.find((seed, index) => seeds.indexOf(seed) !== index);
  if (repeated === undefined) return [];
  return [
    {
      recipe: null,
      key: 'seeds',
      message: `The seed ${repeated} is given twice: its runs would be the same.`,
      fix: 'Give each seed once.',
    },
  ];
}

// --- Encoder and data ---------------------------------------------------------------------------

function encoderProblems(encoder: EncoderConfiguration): DraftProblem[] {
  const { tokenizer } = encoder;
  if (tokenizer !== null && !existsSync(tokenizer))
    return [
      {
        recipe: null,
        key: 'tokenizer',
        message: `The tokenizer file ${tokenizer} does not exist.`,
        fix: 'Give the path of a tokenizer.json.',
      },
    ];
  try {
    const { folder } = decideEncoder(encoder);
    if (folder !== null && tokenizer === null) findFolderTokenizer(folder);
    return [];
  } catch (error) {
    return [problemOf(error, null, 'encoder')];
  }
}

function dataProblems({ name, counts }: Manifest, recipes: readonly Recipe[]): DraftProblem[] {
  if (recipes.length === 0) return [];
  const split = splitSettings(recipes[0]!.configuration);
  try {
    requireSplit(Math.min(counts.questions, split.limit ?? Infinity), split);
  } catch (error) {
    return [problemOf(error, null, 'test_size')];
  }
  return recipes.flatMap(({ index, configuration }) => {
    const needed = minimumAnswers(configuration.recipe.strategy);
    const fitting = needed === 1 ? counts.questions : counts.questionsWithTwoOrMore;
    if (fitting >= 2) return [];
    const message = `"${configuration.name}" needs questions with ${needed} or more answers; ${fitting} of the ${counts.questions} questions of "${name}" have them.`;
    return [
      {
        recipe: index,
        key: null,
        message,
        fix: 'Choose a loss that needs one answer per question, such as InfoNCE, or data with several.',
      },
    ];
  });
}

// --- Errors -------------------------------------------------------------------------------------

async function attempt<T>(key: string, action: () => Promise<T>): Promise<{ value: T } | { problem: DraftProblem }> {
  try {
    return { value: await action() };
  } catch (error) {
    return { problem: problemOf(error, null, key) };
  }
}

/** `key`: the field to correct if the error itself names none. Anything but a LabError is a defect and stays one. */
function problemOf(error: unknown, recipe: number | null, key: string | null = null): DraftProblem {
  if (!(error instanceof LabError)) throw error;
  return { recipe, key: keysOf(error)[0] ?? key, message: error.message, fix: error.fix };
}

function keysOf(error: unknown): readonly string[] {
  return error instanceof ConfigurationError ? error.keys : [];
}
