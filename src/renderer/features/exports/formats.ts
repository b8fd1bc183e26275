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
    about: 'A folder for the Python library, with pooling and projection. The usual choice for search in Python.',
  },
  {
    format: 'onnx',
    title: 'ONNX',
    about:
      'One file from token ids to embeddings, for any runtime: servers, browsers, other languages. The tokenizer is a second file.',
  },
  {
    format: 'safetensors',
    title: 'safetensors',
    about: 'Weights with Hugging Face’s names, configuration and tokenizer, for further training here or elsewhere.',
  },
];
