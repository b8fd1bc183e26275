import { launcher } from '../../src/cli/launcher.ts';
import { probeDevice } from '../../src/lab/engine/devices.ts';
import type { DeviceName } from '../../src/shared/device.ts';
import { chosen, readCommandLine, refuse } from '../harness/commandLine.ts';
import { parts } from './parts.ts';
import { runPart } from '../harness/runPart.ts';

/**
 * `npm run bench [-- PART … --device webgpu --short]`: LossLab's figures on this machine, each part in processes of its own,
 * as ratios side by side where there is something to be held against. Prints a table, and writes what was measured as JSON,
 * named after what it was measured on, where parts that were not measured keep their earlier figures. `--short` is what
 * the tests run: as little as makes sense, and nothing is kept.
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
  return refuse(`There is no device "${name}". Devices: cpu, webgpu.`);
}

/** Of the GPU that WebGPU takes; leaves with 2 where there is none that can be used. */
async function adapterName(): Promise<string> {
  const { name, problem } = await probeDevice('webgpu', launcher);
  return problem === null
    ? (name ?? 'webgpu')
    : refuse(`Nothing can be measured on webgpu: ${problem}. "losslab devices" shows what there is.`);
}

function fileName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
