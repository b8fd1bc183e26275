/**
 * Configurations that were stored before some keys existed get the values that were in force for them. One that has a
 * key keeps it, to the letter: checkpoints are made for it.
 */
export function addedKeys(
  section: '$' | '$.training' | '$.encoder',
  values: Readonly<Record<string, string | number | boolean | null>>,
): string {
  const inserted = Object.entries(values)
    .map(([key, value]) => `'${section}.${key}', json('${JSON.stringify(value)}')`)
    .join(', ');
  return ['experiments', 'runs']
    .map(
      (table) => `
  UPDATE ${table} SET configuration = json_insert(configuration, ${inserted})
  WHERE json_type(configuration, '${section}') = 'object';`,
    )
    .join('\n');
}
