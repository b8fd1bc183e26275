import type { EncoderDescription } from '../../../../shared/contract/encoders.ts';
import { encoderKindOf, type RawConfiguration } from '../../../../shared/configuration.ts';
import { untrainedEncoders } from '../../../../shared/configuration/untrainedEncoders.ts';
import { fieldsOfGroup, type Field } from '../../../../shared/configuration/field.ts';

/** The advanced fields of the encoder step: those that mean something to the chosen encoder. */

/** `description`: of weights, once the lab has looked at them. */
export function encoderSettings(
  shared: RawConfiguration,
  description: EncoderDescription | null = null,
): readonly Field[] {
  const kind = encoderKindOf(shared);
  const fields = fieldsOfGroup('encoder', kind);
  if (kind === 'pretrained') return fields.map((field) => ofWeights(field, description));
  return untrainedEncoders[kind].hasLayers ? fields : fields.map((field) => withoutLayers(field, shared));
}

/** Which part of the weights is trained, and how fast; nothing for an encoder without layers. */
export function fineTuningSettings(
  shared: RawConfiguration,
  description: EncoderDescription | null = null,
): readonly Field[] {
  return fieldsOfGroup('fineTuning', encoderKindOf(shared)).map((field) => ofWeights(field, description));
}

/** Without a projection an embedding is as long as the token vectors. */
function withoutLayers(field: Field, { embed_dim }: RawConfiguration): Field {
  return field.key === 'projection_dim' && field.kind === 'number' && embed_dim !== undefined
    ? { ...field, default: embed_dim }
    : field;
}

/** What the files say themselves bounds a field, or is its default. */
function ofWeights(field: Field, description: EncoderDescription | null): Field {
  if (field.key === 'pooling' && field.kind === 'choice') {
    const own = description?.pooling ?? null;
    const help =
      own === null
        ? 'The model does not name a pooling. The default is its first token.'
        : 'The default is the pooling of the model.';
    return { ...field, default: own ?? 'cls', help };
  }
  if (field.kind !== 'number') return field;
  switch (field.key) {
    case 'max_length': {
      const maximum = description?.maxLength ?? field.maximum;
      return { ...field, default: Math.min(field.default!, maximum!), maximum };
    }
    case 'projection_dim':
      return {
        ...field,
        help: 'Length of the embeddings, after a linear projection. If empty: as in the model; a model that was not made for embeddings gets 128 numbers.',
      };
    case 'freeze_layers':
      return { ...field, maximum: description?.layers ?? null };
    default:
      return field;
  }
}
