import type { Catalogue } from '../../../../shared/contract/contract.ts';
import type { DatasetSummary } from '../../../../shared/contract/datasets.ts';
import type { EncoderDescription } from '../../../../shared/contract/encoders.ts';
import type { DraftProblem } from '../../../../shared/contract/experiments.ts';
import { encoderKindOf, resolveConfiguration, type RawConfiguration } from '../../../../shared/configuration.ts';
import type { Field } from '../../../../shared/configuration/field.ts';
import type { Group } from '../../../../shared/configuration/setting.ts';
import { isConfigurationKey, keysWhere, settingOf, table } from '../../../../shared/configuration/table.ts';
import { LabError } from '../../../../shared/errors.ts';
import { encoderSettings, fineTuningSettings } from './encoderSettings.ts';
import { dataSettings, evaluationSettings, lengthSettings, numberProblem, optimiserSettings } from './settings.ts';
import { referenceProblem } from './encoders.ts';
import { recipeName } from './recipes.ts';
import type { StepName, WizardRecipe, WizardState } from './state.ts';

/** What each step still misses, in words. An empty list lets one go on. */

export interface CheckContext {
  readonly catalogue: Catalogue;
  /** Null where the dataset that is named is not there. */
  readonly dataset: DatasetSummary | null;
  /** What the chosen weights say of themselves; null as long as nobody knows. */
  readonly encoder: EncoderDescription | null;
  /** The recipes that are chosen and that the data can feed. */
  readonly trained: readonly WizardRecipe[];
}

const stepOfGroup: Readonly<Record<Group, StepName>> = {
  files: 'data',
  data: 'data',
  encoder: 'encoder',
  fineTuning: 'encoder',
  length: 'budget',
  training: 'budget',
  evaluation: 'budget',
  strategy: 'losses',
  loss: 'losses',
  original: 'budget',
};

/** They are checked together: some depend on each other. */
const encoderKeys = keysWhere(({ group }) => stepOfGroup[group] === 'encoder');

type Check = (state: WizardState, context: CheckContext) => string[];

export const stepChecks: Readonly<Record<Exclude<StepName, 'review'>, Check>> = {
  data: checkData,
  encoder: checkEncoder,
  losses: checkLosses,
  budget: checkBudget,
};

function checkData(state: WizardState, { dataset }: CheckContext): string[] {
  if (state.dataset === null) return ['Choose a dataset, import one from files, or download one.'];
  if (dataset === null)
    return [`Dataset "${state.dataset}" is not on this machine. Choose another one, or import it under this name.`];
  const wrong = checkSettings(dataSettings, state.shared);
  if (wrong.length > 0) return wrong;
  const share = state.shared.test_size ?? table.test_size.default;
  const questions = Math.min(dataset.manifest.counts.questions, state.shared.limit ?? Infinity);
  if (Math.floor(questions * share) >= 1) return [];
  return [
    `${share} of ${questions} ${questions === 1 ? 'question' : 'questions'} leaves no test question. Use at least ${Math.ceil(1 / share)} questions, or a larger test share.`,
  ];
}

function checkEncoder({ shared }: WizardState, { encoder }: CheckContext): string[] {
  const problem = encoderKindOf(shared) === 'pretrained' ? referenceProblem(shared.encoder ?? '') : null;
  if (problem !== null) return [problem];
  const wrong = checkSettings([...encoderSettings(shared, encoder), ...fineTuningSettings(shared, encoder)], shared);
  return wrong.length > 0 ? wrong : configurationProblems(pick(shared, encoderKeys));
}

function checkLosses({ recipes }: WizardState, { trained }: CheckContext): string[] {
  if (trained.length === 0)
    return [
      recipes.some(({ chosen }) => chosen)
        ? 'The data does not fit any of the chosen losses. Choose other losses or other data.'
        : 'Choose at least one loss.',
    ];
  const names = trained.map(({ configuration }) => recipeName(configuration).trim());
  const twice = names.find((name, index) => names.indexOf(name) < index);
  return [
    ...(names.includes('') ? ['Give every recipe a name.'] : []),
    ...(twice
      ? [
          `Two recipes have the name "${twice}". Give each a different name, so that tables and charts can show which is which.`,
        ]
      : []),
    ...trained.flatMap(({ configuration }) =>
      configurationProblems(configuration).map((problem) => `${recipeName(configuration)}: ${problem}`),
    ),
  ];
}

function checkBudget({ shared, seeds }: WizardState, { dataset }: CheckContext): string[] {
  const questions = dataset?.manifest.counts.questions ?? 0;
  const settings = [...lengthSettings(shared, questions), ...optimiserSettings(shared), ...evaluationSettings];
  const wrong = checkSettings(settings, shared);
  return [
    ...(seeds?.length === 0 ? ['Enter at least one seed, a whole number.'] : []),
    ...(seeds && seeds.length > 20 ? [`At most 20 seeds; found ${seeds.length}.`] : []),
    ...(wrong.length > 0 ? wrong : configurationProblems(pick(shared, ['encoder', ...settings.map(({ key }) => key)]))),
  ];
}

/** Checks each value against the range that its field shows. */
function checkSettings(settings: readonly Field[], configuration: RawConfiguration): string[] {
  return settings.flatMap((setting) => {
    const value = configuration[setting.key];
    const problem = setting.kind === 'number' && typeof value === 'number' ? numberProblem(setting, value) : null;
    return problem === null ? [] : [`${setting.title}: ${problem}`];
  });
}

/** What the schema of configurations says, which knows rules over several keys, too. */
function configurationProblems(configuration: RawConfiguration): string[] {
  try {
    resolveConfiguration(configuration);
    return [];
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return [`${error.message} ${error.fix}`.trim()];
  }
}

function pick(configuration: RawConfiguration, keys: readonly string[]): RawConfiguration {
  return Object.fromEntries(Object.entries(configuration).filter(([key]) => keys.includes(key)));
}

// --- Problems that the lab finds in the whole draft ------------------------------------------------

/** The step that has the field to correct. */
export function stepOfProblem({ recipe, key }: Pick<DraftProblem, 'recipe' | 'key'>): StepName {
  if (recipe !== null) return 'losses';
  if (key === 'dataset') return 'data';
  return key !== null && isConfigurationKey(key) ? stepOfGroup[settingOf(key).group] : 'budget';
}
