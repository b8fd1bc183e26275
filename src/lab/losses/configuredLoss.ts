import type { LossName, LossParameters } from '../../shared/recipe.ts';
import type { Batch } from '../batching/batch.ts';
import type { ParameterSpecification } from '../encoders/encoder.ts';
import type { Tensor } from '../graph/graph.ts';
import type { BuildParameters, Loss, LossFeed, LossOutputs } from './loss.ts';
import { buildMatryoshka } from './matryoshka.ts';
import { learnedTemperature, temperatureParameter } from './temperature.ts';

/** A loss with its parameters, and with the options of every loss: a learned temperature, and shortened embeddings. */
export interface ConfiguredLoss {
  /** Parameters that are trained with the encoder. */
  readonly parameters: readonly ParameterSpecification[];
  /** `parameter` returns the values of `parameters` by name; it is called only if there are any. */
  build(embeddings: Tensor, parameter?: (name: string) => Tensor): LossOutputs;
  feed(batch: Batch): LossFeed;
}

export function configure<N extends LossName>(loss: Loss<N>, parameters: LossParameters[N]): ConfiguredLoss {
  const ownParameter = temperatureParameter(parameters);
  return {
    parameters: ownParameter ? [ownParameter] : [],
    build: (embeddings, parameter = nothingGiven) => {
      const learned = ownParameter && { temperature: learnedTemperature(parameter) };
      const outputs = buildMatryoshka(embeddings, parameters.matryoshka_dimensions ?? [], (cut) =>
        loss.build(cut, { ...parameters, ...learned } as BuildParameters<LossParameters[N]>),
      );
      return { ...outputs, metrics: { ...outputs.metrics, ...learned } };
    },
    feed: (batch) => {
      const feed = loss.feed(batch, parameters);
      return { ...feed, metrics: { ...feed.metrics, texts: batch.texts.length, ...feed.negatives } };
    },
  };
}

function nothingGiven(name: string): never {
  throw new Error(`No value was given for the parameter "${name}" of the loss.`);
}
