import { basename } from 'node:path';
import type { Configuration, EncoderConfiguration } from '../../../shared/configuration.ts';
import type { EncoderFormat } from '../../../shared/contract/encoders.ts';
import type { Evaluation, Run } from '../../../shared/history.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import { metricDescriptions } from '../../../shared/metrics.ts';
import { formatCount, formatDuration, formatFigure } from '../../../shared/format.ts';
import { applicationVersion } from '../../base/applicationFiles.ts';
import { parameterCount } from '../../encoders/encoder.ts';
import type { FinishedEncoder } from '../../encoders/encoderFolder.ts';
import { exportFormats } from './registry.ts';

/** All facts of a model card. */
export interface ModelCardFacts {
  readonly run: Run;
  readonly evaluations: readonly Evaluation[];
  /** Manifest of the dataset; null if the dataset is no longer stored. */
  readonly manifest: Manifest | null;
  readonly format: EncoderFormat;
  readonly finished: FinishedEncoder;
  /** Whether the card lies in the exported folder. */
  readonly folder: 'here' | 'elsewhere';
}

/** README.md of an exported encoder: what it is, its data and training, its evaluation, how to use it. */
export function modelCard(facts: ModelCardFacts): string {
  const sections = [
    introduction(facts),
    usage(facts),
    data(facts),
    training(facts),
    evaluation(facts),
    environment(facts),
  ];
  return `${frontMatter(facts)}\n${sections.join('\n\n')}\n`;
}

/** The metadata for model hubs. JSON strings are valid YAML strings. */
function frontMatter({ run, format }: ModelCardFacts): string {
  const { library } = exportFormats[format];
  const base = baseModel(run.configuration.encoder);
  const tags = [
    ...new Set([library, 'sentence-similarity', 'feature-extraction', 'losslab', `loss:${run.recipe.loss.name}`]),
  ];
  const lines = [
    `library_name: ${library}`,
    'pipeline_tag: sentence-similarity',
    'tags:',
    ...tags.map((tag) => `  - ${JSON.stringify(tag)}`),
    ...(base === null ? [] : [`base_model: ${JSON.stringify(base)}`]),
  ];
  return `---\n${lines.join('\n')}\n---\n`;
}

/** The repository of the Hub that the initial weights come from; null if they come from elsewhere. */
function baseModel(encoder: EncoderConfiguration): string | null {
  return encoder.kind === 'pretrained' ? (/^hf:([^@]+)/.exec(encoder.source)?.[1] ?? null) : null;
}

function introduction({ run, finished: { encoder, maxLength } }: ModelCardFacts): string {
  return `# ${plain(run.name)}

Turns texts of up to ${maxLength} tokens into vectors of ${encoder.dimension} numbers and length 1; their dot product is the similarity of two texts. ${formatCount(parameterCount(encoder))} parameters, trained with LossLab on ranked questions and answers.`;
}

function usage({ run, format, finished, folder }: ModelCardFacts): string {
  const first =
    folder === 'here'
      ? ''
      : `\`losslab export-encoder ${run.id} --format ${format}\` writes the folder in which these lines run:\n\n`;
  return `## Use

${first}\`\`\`python
${exportFormats[format].usage(finished)}
\`\`\``;
}

function data({ run, manifest }: ModelCardFacts): string {
  const { start, configuration } = run;
  const used = start
    ? `${formatCount(start.train_questions)} questions are training questions, ${formatCount(start.test_questions)} others are test questions.`
    : '';
  if (manifest === null) {
    return `## Data

Dataset ${plain(run.dataset.name)} (SHA-256 \`${run.dataset.hash}\`), which was no longer stored when this card was written: its source and licence are unknown. ${used}`;
  }
  const { counts, source, origin, attribution, licence } = manifest;
  return `## Data

${table([
  ['Dataset', plain(manifest.name)],
  [
    'Source',
    plain(
      [origin?.reference, source.kind, ...source.files.map(({ name }) => name)]
        .filter((part) => part !== undefined)
        .join(', '),
    ),
  ],
  ['Questions', formatCount(counts.questions)],
  ['Answers', formatCount(counts.answers)],
  ...(configuration.limit === null
    ? []
    : [['Limit', `the first ${formatCount(configuration.limit)} questions`] as const]),
  ['Licence', plain(licence ?? 'not stated')],
  ['Attribution', plain(attribution ?? 'not stated')],
  ['SHA-256', `\`${run.dataset.hash}\``],
])}

${used}`;
}

function training({ run }: ModelCardFacts): string {
  const { start, recipe, configuration } = run;
  const { hashes, steps } = start!;
  return `## Training

${table([
  ['Loss', described(recipe.loss)],
  ['Batches', described(recipe.strategy)],
  ['Seed', `${run.seed}, of the split ${configuration.split_seed}`],
  ['Steps', formatCount(steps)],
  ['Training time', formatDuration(run.training_seconds)],
  ...settings(configuration),
  ...Object.entries(hashes).map(([name, hash]) => [`Hash of ${name}`, `\`${hash}\``] as const),
])}`;
}

function described({ name, parameters }: { readonly name: string; readonly parameters: object }): string {
  const listed = Object.entries(parameters).map(([key, value]) => `\`${key}\` ${plain(String(value))}`);
  return [`\`${name}\``, ...listed].join(', ');
}

/** Every key of encoder and training. Paths are cut to their last part, because the rest is private. */
function settings({ encoder, training, test_size }: Configuration): (readonly [string, string])[] {
  const { kind, folder: _, ...rest } = encoder;
  const source = encoder.kind === 'pretrained' ? encoder.source : kind;
  const hasOwnVocabulary = encoder.kind !== 'pretrained' && encoder.tokenizer === null;
  const values = {
    ...rest,
    vocabulary_size: hasOwnVocabulary ? encoder.vocabulary_size : null,
    encoder: source.startsWith('hf:') ? source : basename(source),
    tokenizer: rest.tokenizer && basename(rest.tokenizer),
    ...training,
    test_size,
  };
  return Object.entries(values).flatMap(([key, value]) =>
    isNoSetting(key) || value === null ? [] : [[`\`${key}\``, plain(String(value))] as const],
  );
}

/** Keys that the card does not show: places of files, and the list of written keys. */
function isNoSetting(key: string): boolean {
  return key === 'source' || key === 'explicit';
}

/** The exported encoder is the one of the last step, not of the best evaluation. */
function evaluation({ evaluations }: ModelCardFacts): string {
  const untrained = evaluations.find(({ step }) => step === 0);
  const trained = evaluations.findLast(({ step }) => step > 0);
  if (!trained) return '## Evaluation\n\nThis run was not evaluated.';
  const measured = metricDescriptions.filter(({ name }) => name in trained.metrics);
  const figure = (value: number | undefined): string => formatFigure(value ?? null);
  const rows = measured.map(
    ({ name, title }) => [title, figure(untrained?.metrics[name]), figure(trained.metrics[name])] as const,
  );
  return `## Evaluation

The untrained encoder and this one (after step ${formatCount(trained.step)}) on the test questions, which were not used for training. Full-corpus metrics rank all answers of the test split; standardised metrics rank a few of them.

${table(rows, ['Metric', 'Untrained', 'Trained'])}`;
}

function environment({ run }: ModelCardFacts): string {
  return `## Environment

Trained on ${run.start!.device} (${plain(run.start!.device_reason)}), finished ${run.ended ?? 'at an unknown time'}, run \`${run.id}\`. Written by LossLab ${applicationVersion()} with Node ${process.versions.node} on ${process.platform} ${process.arch}.`;
}

// --- Markdown -----------------------------------------------------------------------------------

function table(rows: readonly (readonly string[])[], headings: readonly string[] = ['', '']): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text on one line, escaped for Markdown and HTML. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|&~$]/g, '\\$&');
}
