import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../../shared/errors.ts';
import { checked, requireJsonFile } from './modelFiles.ts';
import { openSafetensors, readTensor, type SafetensorsFile } from './safetensors.ts';

/** A tensor in a file; only its header is known until it is read. */
export interface StoredTensor {
  readonly file: string;
  /** Its name in the file. */
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** As float32. Throws an `encoder` LabError for values that are not finite. */
  readonly read: () => Float32Array;
}

export interface WeightFiles {
  /** model.safetensors, or the index of its parts; for error messages. */
  readonly file: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly bytes: number;
}

const single = 'model.safetensors';
const index = 'model.safetensors.index.json';
/** A name without a folder: the files of an index are beside it. */
const shardName = /^[\w-][\w.-]*\.safetensors$/;

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** The headers of a folder's weights, in one file or in parts with an index. Throws an `encoder` LabError. */
export function openWeightFiles(folder: string): WeightFiles {
  const file = join(folder, single);
  if (!existsSync(file)) {
    if (existsSync(join(folder, index))) return openShards(folder);
    const old = ['pytorch_model.bin', 'pytorch_model.bin.index.json', 'tf_model.h5', 'flax_model.msgpack'].find(
      (name) => existsSync(join(folder, name)),
    );
    if (old)
      throw new LabError(
        'encoder',
        `${folder} has ${old}, but no ${single}.`,
        'Convert it with the package safetensors of Python, or choose a revision of the model that has model.safetensors.',
      );
  }
  return openWeightFile(file);
}

export function openWeightFile(path: string): WeightFiles {
  const opened = openSafetensors(path);
  return {
    file: path,
    tensors: new Map([...opened.entries.keys()].map((name) => [name, storedTensor(opened, name)])),
    bytes: opened.bytes,
  };
}

function openShards(folder: string): WeightFiles {
  const file = join(folder, index);
  const { weight_map: map } = checked(indexSchema, requireJsonFile(file, ''), file);
  const shards = new Map<string, SafetensorsFile>();
  for (const shard of new Set(Object.values(map))) {
    if (!shardName.test(shard))
      throw new LabError(
        'encoder',
        `${file}: weight_map names ${JSON.stringify(shard)}; expected a .safetensors file beside it.`,
        'Download the model again from a source that you trust.',
      );
    shards.set(shard, openSafetensors(join(folder, shard)));
  }
  const tensors = Object.entries(map).map(([name, shard]) => {
    const opened = shards.get(shard)!;
    if (!opened.entries.has(name))
      throw new LabError(
        'encoder',
        `${opened.path} has no tensor "${name}", although ${index} lists it there.`,
        'The files of a model must belong together: download the model again.',
      );
    return [name, storedTensor(opened, name)] as const;
  });
  return { file, tensors: new Map(tensors), bytes: [...shards.values()].reduce((sum, { bytes }) => sum + bytes, 0) };
}

function storedTensor(file: SafetensorsFile, name: string): StoredTensor {
  const { dtype, shape } = file.entries.get(name)!;
  return { file: file.path, name, dtype, shape, read: () => readTensor(file, name) };
}
