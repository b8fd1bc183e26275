/**
 * Configurations of runs that were set up before some keys existed get the values that were in force
 * for them, and encoders that began with a folder of weights are `pretrained`. One that is complete stays
 * as it is, to the letter: checkpoints are made for it.
 */
const complete = (table: string): string => `
  UPDATE ${table} SET configuration = json_insert(configuration,
    '$.training.max_minutes', NULL,
    '$.training.freeze_embeddings', json('false'),
    '$.training.freeze_layers', 0,
    '$.training.layer_decay', 1,
    '$.training.warmup_ratio', 0,
    '$.training.decay_bias_and_norm', json('true'),
    '$.training.gradient_cache_batch', NULL,
    '$.training.false_negatives', 'keep')
  WHERE json_type(configuration, '$.training') = 'object';

  UPDATE ${table} SET configuration = json_insert(
    json_set(configuration, '$.encoder.kind', 'pretrained'),
    '$.encoder.source', json_extract(configuration, '$.encoder.folder'),
    '$.encoder.explicit', json('["max_length","pooling","projection_dim"]'))
  WHERE json_type(configuration, '$.encoder.folder') = 'text'
    AND json_extract(configuration, '$.encoder.kind') <> 'pretrained';
`;

export const completeConfigurations = `
  ${complete('experiments')}
  ${complete('runs')}
  UPDATE runs SET configuration = json_insert(configuration, '$.split_seed', seed)
  WHERE json_type(configuration, '$.seed') = 'integer';
`;
