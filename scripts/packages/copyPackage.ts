import { join, relative, sep } from 'node:path';
import { copyFiles, filesBelow } from './files.ts';
import type { Package } from './packages.ts';
import { project } from './project.ts';

/** Copies a package to its place in another project, without nested packages, which are copied separately. */
export function copyPackage({ folder }: Package, to: string, isLeftOut: (file: string) => boolean): void {
  const from = join(project, folder);
  const path = (file: string): string => relative(join(project, 'node_modules'), join(from, file)).replaceAll(sep, '/');
  const files = filesBelow(from).filter((file) => !file.startsWith(`node_modules${sep}`) && !isLeftOut(path(file)));
  copyFiles(from, files, join(to, folder));
}
