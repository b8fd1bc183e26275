import { type Group } from '../../src/shared/configuration/setting.ts';
import { keysWhere, settingOf, type ConfigurationKey } from '../../src/shared/configuration/table.ts';
import {
  defaultInWords,
  encoderDefaultInWords,
  typeInWords,
  usersInWords,
} from '../../src/shared/configuration/words.ts';
import { lossNames } from '../../src/shared/recipe.ts';
import { encoderNames } from '../../src/shared/configuration/untrainedEncoders.ts';

/** The sections of docs/configuration.md that follow from the table of keys, by the name of their place on the page. */
export const configurationSections: Readonly<Record<string, () => string>> = {
  data: () => tableOf(['data', 'files']),
  encoder: () => tableOf(['encoder']),
  encoderDefaults,
  training: () => tableOf(['length', 'training', 'evaluation']),
  fineTuning: () => tableOf(['fineTuning']),
  strategy: () => tableOf(['strategy'], 'strategies'),
  loss: () => tableOf(['loss'], 'losses'),
  lossNames: () => `Loss names: ${quoted(lossNames)}.`,
  sameWithinExperiment: () =>
    `The runs of one experiment must have the same ${quoted(keysWhere(({ withinExperiment }) => withinExperiment === 'same'))}.`,
  comparable: () =>
    `A comparison warns if runs differ in ${quoted(keysWhere(({ differing }) => differing === 'start' || differing === 'training'))}, in their device, or in the dataset, the split, the batch plan, the tokenizer or the initial weights.`,
  original: () => tableOf(['original']),
};

function tableOf(groups: readonly Group[], users?: string): string {
  const keys = groups.flatMap((group) => keysWhere((setting) => setting.group === group));
  const heading = ['key', 'type and range', 'default', ...(users ? [users] : []), 'meaning'];
  return markdownTable(
    heading,
    keys.map((key) => [
      `\`${key}\``,
      typeInWords(key),
      'perEncoder' in settingOf(key) ? 'by encoder' : defaultInWords(key),
      ...(users ? [usersInWords(key)] : []),
      meaning(key),
    ]),
  );
}

function meaning(key: ConfigurationKey): string {
  const { title, help, details = '', encoders } = settingOf(key);
  const only = encoders ? `Encoders: ${usersInWords(key)}.` : '';
  return [`**${title}.**`, help, details, only].filter((part) => part !== '').join(' ');
}

function encoderDefaults(): string {
  const keys = keysWhere((setting) => 'perEncoder' in setting);
  return markdownTable(
    ['key', ...encoderNames.map((name) => `\`${name}\``), 'weights from files'],
    keys.map((key) => [
      `\`${key}\``,
      ...[...encoderNames, 'pretrained' as const].map((encoder) => encoderDefaultInWords(key, encoder)),
    ]),
  );
}

function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
