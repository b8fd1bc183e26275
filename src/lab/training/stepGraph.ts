import type { Parametrised, ParameterSpecification } from '../encoders/encoder.ts';
import { appendAdamw } from '../graph/adamw.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { scalarValue, type DeviceTensor } from '../engine/session.ts';
import type { ConfiguredLoss } from '../losses/configuredLoss.ts';
import type { LossOutputs } from '../losses/loss.ts';
import type { ParameterGroups } from './parameterGroups.ts';
import type { StepFigures } from './step.ts';
import { stateKinds, stateName, type StateKind } from '../encoders/stateNames.ts';

/** Shared parts of the graphs of training steps. */

/** All parameters that a step can train: those of the encoder and of the loss. */
export function stepParameters(encoder: Parametrised, loss: ConfiguredLoss): Parametrised {
  return { parameters: [...encoder.parameters, ...loss.parameters] };
}

/** The trained parameters, in the order of the groups. */
export function trainedParameters({ parameters }: Parametrised, groups: ParameterGroups): ParameterSpecification[] {
  return parameters.filter(({ name }) => groups.has(name));
}

/** AdamW for the trained parameters, given their gradients: new values by `stateName`. */
export function appendUpdates(
  graph: Graph,
  encoder: Parametrised,
  groups: ParameterGroups,
  gradients: readonly Tensor[],
): { updates: Record<string, Tensor>; gradientNorm: Tensor } {
  const trained = trainedParameters(encoder, groups);
  const input = (kind: StateKind, { name, shape }: ParameterSpecification): Tensor =>
    graph.input(stateName(kind, name), 'float32', shape);
  const { updates, gradientNorm } = appendAdamw(
    graph,
    trained.map((each, i) => ({
      parameter: input('parameter', each),
      gradient: gradients[i]!,
      first: input('first', each),
      second: input('second', each),
      group: groups.get(each.name)!,
    })),
  );
  return {
    updates: Object.fromEntries(
      trained.flatMap(({ name }, i) => stateKinds.map((kind) => [stateName(kind, name), updates[i]![kind]])),
    ),
    gradientNorm,
  };
}

const metricPrefix = 'metric.';

/** The numbers of a loss as outputs of a model. */
export function lossFigures({ loss, metrics }: LossOutputs): Record<string, Tensor> {
  return {
    loss,
    ...Object.fromEntries(Object.entries(metrics).map(([name, tensor]) => [metricPrefix + name, tensor])),
  };
}

/** The values of these outputs after a run of the model; `known` are metrics that depend only on the batch. */
export function readFigures(
  outputs: Readonly<Record<string, DeviceTensor>>,
  known: Readonly<Record<string, number>>,
): StepFigures {
  const metrics = Object.entries(outputs).filter(([name]) => name.startsWith(metricPrefix));
  return {
    loss: scalarValue(outputs.loss!),
    gradientNorm: scalarValue(outputs.gradient_norm!),
    metrics: {
      ...known,
      ...Object.fromEntries(metrics.map(([name, value]) => [name.slice(metricPrefix.length), scalarValue(value)])),
    },
  };
}
