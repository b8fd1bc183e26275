import { addedKeys } from './addedKeys.ts';

const trainingKeys = addedKeys('$.training', {
  max_minutes: null,
  freeze_embeddings: false,
  freeze_layers: 0,
  layer_decay: 1,
  warmup_ratio: 0,
  decay_bias_and_norm: true,
  gradient_cache_batch: null,
  false_negatives: 'keep',
});

/** Encoders that began with a folder of weights are `pretrained`. */
const pretrained = (table: string): string => `
  UPDATE ${table} SET configuration = json_insert(
    json_set(configuration, '$.encoder.kind', 'pretrained'),
    '$.encoder.source', json_extract(configuration, '$.encoder.folder'),
    '$.encoder.explicit', json('["max_length","pooling","projection_dim"]'))
  WHERE json_type(configuration, '$.encoder.folder') = 'text'
    AND json_extract(configuration, '$.encoder.kind') <> 'pretrained';
`;

export const completeConfigurations = `
  ${trainingKeys}
  ${pretrained('experiments')}
  ${pretrained('runs')}
  UPDATE runs SET configuration = json_insert(configuration, '$.split_seed', seed)
  WHERE json_type(configuration, '$.seed') = 'integer';
`;
