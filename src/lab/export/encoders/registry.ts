import type { EncoderFormat } from '../../../shared/contract/encoders.ts';
import type { ExportFormat } from './format.ts';
import { onnx } from './onnx.ts';
import { safetensors } from './safetensors.ts';
import { sentenceTransformers } from './sentenceTransformers.ts';

/** The formats for finished encoders. */
export const exportFormats: Record<EncoderFormat, ExportFormat> = {
  safetensors,
  'sentence-transformers': sentenceTransformers,
  onnx,
};
