import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { sampleFolder } from '../../../../../src/lab/data/findDataset.ts';
import { readManifest } from '../../../../../src/lab/data/datasetFolder.ts';
import { exportRun } from '../../../../../src/lab/export/encoders/exportRun.ts';
import { exportFormats } from '../../../../../src/lab/export/encoders/registry.ts';
import { finishedRun } from '../../../../helpers/finishedRun.ts';
import { createRun, temporaryFolder, temporaryStore } from '../../../../helpers/syntheticStore.ts';
import {
  embeddingsOf,
  largestDifference,
  runOnnx,
  tinyConfigurations,
  tinyFinished,
  tinyFinishedBert,
} from '../../../../helpers/tinyEncoders.ts';

const transformer = tinyConfigurations['distilbert, mean']!;
const problem = (code: string, ...parts: string[]) =>
  expect.objectContaining({
    name: 'LabError',
    code,
    message: expect.stringMatching(parts.map((part) => part.replace(/[[\]().\\]/g, '\\$&')).join('.*')) as string,
  }) as Error;

describe('an export', () => {
  test('stands in the home, whole and by itself, with a model card', async () => {
    const store = temporaryStore();
    const run = finishedRun(store, transformer);
    const { folder, bytes } = await exportRun(store, run, 'sentence-transformers');
    expect(folder).toBe(join(store.home.folder, 'exports', `${run.experiment}-${run.id}-sentence-transformers`));
    expect(readdirSync(dirname(folder))).toEqual([`${run.experiment}-${run.id}-sentence-transformers`]);
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(['README.md', 'modules.json', 'model.safetensors', 'tokenizer.json']),
    );
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(bytes).toBe(files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0));
    // Others on the machine may read it, as they may any file.
    expect(statSync(folder).mode & 0o777).toBe(0o777 & ~process.umask());
  });

  test('goes into a folder that is named, where it is empty or not there', async () => {
    const store = temporaryStore();
    const run = finishedRun(store, tinyConfigurations.static!);
    const [empty, fresh] = [temporaryFolder(), join(temporaryFolder(), 'deep', 'down')];
    for (const folder of [empty, fresh]) {
      expect((await exportRun(store, run, 'onnx', folder)).folder).toBe(folder);
      expect(existsSync(join(folder, 'model.onnx'))).toBe(true);
    }
  });

  test('gives the embeddings of the encoder that the run has left', async () => {
    const store = temporaryStore();
    const run = finishedRun(store, transformer);
    const { folder } = await exportRun(store, run, 'onnx');
    const { encoder, weights } = tinyFinished(transformer);
    const { embeddings } = runOnnx(join(folder, 'model.onnx'), [
      { input_ids: [[2, 9, 14, 3]], attention_mask: [[1, 1, 1, 1]] },
    ]);
    expect(largestDifference(embeddings[0]!, await embeddingsOf(encoder, weights, [[2, 9, 14, 3]]))).toBeLessThan(1e-5);
  });
});

describe('refused, with nothing left behind', () => {
  test('a folder that holds something', async () => {
    const store = temporaryStore();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'thesis.tex'), 'important');
    await expect(exportRun(store, finishedRun(store, transformer), 'onnx', folder)).rejects.toThrow(
      problem('usage', folder, 'contains thesis.tex'),
    );
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });

  test('a file in the way of the folder', async () => {
    const store = temporaryStore();
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'important');
    await expect(exportRun(store, finishedRun(store, transformer), 'onnx', file)).rejects.toThrow(
      problem('storage', `Cannot write to ${file}`),
    );
    expect(readFileSync(file, 'utf8')).toBe('important');
  });

  test('a run that has not finished', async () => {
    const store = temporaryStore();
    await expect(exportRun(store, createRun(store), 'onnx')).rejects.toThrow(
      problem('usage', 'is queued: only a finished run has an encoder'),
    );
  });

  test('an encoder that is gone', async () => {
    const store = temporaryStore();
    const run = finishedRun(store, transformer);
    rmSync(run.encoder!, { recursive: true });
    await expect(exportRun(store, run, 'onnx')).rejects.toThrow(problem('encoder', `missing in ${run.encoder!}`));
  });

  test('weights that are cut off', async () => {
    const store = temporaryStore();
    const run = finishedRun(store, transformer);
    truncateSync(join(run.encoder!, 'model.safetensors'), 2000);
    await expect(exportRun(store, run, 'onnx')).rejects.toThrow(problem('encoder', 'model.safetensors'));
    expect(existsSync(join(store.home.folder, 'exports'))).toBe(false);
  });

  test('a format that has no place for the encoder, and it says which have', async () => {
    const store = temporaryStore();
    const run = finishedRun(store, tinyConfigurations['mini, mean']!);
    await expect(exportRun(store, run, 'safetensors')).rejects.toMatchObject({
      code: 'encoder',
      message: expect.stringContaining('cannot be exported as safetensors') as string,
      fix: 'Export it as onnx.',
    });
    expect(existsSync(join(store.home.folder, 'exports'))).toBe(false);
  });

  test('a disk that fills up in the middle', async () => {
    const store = temporaryStore();
    vi.spyOn(exportFormats.onnx, 'write').mockImplementationOnce((folder) => {
      writeFileSync(join(folder, 'model.onnx'), 'the first half');
      throw Object.assign(new Error('write'), { code: 'ENOSPC' });
    });
    await expect(exportRun(store, finishedRun(store, transformer), 'onnx')).rejects.toThrow(
      problem('storage', 'the disk is full'),
    );
    expect(readdirSync(join(store.home.folder, 'exports'))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)('a folder that nothing may be written to', async () => {
    const store = temporaryStore();
    const parent = join(temporaryFolder(), 'locked');
    mkdirSync(parent, { mode: 0o500 });
    await expect(exportRun(store, finishedRun(store, transformer), 'onnx', join(parent, 'out'))).rejects.toThrow(
      problem('storage', 'no permission'),
    );
    expect(readdirSync(parent)).toEqual([]);
  });
});

describe('the model card', () => {
  const cardOf = async (
    raw: typeof transformer,
    format: 'onnx' | 'sentence-transformers' | 'safetensors',
    dataset?: { name: string; hash: string },
  ): Promise<string> => {
    const store = temporaryStore();
    const { folder } = await exportRun(store, finishedRun(store, raw, dataset), format);
    return readFileSync(join(folder, 'README.md'), 'utf8');
  };

  test('begins with what hubs read', async () => {
    expect(await cardOf(transformer, 'sentence-transformers')).toMatch(
      /^---\nlibrary_name: sentence-transformers\npipeline_tag: sentence-similarity\ntags:\n {2}- "sentence-transformers"\n(?: {2}- "[\w:-]+"\n)+---\n\n# infonce on infonce\n/,
    );
  });

  test('tells data, licence, recipe, seed, hashes and figures against the untrained encoder', async () => {
    const manifest = await readManifest(sampleFolder);
    const card = await cardOf({ ...transformer, temperature: 0.07, seed: 5, split_seed: 4 }, 'onnx', {
      name: 'sample',
      hash: manifest.content.sha256,
    });
    for (const part of [
      '| Questions | 490 |',
      '| Attribution | Made up for LossLab',
      manifest.content.sha256,
      '| Loss | `infonce`, `temperature` 0.07 |',
      '| Seed | 5, of the split 4 |',
      '| `max_length` | 16 |',
      '| `pooling` | mean |',
      '| Hash of split | `s` |',
      '| MRR@10 | 0.2500 | 0.5000 |',
      'after step 20',
    ])
      expect(card).toContain(part);
  });

  test('says what is not known of a dataset that is gone or another by now', async () => {
    const card = await cardOf(transformer, 'onnx');
    expect(card).toContain(`Dataset sample (SHA-256 \`${'d'.repeat(64)}\`), which was no longer stored`);
    expect(card).not.toContain('Made up for LossLab');
  });

  test('names the model that it began as', async () => {
    const store = temporaryStore();
    const run = finishedRun(store, { encoder: 'hf:somebody/tiny-bert@0123abc' }, undefined, tinyFinishedBert('mean'));
    const card = readFileSync(join((await exportRun(store, run, 'safetensors')).folder, 'README.md'), 'utf8');
    expect(card).toMatch(/^base_model: "somebody\/tiny-bert"$/m);
    expect(card).toContain('| `encoder` | hf:somebody/tiny-bert@0123abc |');
  });

  test('does not tell where a folder of weights was', async () => {
    const store = temporaryStore();
    const run = finishedRun(
      store,
      { encoder: '/home/alice/secret/tiny-bert', tokenizer: '/home/alice/secret/words.json' },
      undefined,
      tinyFinishedBert('mean'),
    );
    const card = readFileSync(join((await exportRun(store, run, 'safetensors')).folder, 'README.md'), 'utf8');
    expect(card).toContain('| `encoder` | tiny-bert |');
    expect(card).toContain('| `tokenizer` | words.json |');
    expect(card).not.toMatch(/alice|base_model/);
  });

  test('shows names as text, whatever is in them, and no paths', async () => {
    const card = await cardOf({ ...transformer, name: '<script>alert(1)</script> | **x** [y](z)' }, 'onnx');
    expect(card).toContain('# \\<script\\>alert(1)\\</script\\> \\| \\*\\*x\\*\\* \\[y\\](z)\n');
    expect(card).not.toContain('<script>');
    expect(await cardOf(transformer, 'safetensors')).not.toMatch(/\/tmp\/|\/home\//);
  });

  test.each([
    ['safetensors', ['AutoModel.from_pretrained(".")', 'mask.sum(1)', 'projection.weight']],
    ['sentence-transformers', ['SentenceTransformer(".").encode(texts)']],
    ['onnx', ['InferenceSession("model.onnx")', 'attention_mask']],
  ] as const)('shows how %s is used', async (format, parts) => {
    const card = await cardOf(transformer, format);
    for (const part of parts) expect(card).toContain(part);
  });
});
