import { experimentDraft, type ExperimentDraft } from '../../../../shared/contract/experiments.ts';
import { readAsOriginal, resolveConfiguration, type RawConfiguration } from '../../../../shared/configuration.ts';
import { LabError } from '../../../../shared/errors.ts';
import { keysWhere, recipeKeys } from '../../../../shared/configuration/table.ts';
import { suggestedSeeds } from './seeds.ts';
import { safeParse } from '../../../../shared/safeParse.ts';

/** Not part of a draft, which has seeds and a dataset and says nothing about folders. */
const ownKeys: ReadonlySet<string> = new Set(['seed', ...keysWhere(({ group }) => group === 'files')]);

/** An experiment as a file: the draft as JSON. A configuration of the command line is read, too. */

export function textOfDraft(draft: ExperimentDraft): string {
  return `${JSON.stringify(draft, null, 2)}\n`;
}

/**
 * Reads a saved draft, or a configuration of one run, which becomes a draft with one recipe on
 * `dataset`. Throws a LabError that names what is wrong.
 */
export function draftOfFile(text: string, fileName: string, dataset: string | null): ExperimentDraft {
  const json = parseJson(text, fileName);
  const draft = 'recipes' in json ? checkedDraft(json, fileName) : draftOfConfiguration(json, fileName, dataset);
  for (const recipe of draft.recipes) resolveConfiguration({ ...draft.shared, ...recipe });
  return draft;
}

function parseJson(text: string, fileName: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new LabError(
      'configuration',
      `${fileName} is not JSON: ${(cause as Error).message}.`,
      'Load a file that "Save configuration" wrote, or a configuration of the command line.',
      { cause },
    );
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw new LabError(
    'configuration',
    `${fileName} does not contain a JSON object.`,
    'Load a file that "Save configuration" wrote, or a configuration of the command line.',
  );
}

function checkedDraft(json: Record<string, unknown>, fileName: string): ExperimentDraft {
  const parsed = safeParse(experimentDraft, json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new LabError(
    'configuration',
    `${fileName}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}.`,
    'Correct the file, or set the experiment up by hand.',
  );
}

function draftOfConfiguration(
  json: Record<string, unknown>,
  fileName: string,
  dataset: string | null,
): ExperimentDraft {
  const { raw } = readAsOriginal(json, fileName);
  const { name, recipe } = resolveConfiguration({ name: fileName.replace(/\.json$/, ''), ...raw });
  if (dataset === null)
    throw new LabError(
      'configuration',
      `${fileName} is a configuration of one run and does not name a dataset of the lab.`,
      'Choose a dataset first, then load it again.',
    );
  const { seed = suggestedSeeds[0]! } = raw as RawConfiguration;
  const entries = Object.entries(raw).filter(([key]) => !ownKeys.has(key));
  return {
    name: `${name} on ${dataset}`,
    dataset,
    shared: Object.fromEntries(entries.filter(([key]) => !recipeKeys.has(key))),
    recipes: [
      {
        ...Object.fromEntries(entries.filter(([key]) => recipeKeys.has(key))),
        name,
        loss_type: raw['loss_type'] ?? recipe.loss.name,
        batch_transform: recipe.strategy.name,
      },
    ],
    seeds: [seed],
  };
}
