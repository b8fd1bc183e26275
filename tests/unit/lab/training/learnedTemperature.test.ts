import { describe, expect, test } from 'vitest';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendAdamw, adamwFeed } from '../../../../src/lab/graph/adamw.ts';
import { compileModel } from '../../../../src/lab/graph/compile.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32, type HostTensor } from '../../../../src/lab/graph/hostTensor.ts';
import { scalarValue, Session } from '../../../../src/lab/engine/session.ts';
import { logTemperature, temperatureGroup } from '../../../../src/lab/losses/temperature.ts';
import { readCheckpoint, writeCheckpoint } from '../../../../src/lab/training/checkpoint.ts';
import { writeEncoderFolder } from '../../../../src/lab/encoders/encoderFolder.ts';
import { openWeightFile } from '../../../../src/lab/encoders/weightFiles.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { lossNames, lossParameters, type LossName } from '../../../../src/shared/recipe.ts';
import { tinyBert, tinyConfigurations, tinyEncoder } from '../../../helpers/tinyEncoders.ts';
import { choiceOf, trainTiny, type Trained } from '../../../helpers/tinySteps.ts';
import { parametersOf } from '../../../../src/lab/training/createStep.ts';

const withTemperature = lossNames.filter((name) => 'learn_temperature' in lossParameters[name].shape);
const still = { learningRate: 0 };
const temperatures = ({ figures }: Trained): number[] => figures.map(({ metrics }) => metrics.temperature!);
/** After one step from zero the first moment is a tenth of the gradient. */
const gradientOf = ({ state }: Trained): number => 10 * state.first.get(logTemperature)![0]!;

test('every loss with a temperature can learn it, the others cannot', () => {
  expect(lossNames.filter((name) => !withTemperature.includes(name))).toEqual([
    'triplet',
    'mse',
    'margin_mse',
    'batch_triplet',
  ]);
});

describe.each(withTemperature)('%s', (name: LossName) => {
  const encoder = tinyEncoder(tinyConfigurations.static!);
  // The targets of listwise are made with the temperature that is set: only the similarities get the learned one.
  const start = 0.7;

  test('the gradient of the logarithm is that of differences, in whole and in cached steps', async () => {
    const lossAt = async (temperature: number): Promise<number> => {
      const { figures } = await trainTiny(encoder, { loss: choiceOf(name, { temperature }) }, 1, still);
      return figures[0]!.loss;
    };
    const learned = { loss: choiceOf(name, { temperature: start, learn_temperature: true }) };
    const [whole, cached] = [
      await trainTiny(encoder, learned, 1, still),
      await trainTiny(encoder, { ...learned, cacheBatch: 5 }, 1, still),
    ];
    expect(temperatures(whole)[0]).toBeCloseTo(start, 6);
    expect(gradientOf(cached)).toBeCloseTo(gradientOf(whole), 5);
    if (name === 'listwise') return;
    const step = 0.02;
    const expected = ((await lossAt(start * Math.exp(step))) - (await lossAt(start * Math.exp(-step)))) / (2 * step);
    expect(Math.abs(gradientOf(whole) - expected)).toBeLessThan(1e-3 * Math.abs(expected) + 2e-4);
  });
});

test('the temperature moves with the training, the same in whole and in cached steps', async () => {
  const encoder = tinyBert('mean');
  const design = { loss: choiceOf('infonce', { learn_temperature: true }), dropout: 0.1 };
  const [whole, cached, again] = [
    await trainTiny(encoder, design, 5),
    await trainTiny(encoder, { ...design, cacheBatch: 5 }, 5),
    await trainTiny(encoder, design, 5),
  ];
  expect(temperatures(whole)[0]).toBeCloseTo(0.1, 6);
  expect(new Set(temperatures(whole)).size).toBe(5);
  temperatures(cached).forEach((value, i) => expect(value).toBeCloseTo(temperatures(whole)[i]!, 4));
  expect(again.state).toEqual(whole.state);
});

test('weight decay leaves it alone', async () => {
  const encoder = tinyBert('mean');
  const design = { loss: choiceOf('infonce', { learn_temperature: true, temperature: 0.0101 }) };
  const decayed = await trainTiny(encoder, design, 3, { learningRate: 1e-7, weightDecay: 1e6 });
  for (const value of temperatures(decayed)) expect(value).toBeCloseTo(0.0101, 5);
});

test('1/τ stays at 100 at most, however the gradient pulls', async () => {
  const graph = new Graph();
  const [parameter, gradient, first, second] = ['parameter', 'gradient', 'first', 'second'].map((name) =>
    graph.input(name, 'float32', [1]),
  );
  const { updates } = appendAdamw(graph, [
    { parameter: parameter!, gradient: gradient!, first: first!, second: second!, group: temperatureGroup },
  ]);
  const session = await Session.create(compileModel({ value: updates[0]!.parameter }), 'cpu');
  const updated = async (from: number): Promise<number> => {
    const scalar = (value: number): HostTensor => float32(Float32Array.of(value), [1]);
    const { value } = await session.run({
      parameter: scalar(Math.log(from)),
      gradient: scalar(1),
      first: scalar(0),
      second: scalar(0),
      ...adamwFeed(1, { learningRate: 0.5, weightDecay: 0.1, maxGradientNorm: null }, [temperatureGroup]),
    });
    return Math.exp(scalarValue(value!));
  };
  expect(await updated(0.1)).toBeCloseTo(0.1 * Math.exp(-0.5), 6);
  expect(await updated(0.012)).toBeCloseTo(0.01, 7);
  await session.dispose();
});

test('a run may not begin below the bound', () => {
  const low = { temperature: 0.005, learn_temperature: true };
  expect(() => resolveConfiguration(low)).toThrow(
    'temperature 0.005 is below 0.01, the lowest that learn_temperature allows.',
  );
  expect(resolveConfiguration({ ...low, learn_temperature: false }).recipe.loss.parameters).toMatchObject({
    temperature: 0.005,
  });
});

test('it is in checkpoints and never in the encoder that is written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'losslab-temperature-'));
  const { encoder, weights } = tinyBert('mean');
  const loss = choiceOf('infonce', { learn_temperature: true });
  const { state } = await trainTiny({ encoder, weights }, { loss }, 2);
  const parametrised = parametersOf({ encoder, loss });
  writeCheckpoint(folder, parametrised, 'run', { state, progress: { position: 2, documents: 4, training_seconds: 1 } });
  expect(readCheckpoint(folder, parametrised, 'run').checkpoint!.state).toEqual(state);
  const tokenizer = { toJson: () => '{}' } as Parameters<typeof writeEncoderFolder>[1]['tokenizer'];
  writeEncoderFolder(join(folder, 'encoder'), { encoder, weights: state.parameter, tokenizer, maxLength: 16 });
  expect([...openWeightFile(join(folder, 'encoder', 'model.safetensors')).tensors.keys()].sort()).toEqual(
    encoder.parameters.map(({ name }) => name).sort(),
  );
});
