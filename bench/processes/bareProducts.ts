import { compileModel } from '../../src/lab/graph/compile.ts';
import { Graph } from '../../src/lab/graph/graph.ts';
import { float32 } from '../../src/lab/graph/hostTensor.ts';
import { matmul } from '../../src/lab/graph/operators/matrix.ts';
import { Session } from '../../src/lab/graph/session.ts';
import type { DeviceName } from '../../src/shared/device.ts';
import { median } from '../figures.ts';
import type { Product } from '../products.ts';

/** How long products take with nothing around them: prints the median seconds of each. The argument is a BareJob. */
export interface BareJob {
  readonly products: readonly Product[];
  readonly device: DeviceName;
}

const repetitions = 7;
/** Of one product, over all its repetitions. */
const enoughSeconds = 0.3;

const { products, device } = JSON.parse(process.argv[2]!) as BareJob;
const seconds: number[] = [];
for (const product of products) seconds.push(await timeProduct(product));
console.log(JSON.stringify(seconds));
process.exit(0);

async function timeProduct({ batch, rows, inner, columns }: Product): Promise<number> {
  const graph = new Graph();
  const dims = { left: [batch, rows, inner], right: [batch, inner, columns] };
  const flat = (shape: readonly number[]): readonly number[] => (batch === 1 ? shape.slice(1) : shape);
  const product = matmul(graph.input('left', 'float32', flat(dims.left)), graph.input('right', 'float32', flat(dims.right)));
  const session = await Session.create(compileModel({ product }), device);
  const feeds = Object.fromEntries(Object.entries(dims).map(([name, shape]) => [name, float32(new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5), flat(shape))]));
  const found: number[] = [];
  for (let i = 0, total = 0; i <= repetitions && total < enoughSeconds * (1 + 1 / repetitions); i++) {
    const started = performance.now();
    await session.run(feeds);
    const took = (performance.now() - started) / 1000;
    // In the first run memory is being allocated.
    if (i > 0) found.push(took);
    if (i > 0) total += took;
  }
  await session.dispose();
  return median(found);
}
