import { compileModel } from '../../../src/lab/graph/compile.ts';
import { Graph } from '../../../src/lab/graph/graph.ts';
import { float32 } from '../../../src/lab/graph/hostTensor.ts';
import { matmul } from '../../../src/lab/graph/operators/matrix.ts';
import { Session } from '../../../src/lab/engine/session.ts';
import { DeviceTensors } from '../../../src/lab/training/deviceTensors.ts';
import type { DeviceName } from '../../../src/shared/device.ts';
import { median } from '../figures.ts';
import type { Product } from '../products.ts';

/**
 * Measures matrix products alone, with inputs and outputs on the device: prints the median seconds of each. The
 * argument is a BareJob.
 */
export interface BareJob {
  readonly products: readonly Product[];
  readonly device: DeviceName;
  /** Rounds, of which the median is used. */
  readonly rounds: number;
}

/** Duration of a round: long enough to measure, short for many products. */
const roundSeconds = 0.05;

const { products, device, rounds } = JSON.parse(process.argv[2]!) as BareJob;
const seconds: number[] = [];
for (const product of products) seconds.push(await timeProduct(product));
console.log(JSON.stringify(seconds));
process.exit(0);

async function timeProduct({ batch, rows, inner, columns }: Product): Promise<number> {
  const graph = new Graph();
  const dims = (first: number, second: number): number[] => (batch === 1 ? [first, second] : [batch, first, second]);
  const filled = (shape: readonly number[]) =>
    float32(new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5), shape);
  const [left, right] = [dims(rows, inner), dims(inner, columns)];
  const product = matmul(graph.input('left', 'float32', left), graph.input('right', 'float32', right));
  const session = await Session.create(compileModel({ product }), device, { keepOnDevice: ['product'] });
  const tensors = await DeviceTensors.create({ left: filled(left), right: filled(right), last: filled([1]) }, device);

  const timed = async (runs: number): Promise<number> => {
    const started = performance.now();
    for (let i = 0; i < runs; i++) (await session.run(tensors.all)).product!.dispose();
    // A GPU computes asynchronously: reading an output waits for the products.
    await tensors.read(['last']);
    return (performance.now() - started) / 1000 / runs;
  };
  // The first runs allocate memory and compile kernels.
  await timed(1);
  const runs = Math.max(1, Math.round(roundSeconds / (await timed(1))));
  const found: number[] = [];
  for (let i = 0; i < rounds; i++) found.push(await timed(runs));
  await tensors.dispose();
  await session.dispose();
  return median(found);
}
