import { statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { parseEncoding } from '../lab/data/encoding.ts';
import { pathsIn } from '../lab/data/folderLayout.ts';
import type { Encoding } from '../shared/encodings.ts';
import { LabError } from '../shared/errors.ts';
import type { CommandLineForm, Reading, Source, SourceFile, SourceOption } from '../shared/source.ts';
import { sourceRequest, type SourceRequest } from '../shared/sourceRequest.ts';
import { sourceKinds, sources, type SourceKind } from '../shared/sources.ts';
import { columnRoles, textForms, type TableFormat } from '../shared/table.ts';
import { columnsOf } from './columns.ts';
import { addJsonOption, pathText, type JsonOption } from './values.ts';

/** The value of an option of `losslab import`; undefined if the option is not given. */
type Given = (option: string) => string | undefined;

const forms = sourceKinds.flatMap((kind) => sources[kind].commandLine.map((form: CommandLineForm) => ({ kind, form })));

/** Options of a command that takes a source. */
export interface SourceOptions {
  readonly json: JsonOption;
  /**
   * The source that the parsed command line names.
   *
   * @throws LabError unless exactly one source is named, with all that it needs
   */
  readonly read: () => Promise<SourceRequest>;
}

export function addSourceOptions(command: Command): SourceOptions {
  let json: JsonOption = { machine: false };
  for (const { options, choice } of forms.map(({ form }) => form)) {
    for (const { name, value, help } of options) {
      if (name === 'json') json = addJsonOption(command, `with a file, ${help}; without, print the result as JSON`);
      else command.option(`--${name} ${value}`, help, pathText);
    }
    if (choice) command.option(`--${choice.name} <name>`, `${choice.help} (default: ${choice.default})`);
  }
  command
    .option(
      '--columns <mapping>',
      `columns of your own file, as role=column,…; roles: ${columnRoles.join(', ')} (default: recognised by common names)`,
    )
    .option('--encoding <encoding>', 'encoding of CSV, TSV and JSON lines, by any usual name (default: detected)')
    .addOption(
      new Option(
        '--text <form>',
        'how the texts of your own file are written; only of HTML something is removed: its tags (default: decided for each column)',
      ).choices(textForms),
    )
    .addHelpText('after', `\nExamples:\n${forms.map(({ form }) => `  ${commandWith(form)}`).join('\n')}`);
  const given: Given = (option) =>
    option === 'json' ? json.file : (command.getOptionValue(option) as string | undefined);
  return { json, read: () => sourceFrom(given) };
}

async function sourceFrom(given: Given): Promise<SourceRequest> {
  const { kind, form } = namedForm(given);
  const paths = pathsOf(form, given);
  const encoding = given('encoding');
  const settings = await settingsOf[sources[kind].reading]({
    paths,
    format: form.format,
    columns: given('columns'),
    text: given('text'),
    encoding: encoding === undefined ? undefined : parseEncoding(encoding),
  });
  return sourceRequest.parse({ kind, ...paths, ...settings });
}

function namedForm(given: Given): { kind: SourceKind; form: CommandLineForm } {
  const named = forms.flatMap(({ kind, form }) => {
    const option = form.options.find(({ name }) => given(name) !== undefined);
    return option ? [{ kind, form, option: option.name }] : [];
  });
  const [first] = named;
  if (first === undefined || named.length > 1) throw notOneSource(named.map(({ option }) => option));
  return first;
}

/** The path of each file. */
function pathsOf(form: CommandLineForm, given: Given): Record<string, string> {
  const { options, choice } = form;
  if (options.some(({ name }) => given(name) === undefined))
    throw new LabError(
      'usage',
      `${options.map(({ name }) => `--${name}`).join(' and ')} belong together: give all of them.`,
      `For example: ${commandWith(form)}`,
    );
  const choices = choice ? { [choice.name]: given(choice.name) ?? choice.default } : {};
  const paths = options.map(({ name, gives }) =>
    typeof gives === 'string' ? { [gives]: given(name)! } : pathsIn(given(name)!, gives, choices),
  );
  return Object.assign({}, ...paths) as Record<string, string>;
}

interface Settings {
  readonly paths: Readonly<Record<string, string>>;
  readonly format: TableFormat | undefined;
  readonly columns: string | undefined;
  readonly text: string | undefined;
  readonly encoding: Encoding | undefined;
}

/** The settings of a request for reading the files, without their paths. */
const settingsOf: Readonly<Record<Reading, (given: Settings) => object | Promise<object>>> = {
  fixed: () => ({}),
  encoded: ({ encoding }) => ({ encoding }),
  async table({ paths, format, columns, text, encoding }) {
    const file = Object.values(paths)[0]!;
    return { format, mapping: await columnsOf({ file, format, encoding }, columns), encoding, text };
  },
};

/** The default name of a dataset: that of its file, or of the folder if the file has its usual name. */
export function nameOf(source: SourceRequest): string {
  const { files, namedAfter }: Source = sources[source.kind];
  const [[key, { label }]] = Object.entries(files) as [[string, SourceFile]];
  const path = resolve((source as Readonly<Record<string, unknown>>)[key] as string);
  const name = namedAfter === 'folder' || basename(path) === label ? basename(dirname(path)) : ownName(path);
  return name.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '') || 'dataset';
}

/** Without its ending, if it is a file: `dba.stackexchange.com` may be a folder. */
function ownName(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? basename(path) : basename(path, extname(path));
}

function notOneSource(named: readonly string[]): LabError {
  const found =
    named.length === 0 ? 'none is given' : `${named.map((option) => `--${option}`).join(' and ')} are given`;
  const known = forms.map(({ form }) => form.options.map(mention).join(' with '));
  return new LabError(
    'usage',
    `An import needs exactly one source: ${known.slice(0, -1).join(', ')}, or ${known.at(-1)}; ${found}.`,
    `For example: ${commandWith(forms[0]!.form)}`,
  );
}

function mention({ name, value }: SourceOption): string {
  return value === '[file]' ? `--${name} with a file` : `--${name}`;
}

function commandWith({ example }: CommandLineForm): string {
  return `losslab import ${example}`;
}
