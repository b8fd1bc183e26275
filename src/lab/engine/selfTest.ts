import type { DeviceName, SelfTest } from '../../shared/device.ts';
import { compileModel } from '../graph/compile.ts';
import { gradients } from '../graph/gradient.ts';
import { Graph } from '../graph/graph.ts';
import { float32, int32 } from '../graph/hostTensor.ts';
import { gelu, square } from '../graph/operators/elementwise.ts';
import { gatherRows } from '../graph/operators/indexing.ts';
import { gemm } from '../graph/operators/matrix.ts';
import { softmax } from '../graph/operators/normalisation.ts';
import { meanAll } from '../graph/operators/reduction.ts';
import { Session, scalarValue, type DeviceTensor } from './session.ts';

/** Allowed difference between devices: they round in a different order. */
export const selfTestTolerance = 1e-4;

/**
 * Computes a loss and its gradients on a device and on the CPU, and times a product. Throws if the device cannot
 * compute them.
 */
export async function runSelfTest(device: DeviceName): Promise<SelfTest> {
  const found = await smallGradients(device);
  const expected = device === 'cpu' ? found : await smallGradients('cpu');
  const scale = Math.max(...expected.map(Math.abs));
  const error = Math.max(...found.map((value, i) => Math.abs(value - expected[i]!))) / scale;
  return { error, gflops: await productSpeed(device) };
}

/**
 * One small example of everything that training uses: rows by index, products, GELU, softmax, sums, and their
 * gradients.
 */
async function smallGradients(device: DeviceName): Promise<number[]> {
  const graph = new Graph();
  const table = graph.input('table', 'float32', [7, 16]);
  const weight = graph.input('weight', 'float32', [16, 16]);
  const rows = gatherRows(table, graph.input('rows', 'int32', ['n']));
  const loss = meanAll(square(softmax(gemm(gelu(gemm(rows, weight)), weight, { transposeB: true }))));
  const [tableGradient, weightGradient] = gradients(loss, [table, weight]);
  const session = await Session.create(
    compileModel({ loss, d_table: tableGradient!, d_weight: weightGradient! }),
    device,
  );
  const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7));
  const outputs = await session.run({
    table: float32(wave(7 * 16), [7, 16]),
    weight: float32(wave(16 * 16), [16, 16]),
    rows: int32(Int32Array.of(0, 3, 3, 6, 1, 3), [6]),
  });
  await session.dispose();
  return [
    scalarValue(outputs.loss!),
    ...(outputs.d_table!.data as Float32Array),
    ...(outputs.d_weight!.data as Float32Array),
  ];
}

/** A product that is too small to fill a GPU comes first: a software adapter takes minutes for the large one. */
async function productSpeed(device: DeviceName): Promise<number> {
  const [small, large] = [256, 1024];
  const seconds = await productSeconds(device, small);
  if (seconds > 0.05) return gflops(small, seconds);
  return gflops(large, await productSeconds(device, large));
}

function gflops(size: number, seconds: number): number {
  return (2 * size ** 3) / seconds / 1e9;
}

async function productSeconds(device: DeviceName, size: number): Promise<number> {
  const graph = new Graph();
  const a = graph.input('a', 'float32', [size, size]);
  const total = meanAll(gemm(a, a));
  const session = await Session.create(compileModel({ total }), device);
  const feed = { a: float32(new Float32Array(size * size).fill(0.5), [size, size]) };
  const run = (): Promise<Record<string, DeviceTensor>> => session.run(feed);
  await run();
  const started = performance.now();
  const repeats = 3;
  for (let i = 0; i < repeats; i++) await run();
  const seconds = (performance.now() - started) / 1000 / repeats;
  await session.dispose();
  return seconds;
}
