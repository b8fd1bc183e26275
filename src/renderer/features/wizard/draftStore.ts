import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Catalogue } from '../../../shared/contract/contract.ts';
import type { DownloadView } from '../../../shared/contract/downloads.ts';
import type { ExperimentDraft } from '../../../shared/contract/experiments.ts';
import { encoderKindOf, type RawConfiguration } from '../../../shared/configuration.ts';
import { defaultOf } from '../../../shared/configuration/table.ts';
import { LabError } from '../../../shared/errors.ts';
import { describeFailure, lab } from '../../rpc/client.ts';
import { useDatasets } from '../../stores/datasets.ts';
import { useDownloads } from '../../stores/downloads.ts';
import { useEncoders } from '../../stores/encoders.ts';
import { stepChecks } from './model/checks.ts';
import { draftOf, stateOfDraft } from './model/draft.ts';
import { referenceProblem, withEncoder } from './model/encoders.ts';
import { feedingOf, votesOf, type Feeding } from './model/feeding.ts';
import { presetRecipes } from './model/recipes.ts';
import { seedsFor } from './model/seeds.ts';
import {
  initialState,
  stepNames,
  withKeys,
  type StepName,
  type WizardRecipe,
  type WizardState,
} from './model/state.ts';
import { useLatest, type Failed } from '../../lib/useLatest.ts';
import { useRehearsalStore } from './rehearsalStore.ts';

/** What the wizard was opened for: nothing, a dataset, an encoder, or another experiment to set up again. */
export interface WizardQuery {
  readonly dataset?: string | undefined;
  readonly encoder?: string | undefined;
  readonly from?: string | undefined;
}

/** Of a state with these very fields. */
const storageKey = 'losslab.wizard.3';

/** An experiment while it is being set up: kept over a reload, gone once the experiment is there. */
export const useDraftStore = defineStore('draft', () => {
  const state = shallowRef<WizardState>(initialState('', [], null));
  const catalogue = shallowRef<Catalogue>({ losses: [], strategies: [], presets: [] });
  const stored = useDatasets();
  const ready = ref(false);
  const failure = shallowRef<Failed | null>(null);

  const dataset = computed(() => stored.datasets.find(({ name }) => name === state.value.dataset) ?? null);
  const questions = computed(() =>
    Math.min(dataset.value?.manifest.counts.questions ?? 0, state.value.shared.limit ?? Infinity),
  );
  const preview = useLatest(
    () =>
      dataset.value === null
        ? null
        : {
            name: dataset.value.name,
            maxLength: state.value.shared.max_length ?? defaultOf('max_length', encoderKindOf(state.value.shared))!,
          },
    (input) => lab.call('datasets.details', input),
  );
  const votes = computed(() => votesOf(preview.answer.value));

  /** By recipe id, for the dataset that is chosen. */
  const feedings = computed<ReadonlyMap<string, Feeding>>(
    () => new Map(state.value.recipes.map(({ id, configuration }) => [id, feedingOfConfiguration(configuration)])),
  );
  const trained = computed<readonly WizardRecipe[]>(() =>
    state.value.recipes.filter(({ id, chosen }) => chosen && feedings.value.get(id)!.problem === null),
  );
  const rehearsals = useRehearsalStore();
  /** As measured; null before that. What is suggested depends on it. */
  const secondsOfOneSeed = computed(
    () =>
      rehearsals.of(draftOf({ ...state.value, seeds: null }, trained.value, questions.value, seedsFor(Infinity)))
        ?.totalSeconds ?? null,
  );
  /** The sample is there to see how things work, in a minute. */
  const isSample = computed(() => dataset.value?.shipped ?? false);
  const seeds = computed(() => state.value.seeds ?? seedsFor(isSample.value ? Infinity : secondsOfOneSeed.value));
  const draft = computed<ExperimentDraft | null>(() =>
    draftOf(state.value, trained.value, questions.value, seeds.value),
  );

  /** For questions that its name has no part in: they are not asked anew while it is being typed. */
  const nameless = computed<ExperimentDraft | null>(() =>
    draft.value === null ? null : { ...draft.value, name: 'Experiment' },
  );

  /** Null as long as an encoder from random weights is chosen, or nothing that could be weights. */
  const weights = computed(() =>
    encoderKindOf(state.value.shared) === 'pretrained' && referenceProblem(state.value.shared.encoder!) === null
      ? state.value.shared.encoder!.trim()
      : null,
  );
  /** What the chosen weights are, only the lab can see. */
  const inspection = useLatest(
    () => weights.value,
    (encoder) => lab.call('encoders.inspect', { encoder }),
  );
  const encoders = useEncoders();
  watch(
    () => encoders.encoders,
    () => inspection.failure.value !== null && inspection.ask(),
  );

  const problems = computed<Readonly<Record<StepName, readonly string[]>>>(() => {
    const context = {
      catalogue: catalogue.value,
      dataset: dataset.value,
      encoder: inspection.answer.value,
      trained: trained.value,
    };
    const of = (step: keyof typeof stepChecks) => stepChecks[step](state.value, context);
    const unusable = inspection.failure.value;
    return {
      data: of('data'),
      encoder: unusable === null ? of('encoder') : [`${unusable.message} ${unusable.fix}`.trim()],
      losses: of('losses'),
      budget: of('budget'),
      review: [],
    };
  });
  /** The first step that is not done; null where all are. */
  const unfinished = computed<StepName | null>(() => stepNames.find((step) => problems.value[step].length > 0) ?? null);

  function feedingOfConfiguration(configuration: RawConfiguration): Feeding {
    return dataset.value === null
      ? { problem: null, note: null }
      : feedingOf(catalogue.value, configuration, dataset.value.manifest.counts, votes.value);
  }

  async function open(query: WizardQuery): Promise<void> {
    ready.value = false;
    failure.value = null;
    try {
      [catalogue.value] = await Promise.all([lab.call('lab.catalogue', {}), loadDatasets()]);
      state.value = kept(originOf(query)) ?? (await begin(query));
      ready.value = true;
    } catch (error) {
      failure.value = describeFailure(error);
    }
  }

  async function begin(query: WizardQuery): Promise<WizardState> {
    const origin = originOf(query) ?? '';
    if (query.from === undefined) {
      const begun = initialState(origin, presetRecipes(catalogue.value), query.dataset ?? null);
      return query.encoder === undefined ? begun : { ...begun, shared: withEncoder(begun.shared, query.encoder) };
    }
    const experiment = await lab.call('experiments.details', { id: query.from });
    if (experiment.draft === null)
      throw new LabError(
        'usage',
        `"${experiment.name}" comes from the command line, and its runs have different settings.`,
        'Set up a new experiment.',
      );
    return { ...stateOfDraft(experiment.draft, catalogue.value, origin), name: `${experiment.name} (copy)` };
  }

  async function loadDatasets(): Promise<void> {
    await stored.refresh();
    if (stored.failure !== null) throw stored.failure as Error;
  }

  function change(changes: Partial<WizardState>): void {
    state.value = { ...state.value, ...changes };
  }

  function setShared(changes: Parameters<typeof withKeys>[1]): void {
    change({ shared: withKeys(state.value.shared, changes) });
  }

  /** What the download brings is chosen as soon as it is there, over a reload, too. */
  function awaitDownload(id: string): void {
    change({ awaited: [...state.value.awaited, id] });
  }

  const downloads = useDownloads();
  watch(
    () =>
      ready.value
        ? downloads.downloads.filter(({ id, result }) => result !== null && state.value.awaited.includes(id))
        : [],
    (arrived) => arrived.forEach((download) => void take(download)),
  );

  async function take({ id, result }: DownloadView): Promise<void> {
    change({ awaited: state.value.awaited.filter((other) => other !== id) });
    if (result?.kind === 'encoder') change({ shared: withEncoder(state.value.shared, result.encoder) });
    if (result?.kind === 'dataset') {
      await stored.refresh();
      change({ dataset: result.name });
    }
    await downloads.discard(id);
  }

  function changeRecipe(id: string, changes: Partial<WizardRecipe>): void {
    change({ recipes: state.value.recipes.map((recipe) => (recipe.id === id ? { ...recipe, ...changes } : recipe)) });
  }

  function addRecipe(recipe: WizardRecipe): void {
    change({ recipes: [...state.value.recipes, recipe] });
  }

  function removeRecipe(id: string): void {
    change({ recipes: state.value.recipes.filter((recipe) => recipe.id !== id) });
  }

  /** Whether a step can be opened: those before it are done. */
  function reachable(step: StepName): boolean {
    return stepNames.slice(0, stepNames.indexOf(step)).every((earlier) => problems.value[earlier].length === 0);
  }

  function load(loaded: ExperimentDraft): void {
    const { origin, mode, step } = state.value;
    change({ ...stateOfDraft(loaded, catalogue.value, origin), mode, step });
  }

  /** Answers with what was there before, for those who want it back. */
  function startOver(): WizardState {
    const before = state.value;
    state.value = initialState(before.origin, presetRecipes(catalogue.value), null);
    return before;
  }

  /** Stores the experiment, and trains it where asked to. Answers with its id. */
  async function create(start: boolean): Promise<string> {
    return (await lab.call('experiments.create', { draft: draft.value!, start })).id;
  }

  /** Once the experiment is there and its screen is open. */
  function clear(): void {
    startOver();
    sessionStorage.removeItem(storageKey);
  }

  watch(state, (now) => ready.value && sessionStorage.setItem(storageKey, JSON.stringify(now)), { flush: 'sync' });

  return {
    state,
    catalogue,
    ready,
    failure,
    dataset,
    questions,
    details: preview.answer,
    detailsFailure: preview.failure,
    feedings,
    trained,
    isSample,
    seeds,
    secondsOfOneSeed,
    draft,
    nameless,
    problems,
    unfinished,
    weights,
    description: inspection.answer,
    unusable: inspection.failure,
    inspect: inspection.ask,
    awaitDownload,
    open,
    change,
    setShared,
    changeRecipe,
    addRecipe,
    removeRecipe,
    reachable,
    load,
    startOver,
    create,
    clear,
  };
});

/** Null: opened without a wish, which goes on with what is there. */
function originOf({ dataset, encoder, from }: WizardQuery): string | null {
  if (from !== undefined) return `experiment ${from}`;
  if (encoder !== undefined) return `encoder ${encoder}`;
  return dataset === undefined ? null : `dataset ${dataset}`;
}

function kept(origin: string | null): WizardState | null {
  const text = sessionStorage.getItem(storageKey);
  if (text === null) return null;
  const state = JSON.parse(text) as WizardState;
  return origin === null || state.origin === origin ? state : null;
}
