import { Command } from 'commander';
import { availableParallelism } from 'node:os';
import type { DeviceReport } from '../../shared/device.ts';
import { formatDecimal, formatFigure } from '../../shared/format.ts';
import { chooseDevice, probeDevice } from '../../lab/engine/devices.ts';
import { launcher } from '../launcher.ts';
import { print, type CommonOptions } from '../output.ts';

export function devicesCommand(): Command {
  return new Command('devices')
    .description('Show each device, the result of its self-test, and its speed.')
    .action(async (options: CommonOptions) => {
      const reports = [await probeDevice('cpu', launcher), await probeDevice('webgpu', launcher)];
      const chosen = await chooseDevice('auto', launcher);
      print(options, { devices: reports, auto: chosen }, () =>
        [...reports.map(describe), `auto    uses ${chosen.device}: ${chosen.reason}`].join('\n'),
      );
    });
}

function describe({ device, name, software, selfTest, problem }: DeviceReport): string {
  const what = `${name ?? 'unknown adapter'}${device === 'cpu' ? `, ${availableParallelism()} threads` : ''}${software ? ' (software)' : ''}`;
  if (problem !== null) return `${device.padEnd(7)} ${name === null ? '' : `${what}: `}cannot be used: ${problem}`;
  return `${device.padEnd(7)} ${what}: self-test passed (error ${formatFigure(selfTest!.error)}), ${formatDecimal(selfTest!.gflops, 1)} GFLOPS in a matrix product`;
}
