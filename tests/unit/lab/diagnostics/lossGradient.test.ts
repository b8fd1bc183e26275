import { expect, test } from 'vitest';
import { LossGradient } from '../../../../src/lab/diagnostics/lossGradient.ts';
import { float32 } from '../../../../src/lab/graph/hostTensor.ts';
import { oneGroup } from '../../../../src/lab/training/parameterGroups.ts';
import type { LossName } from '../../../../src/shared/recipe.ts';
import { tinyConfigurations, tinyEncoder } from '../../../helpers/tinyEncoders.ts';
import { choiceOf, tinyBatch, trainTiny } from '../../../helpers/tinySteps.ts';
import { stateName } from '../../../../src/lab/encoders/stateNames.ts';

/** The same gradient as a training step's, which is held to central differences and to the original's figures. */
test.each<[string, LossName]>([
  ['static', 'infonce'],
  ['static', 'triplet'],
  ['mini, mean', 'listwise'],
  ['mini, cls', 'batch_triplet'],
])('%s, %s: has the norm that a training step reports', async (name, loss) => {
  const { encoder, weights } = tinyEncoder(tinyConfigurations[name]!);
  const { figures } = await trainTiny({ encoder, weights }, { loss: choiceOf(loss) });
  const gradient = await LossGradient.create(encoder, oneGroup(encoder), choiceOf(loss), 'cpu');
  const { batch, texts } = tinyBatch(loss);
  const parameters = Object.fromEntries(
    encoder.parameters.map((each) => [stateName('parameter', each.name), float32(weights.get(each.name)!, each.shape)]),
  );
  const parts = await gradient.at(parameters, batch, texts);
  await gradient.dispose();
  expect(parts.map(({ length }) => length)).toEqual(encoder.parameters.map((each) => weights.get(each.name)!.length));
  expect(Math.sqrt(parts.reduce((sum, part) => part.reduce((inner, value) => inner + value ** 2, sum), 0))).toBeCloseTo(
    figures[0]!.gradientNorm,
    5,
  );
});
