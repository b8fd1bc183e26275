import { expect, test } from 'vitest';
import { requireMemory } from '../../../../src/lab/diagnostics/compareGradients.ts';
import { labError } from '../../../helpers/dataFiles.ts';

test('gradients that do not fit into memory side by side: both sizes, and what to do', async () => {
  expect(() => requireMemory(66e6, 5, 8e9)).not.toThrow();
  const error = await labError(() => requireMemory(66e6, 20, 8e9), 'usage');
  expect(error.message).toBe(
    'The gradients of 20 recipes over 66,000,000 parameters need about 5.65 GiB of memory together, but only 5.22 GiB can be used.',
  );
  expect(error.fix).toBe('Compare fewer recipes at a time.');
});
