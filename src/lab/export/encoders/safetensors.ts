import type { ExportFormat } from './format.ts';
import { architectureOf, isStatic, isTransformers, poolingOf, projectionOf, writeJson, writeTensors } from './parts.ts';
import { writeTokenizerFiles } from './tokenizerFiles.ts';

/** Weights with Hugging Face's names, configuration and tokenizer; the projection as separate tensors. */
export const safetensors: ExportFormat = {
  library: 'transformers',
  refusal(encoder) {
    if (isTransformers(encoder)) return null;
    return `transformers does not have the architecture "${architectureOf(encoder)}"${isStatic(encoder) ? '; sentence-transformers has it' : ''}.`;
  },
  write(folder, { encoder, weights, tokenizer, maxLength }) {
    writeTensors(folder, 'model.safetensors', encoder.parameters, weights);
    writeJson(folder, 'config.json', encoder.config);
    writeTokenizerFiles(folder, tokenizer, maxLength);
  },
  usage({ encoder }) {
    const projected = projectionOf(encoder).length > 0;
    return [
      'import torch, transformers',
      ...(projected ? ['from safetensors.torch import load_file'] : []),
      '',
      'tokenizer, model = transformers.AutoTokenizer.from_pretrained("."), transformers.AutoModel.from_pretrained(".")',
      'batch = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")',
      'states = model(**batch).last_hidden_state',
      ...pooling[poolingOf(encoder)],
      ...(projected
        ? [
            'weights = load_file("model.safetensors")',
            'pooled = pooled @ weights["projection.weight"].T + weights["projection.bias"]',
          ]
        : []),
      'embeddings = torch.nn.functional.normalize(pooled)',
    ].join('\n');
  },
};

const pooling = {
  cls: ['pooled = states[:, 0]'],
  mean: ['mask = batch["attention_mask"].unsqueeze(-1)', 'pooled = (states * mask).sum(1) / mask.sum(1)'],
};
