import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runJson } from './child.ts';
import { inTemporaryFolder } from '../harness/temporaryFolder.ts';

/**
 * PyTorch, if installed, for comparison with LossLab, in its best configuration. Debian's PyTorch uses any installed
 * BLAS. The reference BLAS is twenty times slower, so it is not a fair comparison.
 */
export interface Pytorch {
  readonly version: string;
  /** The library that multiplies matrices. */
  readonly blas: string;
  /** Rate of a product of 2048 × 768 and 768 × 3072. */
  readonly gigaflops: number;
  /** Runs a script of bench/pytorch, which reads its job from a file. */
  run<T>(script: string, job: object): Promise<T>;
}

interface Machine {
  readonly version: string;
  readonly blas: string;
  readonly reference: boolean;
  readonly gigaflops: number;
}

/** PyTorch, or the reason why it cannot be used. */
export async function findPytorch(): Promise<Pytorch | string> {
  const python = await pythonWithTorch();
  if (python === null) return 'this machine has no python3 with torch';
  const env = peerEnvironment();
  const start = <T>(script: string, ...args: readonly string[]): Promise<T> =>
    runJson(
      python,
      [
        fileURLToPath(new URL(`pytorch/${script}`, import.meta.url)),
        ...args,
        '--threads',
        String(availableParallelism()),
      ],
      { env },
    );
  const machine = await start<Machine>('machine.py');
  if (machine.reference)
    return `PyTorch runs on the reference BLAS here (${machine.blas}, ${machine.gigaflops.toFixed(0)} GFLOPS), which is not a fair comparison: install libopenblas0-pthread`;
  return {
    ...machine,
    run: (script, job) => inTemporaryFolder((folder) => start(script, written(join(folder, 'job.json'), job))),
  };
}

function written(file: string, job: object): string {
  writeFileSync(file, JSON.stringify(job));
  return file;
}

/** The description of PyTorch in the table. */
export function describePytorch({ version, blas, gigaflops }: Pytorch): string {
  return `PyTorch ${version}, ${blas}, ${gigaflops.toFixed(0)} GFLOPS`;
}

/**
 * Environment settings of OpenBLAS for other programs can restrict it to kernels of older processors. Spinning OpenMP
 * threads take processor time from OpenBLAS.
 */
function peerEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('OPENBLAS_'));
  return { ...Object.fromEntries(own), OMP_WAIT_POLICY: 'passive' };
}

async function pythonWithTorch(): Promise<string | null> {
  for (const python of ['python3', '/usr/bin/python3']) {
    if (
      await promisify(execFile)(python, ['-c', 'import torch']).then(
        () => true,
        () => false,
      )
    )
      return python;
  }
  return null;
}
