import { join } from 'node:path';
import { writeAtomically } from '../../files/atomicFile.ts';
import type { ExportFormat } from './format.ts';
import { onnxModel } from './onnxModel.ts';
import { writeTokenizerFiles } from './tokenizerFiles.ts';

/** One ONNX file from token ids to embeddings, and its tokenizer. */
export const onnx: ExportFormat = {
  library: 'onnx',
  refusal: () => null,
  write(folder, { encoder, weights, tokenizer, maxLength }) {
    writeAtomically(join(folder, 'model.onnx'), [onnxModel(encoder, weights, tokenizer.specialIds)]);
    writeTokenizerFiles(folder, tokenizer, maxLength);
  },
  usage: () => `import numpy, onnxruntime, tokenizers

batch = tokenizers.Tokenizer.from_file("tokenizer.json").encode_batch(texts)
inputs = {"input_ids": [text.ids for text in batch], "attention_mask": [text.attention_mask for text in batch]}
embeddings = onnxruntime.InferenceSession("model.onnx").run(None, {name: numpy.array(rows, dtype="int64") for name, rows in inputs.items()})[0]`,
};
