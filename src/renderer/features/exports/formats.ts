import type { EncoderFormat } from '../../../shared/contract/encoders.ts';

/** The formats of an exported encoder, in plain words. */
export const formatDescriptions: readonly {
  readonly format: EncoderFormat;
  readonly title: string;
  readonly about: string;
}[] = [
  {
    format: 'sentence-transformers',
    title: 'sentence-transformers',
    about:
      'A folder that the Python library opens as it is: pooling and projection included. The usual choice for search in Python.',
  },
  {
    format: 'onnx',
    title: 'ONNX',
    about:
      'One file from token ids to embeddings, for any runtime: servers, browsers, other languages. The tokenizer lies beside it.',
  },
  {
    format: 'safetensors',
    title: 'safetensors',
    about: 'Weights with Hugging Face’s names, configuration and tokenizer: to go on training from, here or elsewhere.',
  },
];
