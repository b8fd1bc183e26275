import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/**
 * The kind of this machine's processor: its name and, on Linux, its vector instructions, because machines in a cloud
 * share names. ONNX Runtime chooses its kernels by these instructions, and other kernels add in another order: the
 * bits of what they compute are comparable between processors of one kind only.
 */
export function processorKind(): string {
  return [process.arch, cpus()[0]?.model ?? 'unknown', ...vectorInstructions()].join(' ');
}

function vectorInstructions(): string[] {
  if (process.platform !== 'linux') return [];
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  const vector = /^(?:sse4|avx|fma|f16c|amx|asimd|sve|bf16|i8mm)/;
  return flags
    .split(/\s+/)
    .filter((flag) => vector.test(flag))
    .toSorted();
}
