import fs from 'node:fs';
import path from 'node:path';

/** A file of the built screens, and what a browser has to know of it. */
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

/** The file that a URL's path stands for, or null: nothing outside `root`, no folders, no file of a type that screens do not have. */
export function findScreen(root: string, urlPath: string): ScreenFile | null {
  const relative = decodePath(urlPath === '/' ? '/index.html' : urlPath);
  if (relative === null) return null;
  const file = path.join(root, relative);
  const type = types[path.extname(file)];
  if (!file.startsWith(root + path.sep) || type === undefined) return null;
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
  // The build puts a hash of the content into the names of what is below assets/.
  const caching = relative.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  return { file, type, caching };
}

/** Null where it is no path that a browser would make: broken escapes, backslashes, drives, NUL. */
function decodePath(urlPath: string): string | null {
  try {
    const decoded = decodeURIComponent(urlPath);
    return /[\\:\0]|\/\.{1,2}(\/|$)/.test(decoded) ? null : decoded;
  } catch {
    return null;
  }
}
