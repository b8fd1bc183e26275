import { launcher } from '../../src/cli/launcher.ts';
import { probeDevice } from '../../src/lab/engine/devices.ts';
import type { DeviceName } from '../../src/shared/device.ts';
import { chosen, readCommandLine, refuse } from '../harness/commandLine.ts';
import { parts } from './parts.ts';
import { runPart } from '../harness/runPart.ts';

/**
 * `npm run bench [-- PART … --device webgpu --short]`: measures LossLab on this machine, each part in separate
 * processes, with ratios to PyTorch where possible. Prints a table and writes the figures to a JSON file named after
 * the device; parts that were not measured keep their earlier figures. `--short` is for tests: it does the smallest
 * useful amount and keeps no figures.
 */
const { values, positionals } = readCommandLine('npm run bench [-- PART … --device webgpu --short]', {
  device: { type: 'string', default: 'cpu' },
  short: { type: 'boolean', default: false },
});
const device = deviceOf(values.device);
const scale = values.short ? 'short' : 'long';
const names = Object.keys(parts).filter(
  (name) => parts[name]!.devices.includes(device) && (scale === 'long' || parts[name]!.short),
);
const adapter = device === 'cpu' ? 'cpu' : await adapterName();
for (const name of chosen('part', positionals, names)) {
  await runPart(
    name,
    parts[name]!,
    { scale, device },
    {
      headings: ['Figure', 'Found', 'Goal', 'Reached'],
      cells: ({ what, found, goal, reached }) => [what, found, goal, reached === null ? '' : reached ? 'yes' : 'no'],
      rows: 'figures',
      file: scale === 'long' ? fileName(adapter) : null,
      order: Object.keys(parts),
      also: { adapter },
    },
  );
}

function deviceOf(name: string): DeviceName {
  if (name === 'cpu' || name === 'webgpu') return name;
  return refuse(`"${name}" is not a device. Devices: cpu, webgpu.`);
}

/** Name of WebGPU's GPU. Exits with 2 if there is no usable one. */
async function adapterName(): Promise<string> {
  const { name, problem } = await probeDevice('webgpu', launcher);
  return problem === null
    ? (name ?? 'webgpu')
    : refuse(`webgpu cannot be measured: ${problem}. "losslab devices" lists the devices.`);
}

function fileName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
