import { readFile } from 'node:fs/promises';
import type { CustomScheme } from 'electron';
import { securityHeaders } from '../server/headers.ts';
import { findScreen } from '../server/screens.ts';
import { appOrigin, isOwnPage } from './security.ts';

/** The screens as `app://losslab/…`: an origin of their own, which a `file:` page would not have. */

export const appScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};

export const startPage = `${appOrigin}/index.html`;

/** Answers a request for a file of the built screens in `root`, and no other. */
export async function answerScreen(root: string, request: Request): Promise<Response> {
  const screen =
    request.method === 'GET' && isOwnPage(request.url) ? findScreen(root, new URL(request.url).pathname) : null;
  if (screen === null)
    return new Response('There is nothing at this address.', { status: 404, headers: securityHeaders });
  const headers = { ...securityHeaders, 'Content-Type': screen.type, 'Cache-Control': screen.caching };
  return new Response(await readFile(screen.file), { headers });
}
