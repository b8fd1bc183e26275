/** Files and messages that LossLab writes itself. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readConfigurationFile } from '../../../src/cli/configurationFile.ts';
import { readDataset, readManifest } from '../../../src/lab/data/datasetFolder.ts';
import { elementsOf } from '../../../src/lab/encoders/encoder.ts';
import { staticEncoder } from '../../../src/lab/encoders/static.ts';
import {
  bytesOf,
  readSafetensors,
  readSafetensorsMetadata,
  safetensorsParts,
} from '../../../src/lab/encoders/safetensors.ts';
import { presetFile, presetNames } from '../../../src/lab/experiments/presets.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../../../src/lab/training/checkpoint.ts';
import { resolveConfiguration } from '../../../src/shared/configuration.ts';
import { decodeMessage, encodeMessage } from '../../../src/shared/contract/codec.ts';
import { contract } from '../../../src/shared/contract/contract.ts';
import { requestMessage } from '../../../src/shared/contract/messages.ts';
import { isNestedTooDeep } from '../../../src/shared/json.ts';
import { toRawConfiguration } from '../../../src/shared/configuration.ts';
import { mutateJson, mutateJsonLine } from '../mutators/json.ts';
import { mutateHeader } from '../mutators/safetensors.ts';
import { require, type FuzzTarget, type Outcome, type Random } from '../target.ts';
import { questionLines } from './seedQuestions.ts';

// --- Datasets --------------------------------------------------------------------------------------

const manifest = {
  format: 1,
  name: 'fuzz',
  created: '2026-11-23T00:00:00Z',
  source: { kind: 'csv', files: [{ name: 'Questions.csv', size: 10, sha256: 'ab'.repeat(32), encoding: 'utf-8' }] },
  limit: null,
  counts: { questions: 3, answers: 5, questionsWithOneAnswer: 1, questionsWithTwoOrMore: 2 },
  skipped: {
    total: 1,
    byReason: { 'no text': 1 },
    examples: [{ file: 'Questions.csv', where: 'line 2', reason: 'no text', found: '' }],
  },
  excluded: { questionsWithoutAnswers: 0, orphanAnswers: null },
  text: { meanQuestionWords: 5, meanAnswerWords: 3.5 },
  licence: 'CC BY-SA 4.0',
  content: contentOf(questionLines),
};

export const manifestFile: FuzzTarget = {
  seeds: () => [Buffer.from(JSON.stringify(manifest))],
  mutators: [mutateJson],
  words: ['"format"', '1e999', '"csv"', 'null', '"__proto__":{},'],
  async parse(input, folder): Promise<Outcome> {
    writeFileSync(join(folder, 'questions.jsonl'), questionLines);
    writeFileSync(join(folder, 'manifest.json'), input);
    const first = await readManifest(folder);
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(first));
    require(sameJson(await readManifest(folder), first), 'it is another when written and read again');
    return 'accepted';
  },
};

export const questionsFile: FuzzTarget = {
  seeds: () => [questionLines],
  mutators: [mutateJsonLine],
  words: ['\n', '\0', '"answers":[]', '1e999', '\ud800'],
  async parse(input, folder): Promise<Outcome> {
    writeFileSync(join(folder, 'questions.jsonl'), input);
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, content: contentOf(input) }));
    const { questions } = await readDataset(folder);
    const scores = questions.flatMap(({ score, answers }) => [score, ...answers.map((answer) => answer.score)]);
    require(scores.every(Number.isFinite), `it has the scores ${scores.join(', ')}`);
    return 'accepted';
  },
};

/** As in a file: JSON has no -0. */
function sameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
}

function contentOf(bytes: Uint8Array): { size: number; sha256: string } {
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

// --- Checkpoints -----------------------------------------------------------------------------------

const encoder = staticEncoder({
  vocabularySize: 5,
  size: 3,
  projection: 2,
  specialIds: [],
  tokenWeights: new Float32Array(5).fill(1),
});
const weights = (): Map<string, Float32Array> =>
  new Map(encoder.parameters.map(({ name, shape }) => [name, new Float32Array(elementsOf(shape)).fill(0.5)]));
const written: Checkpoint = {
  state: { step: 6, parameter: weights(), first: weights(), second: weights() },
  progress: { position: 7, documents: 56, training_seconds: 2.5 },
};

export const checkpoint: FuzzTarget = {
  seeds: () => [checkpointFile()],
  mutators: [mutateHeader, withRightHash],
  words: ['identity', 'fuzz', 'progress', 'step', '"7"', '"NaN"'],
  parse(input, folder) {
    writeFileSync(join(folder, 'checkpoint-7.safetensors'), input);
    const { checkpoint: read, damaged } = readCheckpoint(folder, encoder, 'fuzz');
    if (read === null) {
      require(damaged.length === 1 &&
        !/undefined|null \(reading|is not a function|Invalid/.test(
          damaged[0]!,
        ), `it is refused in words of no person: ${damaged.join()}`);
      return 'refused';
    }
    const { parameter, first, second } = read.state;
    for (const { name, shape } of encoder.parameters) {
      const size = elementsOf(shape);
      require(parameter.get(name)?.length === size, `${name} has another shape`);
      for (const moment of [first.get(name), second.get(name)])
        require(moment === undefined || moment.length === size, `a moment of ${name} has another shape`);
    }
    require(Number.isInteger(read.state.step) && read.state.step >= 0, `its step is ${read.state.step}`);
    require(Number.isInteger(read.progress.position) &&
      read.progress.position >= 0, `its position is ${read.progress.position}`);
    return 'accepted';
  },
};

function checkpointFile(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'losslab-checkpoint-'));
  try {
    return readFileSync(writeCheckpoint(folder, encoder, 'fuzz', written));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Corrects the hash, so that later checks run. */
function withRightHash(input: Buffer): Buffer {
  try {
    const tensors = readSafetensors(input, '');
    const { sha256: _, ...place } = readSafetensorsMetadata(input);
    const hash = createHash('sha256').update(JSON.stringify(place));
    for (const [name, { data }] of tensors) hash.update(name).update(bytesOf(data));
    return Buffer.concat(safetensorsParts(tensors, { ...place, sha256: hash.digest('hex') }));
  } catch {
    return input;
  }
}

// --- Configurations --------------------------------------------------------------------------------

export const configuration: FuzzTarget = {
  seeds: () => [
    ...presetNames.map((name) => readFileSync(presetFile(name))),
    Buffer.from(
      JSON.stringify({
        encoder: 'distilbert',
        n_layers: 2,
        n_heads: 4,
        embed_dim: 8,
        hidden_dim: 16,
        projection_dim: null,
        split_seed: 3,
        loss_type: 'rank_infonce_rank0.1_t0.2',
      }),
    ),
  ],
  mutators: [mutateJson],
  words: [
    '"loss_type"',
    '"triplet"',
    '"listwise"',
    '"infonce_t0.1"',
    '"encoder"',
    '"hf:a/b@c"',
    '"static"',
    '1e999',
    '__proto__',
  ],
  parse(input, folder) {
    const path = join(folder, 'x.json');
    writeFileSync(path, input);
    const resolved = resolveConfiguration(readConfigurationFile(path));
    const again = resolveConfiguration(JSON.parse(JSON.stringify(toRawConfiguration(resolved))));
    require(sameJson(again, resolved), 'it is another when written short and resolved again');
    require(allFinite(resolved), 'it holds a number that is not finite');
    return 'accepted';
  },
};

function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(allFinite);
}

// --- Messages --------------------------------------------------------------------------------------

const draft = {
  name: 'A draft',
  dataset: 'sample',
  shared: { seed: 1, encoder: 'static' },
  recipes: [{ loss_type: 'infonce' }, { loss_type: 'triplet' }],
  seeds: [1, 2],
};
const someCalls = [
  { method: 'settings.set', input: { theme: 'dark' } },
  { method: 'runs.series', input: { runs: ['a', 'b'], names: ['loss'] } },
  { method: 'experiments.create', input: { draft, start: true } },
  {
    method: 'datasets.import',
    input: {
      name: 'x',
      source: { kind: 'table', file: 'f', format: 'csv', mapping: { question: 'q', answer: 'a' }, delimiter: ';' },
      limit: 3,
    },
  },
  { method: 'downloads.start', input: { source: 'kaggle:a/b@1', limit: 5 } },
  { method: 'credentials.set', input: { service: 'kaggle', username: 'u', secret: 's' } },
].map((call, id) => ({ id, ...call }));
const arrays = {
  result: Float64Array.of(1, NaN, Infinity),
  other: Float32Array.of(0.5),
  date: new Date(0),
  bytes: new Uint8Array(3),
};

/**
 * Data from a connection: bytes that may not be a message, a message that may not be a call, a call whose input may be
 * invalid.
 */
export const messages: FuzzTarget = {
  seeds: () => [...someCalls, arrays].map((message) => Buffer.from(encodeMessage(message))),
  mutators: [mutateCall],
  parse(input) {
    let message: unknown;
    try {
      message = decodeMessage(Uint8Array.from(input));
    } catch {
      return 'refused'; // whatever it throws: that is the codec's promise
    }
    if (isNestedTooDeep(message)) return 'refused'; // as the server does
    require(isDeepStrictEqual(
      decodeMessage(encodeMessage(message)),
      message,
    ), 'it is another when encoded and decoded again');
    const request = requestMessage.safeParse(message);
    // Wrong input is refused without throwing.
    if (request.success && Object.hasOwn(contract, request.data.method))
      contract[request.data.method as keyof typeof contract].input.safeParse(request.data.input);
    return 'accepted';
  },
};

/** A mutated call, as a message. */
function mutateCall(input: Buffer, random: Random): Buffer {
  try {
    return Buffer.from(
      encodeMessage(JSON.parse(mutateJson(Buffer.from(JSON.stringify(decodeMessage(input))), random).toString())),
    );
  } catch {
    return input;
  }
}
