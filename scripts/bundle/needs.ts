import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Native files of the archive, relative to its folder. */
export interface NativeFiles {
  /** Files that LossLab needs to run. */
  readonly parts: readonly string[];
  /** The C++ library, for servers without one. */
  readonly compiler: readonly string[];
  /** The Vulkan loader. */
  readonly loader: readonly string[];
}

/** The requirements for a server, as text. */
export function describeNeeds(folder: string, { parts, compiler, loader }: NativeFiles): string {
  const asked = parts.map((part) => ({ part, ...libraryVersions(join(folder, part)) }));
  const glibcOf = (files: readonly string[]): string | null =>
    newest(files.map((file) => libraryVersions(join(folder, file)).glibc));
  return [
    'Requirements of this archive: Linux on x86-64, a shell, and',
    `- the C library glibc ${newest(asked.map(({ glibc }) => glibc))} or newer ("getconf GNU_LIBC_VERSION" prints the version):`,
    ...asked.map(({ part, glibc }) => `    ${glibc ?? 'any'} for ${part}`),
    `- the C++ library libstdc++ with GLIBCXX_${newest(asked.map(({ glibcxx }) => glibcxx))}, which systems with that glibc include;`,
    compiler.length === 0
      ? '  it is not in the archive.'
      : `  if it is missing, the one in lib/ is used, which needs glibc ${glibcOf(compiler)}.`,
    '- for WebGPU: a Vulkan driver of the GPU (README.md says how to find it);',
    loader.length === 0
      ? '  and the loader libvulkan.so.1, which is not in the archive.'
      : `  the loader libvulkan.so.1 is in the archive, and needs glibc ${glibcOf(loader)}.`,
    '',
  ].join('\n');
}

interface LibraryVersions {
  /** Version of the C library, such as `2.34`; null if none is required. */
  readonly glibc: string | null;
  /** Version of the C++ library's symbols, such as `3.4.29`. */
  readonly glibcxx: string | null;
}

/**
 * Reads them from a program or library: its table of strings contains every required version (`objdump -p` shows the
 * same).
 */
export function libraryVersions(file: string): LibraryVersions {
  const content = readFileSync(file, 'latin1');
  return {
    glibc: highest(content.matchAll(/\0GLIBC_(2\.\d+)/g)),
    glibcxx: highest(content.matchAll(/\0GLIBCXX_(3\.4\.\d+)/g)),
  };
}

export function isNative(file: string): boolean {
  return /(\.node|\.so(\.\d+)*|\/bin\/node)$/.test(file);
}

function highest(matches: Iterable<RegExpMatchArray>): string | null {
  return newest(Array.from(matches, ([, version]) => version!));
}

function newest(versions: readonly (string | null)[]): string | null {
  const known = versions.filter((version) => version !== null);
  return known.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? null;
}
