// Runs an ONNX file as any program would: with ONNX Runtime and nothing of LossLab. Reads
// { model, batches: [{ input_ids, attention_mask }] } (lists of lists) and answers with the names of
// inputs and outputs and with the embeddings of each batch.
import * as ort from 'onnxruntime-node';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const { model, batches } = JSON.parse(text);
const session = await ort.InferenceSession.create(model);
const int64 = (rows) => new ort.Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0].length]);
const embeddings = [];
for (const { input_ids, attention_mask } of batches) {
  const { sentence_embedding } = await session.run({
    input_ids: int64(input_ids),
    attention_mask: int64(attention_mask),
  });
  const [, dimension] = sentence_embedding.dims;
  embeddings.push(
    input_ids.map((_, row) => [...sentence_embedding.data.subarray(row * dimension, (row + 1) * dimension)]),
  );
}
process.stdout.write(JSON.stringify({ inputs: session.inputNames, outputs: session.outputNames, embeddings }));
