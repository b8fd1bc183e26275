import { groups, type Group } from '../shared/configuration/setting.ts';
import { keysWhere, settingOf, type ConfigurationKey } from '../shared/configuration/table.ts';
import { defaultInWords, typeInWords, usersInWords } from '../shared/configuration/words.ts';

const titles: Readonly<Record<Group, string>> = {
  files: 'Files',
  data: 'Data',
  encoder: 'Encoder',
  fineTuning: 'Fine-tuning',
  length: 'Length of training',
  training: 'Training',
  evaluation: 'Evaluation',
  strategy: 'Strategy',
  loss: 'Loss',
  original: 'Keys of the original script',
};

/** What `--set help` prints: every key with its type, its default and what it is for. */
export function configurationHelp(): string {
  const sections = groups.map((group) => {
    const keys = keysWhere((setting) => setting.group === group);
    return `${titles[group]}\n${keys.map(keyHelp).join('\n')}`;
  });
  return `${sections.join('\n\n')}\n`.replaceAll('`', '');
}

function keyHelp(key: ConfigurationKey): string {
  const { title, help } = settingOf(key);
  const users = usersInWords(key);
  const only = users === 'all' ? '' : `; for ${users}`;
  return `  ${key}=… (${typeInWords(key)}; default ${defaultInWords(key)}${only})\n      ${title}. ${help}`;
}
