import { afterEach, describe, expect, test, vi } from 'vitest';
import { launcher } from '../../src/cli/launcher.ts';
import { chooseDevice, probeDevice } from '../../src/lab/engine/devices.ts';
import { selfTestTolerance } from '../../src/lab/engine/selfTest.ts';
import { missingAdapter, softwareAdapter } from '../helpers/softwareAdapter.ts';

/** Probes run in processes of their own, which take their environment from this one. */
afterEach(() => vi.unstubAllEnvs());

function withEnvironment(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
}

const withoutDriver = { VK_ICD_FILENAMES: '/nowhere/driver.json', VK_DRIVER_FILES: '/nowhere/driver.json' };

test('the CPU has a name, passes its self-test and says how fast it is', async () => {
  const report = await probeDevice('cpu', launcher);
  expect(report).toMatchObject({ device: 'cpu', software: false, problem: null });
  expect(report.selfTest!.gflops).toBeGreaterThan(0.1);
  expect(report.selfTest!.error).toBe(0);
});

test('the CPU is taken as asked for, without a trial', async () => {
  expect(await chooseDevice('cpu', launcher)).toEqual({ device: 'cpu', reason: 'asked for' });
});

describe.runIf(process.platform === 'linux')('without a graphics driver', () => {
  test('webgpu is reported with its problem', async () => {
    withEnvironment(withoutDriver);
    expect(await probeDevice('webgpu', launcher)).toEqual({
      device: 'webgpu',
      name: null,
      software: false,
      selfTest: null,
      problem: expect.stringContaining('WebGPU found no graphics driver') as string,
    });
  });

  test('asking for webgpu is an error that says what to do', async () => {
    withEnvironment(withoutDriver);
    await expect(chooseDevice('webgpu', launcher)).rejects.toMatchObject({
      name: 'LabError',
      code: 'device',
      message: expect.stringContaining(
        'The device "webgpu" cannot be used on this machine: WebGPU found no graphics driver',
      ) as string,
      fix: expect.stringContaining('Set device to "cpu"') as string,
    });
  });

  test('auto takes the CPU and says why', async () => {
    withEnvironment(withoutDriver);
    expect(await chooseDevice('auto', launcher)).toEqual({
      device: 'cpu',
      reason: expect.stringContaining('no usable GPU: WebGPU found no graphics driver') as string,
    });
  });
});

describe.skipIf(missingAdapter !== null)(
  `with a software adapter${missingAdapter === null ? '' : `: skipped, ${missingAdapter}`}`,
  () => {
    test('it is reported by name, as software, with a passed self-test', async () => {
      withEnvironment(softwareAdapter);
      const report = await probeDevice('webgpu', launcher);
      expect(report).toMatchObject({
        device: 'webgpu',
        name: expect.stringContaining('SwiftShader') as string,
        software: true,
        problem: null,
      });
      expect(report.selfTest!.error).toBeLessThan(selfTestTolerance);
    });

    test('auto takes the CPU and says why', async () => {
      withEnvironment(softwareAdapter);
      expect(await chooseDevice('auto', launcher)).toEqual({
        device: 'cpu',
        reason: expect.stringMatching(/SwiftShader.* is a software adapter/) as string,
      });
    });

    test('asked for, it is used, and named', async () => {
      withEnvironment(softwareAdapter);
      expect(await chooseDevice('webgpu', launcher)).toEqual({
        device: 'webgpu',
        reason: expect.stringMatching(/^asked for: .*SwiftShader/) as string,
      });
    });
  },
);
