import { expect, test } from 'vitest';
import { adapterOf } from '../../../../src/lab/engine/devices.ts';

/** What the Vulkan loader writes with VK_LOADER_DEBUG=driver. */
const using = (name: string, driver: string): string =>
  `[Vulkan Loader] DRIVER: Using "${name}" with driver: "${driver}"\n`;

test.each([
  [
    'a graphics card',
    using('NVIDIA GeForce RTX 4070', 'libGLX_nvidia.so.0'),
    { name: 'NVIDIA GeForce RTX 4070', software: false },
  ],
  [
    'SwiftShader',
    using('SwiftShader Device (Subzero)', '/usr/lib/chromium/libvk_swiftshader.so'),
    { name: 'SwiftShader Device (Subzero)', software: true },
  ],
  [
    'llvmpipe',
    using('llvmpipe (LLVM 15.0.6, 256 bits)', '/usr/lib/x86_64-linux-gnu/libvulkan_lvp.so'),
    { name: 'llvmpipe (LLVM 15.0.6, 256 bits)', software: true },
  ],
  [
    'a software driver under another name',
    using('Some Device', '/opt/libvk_swiftshader.so'),
    { name: 'Some Device', software: true },
  ],
  [
    'the last of several',
    using('llvmpipe', 'libvulkan_lvp.so') +
      'Warning: something\n' +
      using('AMD Radeon RX 7600 (RADV NAVI33)', 'libvulkan_radeon.so'),
    { name: 'AMD Radeon RX 7600 (RADV NAVI33)', software: false },
  ],
  [
    'lines of other kinds only',
    'DRIVER: Found ICD manifest file lvp_icd.json\nWarning: vkCreateInstance: Found no drivers!\n',
    { name: null, software: false },
  ],
  ['nothing', '', { name: null, software: false }],
])('the adapter in the log of %s', (_, log, adapter) => {
  expect(adapterOf(log)).toEqual(adapter);
});
