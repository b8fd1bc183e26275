import fs from 'node:fs';
import path from 'node:path';

/** A file of the built screens, with its headers. */
export interface ScreenFile {
  readonly file: string;
  readonly type: string;
  readonly caching: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/**
 * The file of a URL's path, or null if it is outside `root`, is a folder, or has a type that the screens do not use.
 */
export function findScreen(root: string, urlPath: string): ScreenFile | null {
  const relative = decodePath(urlPath === '/' ? '/index.html' : urlPath);
  if (relative === null) return null;
  const file = path.join(root, relative);
  const type = types[path.extname(file)];
  if (!file.startsWith(root + path.sep) || type === undefined) return null;
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
  // The build puts a hash of the content into the names of files below assets/.
  const caching = relative.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  return { file, type, caching };
}

/** Null for paths that no browser sends: broken escapes, backslashes, drives, NUL. */
function decodePath(urlPath: string): string | null {
  try {
    const decoded = decodeURIComponent(urlPath);
    return /[\\:\0]|\/\.{1,2}(\/|$)/.test(decoded) ? null : decoded;
  } catch {
    return null;
  }
}
