import { elementsOf, type ParameterLayer, type ParameterSpecification } from './encoder.ts';

/** Parameters and their usual random initial values. */

export type UnplacedParameter = Omit<ParameterSpecification, 'layer'>;

export function inLayer(layer: ParameterLayer, parameters: readonly UnplacedParameter[]): ParameterSpecification[] {
  return parameters.map((parameter) => ({ ...parameter, layer }));
}

export function normal(name: string, shape: readonly number[], deviation: number): UnplacedParameter {
  return { name, shape, initial: (random) => filled(shape, () => deviation * random.normal()) };
}

export function constant(name: string, shape: readonly number[], value: number): UnplacedParameter {
  return { name, shape, initial: () => new Float32Array(elementsOf(shape)).fill(value) };
}

export function given(name: string, shape: readonly number[], values: Float32Array): UnplacedParameter {
  return { name, shape, initial: () => values.slice() };
}

/** Weight and bias of a layer, [outputs, inputs] and [outputs], initialised as in BERT: normal and zero. */
export function linear(name: string, outputs: number, inputs: number, deviation = 0.02): UnplacedParameter[] {
  return [normal(`${name}.weight`, [outputs, inputs], deviation), constant(`${name}.bias`, [outputs], 0)];
}

/** Weight and bias, initialised as PyTorch's `nn.Linear`: uniform within ±1/√inputs. */
export function uniformLinear(name: string, outputs: number, inputs: number): UnplacedParameter[] {
  const bound = 1 / Math.sqrt(inputs);
  const uniform = (suffix: string, shape: number[]): UnplacedParameter => ({
    name: `${name}.${suffix}`,
    shape,
    initial: (random) => filled(shape, () => bound * (2 * random.next() - 1)),
  });
  return [uniform('weight', [outputs, inputs]), uniform('bias', [outputs])];
}

export function layerNorm(name: string, length: number): UnplacedParameter[] {
  return [constant(`${name}.weight`, [length], 1), constant(`${name}.bias`, [length], 0)];
}

/** A plain loop: `Float32Array.from` is several times slower, which matters for 66 million numbers. */
function filled(shape: readonly number[], draw: () => number): Float32Array {
  const values = new Float32Array(elementsOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}
