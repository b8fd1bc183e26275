import { readFile } from 'node:fs/promises';
import type { CustomScheme } from 'electron';
import { securityHeaders } from '../server/headers.ts';
import { findScreen } from '../server/screens.ts';
import { appOrigin, isOwnPage } from './security.ts';

/** The screens as `app://losslab/…`: this gives them their own origin, which a `file:` page does not have. */

export const appScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};

export const startPage = `${appOrigin}/index.html`;

/** Answers requests for files of the built screens in `root`; refuses all others. */
export async function answerScreen(root: string, request: Request): Promise<Response> {
  const screen =
    request.method === 'GET' && isOwnPage(request.url) ? findScreen(root, new URL(request.url).pathname) : null;
  if (screen === null) return new Response('This page does not exist.', { status: 404, headers: securityHeaders });
  const headers = { ...securityHeaders, 'Content-Type': screen.type, 'Cache-Control': screen.caching };
  return new Response(await readFile(screen.file), { headers });
}
