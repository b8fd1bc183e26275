import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A library of this machine's system for the archive, with its licence. */
export interface SystemLibrary {
  readonly file: string;
  readonly licence: readonly string[];
}

const debian = '/usr/lib/x86_64-linux-gnu';
const gpl = '/usr/share/common-licenses/GPL-3';

/** Packages of Debian or Ubuntu that contain it, in order of preference. */
const places: Readonly<Record<string, readonly SystemLibrary[]>> = {
  'libstdc++.so.6': [{ file: join(debian, 'libstdc++.so.6'), licence: ['/usr/share/doc/libstdc++6/copyright', gpl] }],
  'libgcc_s.so.1': [{ file: join(debian, 'libgcc_s.so.1'), licence: ['/usr/share/doc/libgcc-s1/copyright', gpl] }],
  'libvulkan.so.1': [
    { file: join(debian, 'libvulkan.so.1'), licence: ['/usr/share/doc/libvulkan1/copyright'] },
    { file: '/usr/lib/chromium/libvulkan.so.1', licence: ['/usr/share/doc/chromium-common/copyright'] },
  ],
};

/** For servers without a C++ library. */
export const compilerLibraries = ['libstdc++.so.6', 'libgcc_s.so.1'];
/** Finds the graphics driver for WebGPU. */
export const vulkanLoader = 'libvulkan.so.1';

/** Null if this machine has none with a licence file. */
export function systemLibrary(name: string): SystemLibrary | null {
  return places[name]!.find(({ file, licence }) => [file, ...licence].every((each) => existsSync(each))) ?? null;
}
