import { expect } from 'vitest';
import { openScreen, type TestScreen } from './serverClient.ts';

/** What a packed LossLab serves at the address that `losslab serve` prints, whatever it was packed into. */

/** The page with its script, and the processes that only screens start: inspector and map, of a run on the sample. */
export async function expectScreens(address: string, run: string): Promise<TestScreen> {
  const { origin, port, searchParams } = new URL(address);
  const cookie = `losslab-${port}=${searchParams.get('token')!}`;
  const page = await (await fetch(origin, { headers: { Cookie: cookie } })).text();
  const script = /src="\.?(\/assets\/[^"]+\.js)"/.exec(page)![1]!;
  expect((await fetch(`${origin}${script}`, { headers: { Cookie: cookie } })).status).toBe(200);
  const screen = await openScreen({ port: Number(port), cookie, origin });
  if (typeof screen === 'number') throw new Error(`refused with status ${screen}`);
  const query = { runs: [run], baselines: ['bm25'], corpus: 'test', top: 3, text: 'learning rate' };
  expect(await answer(screen, 'inspector.query', query)).toMatchObject({ result: { corpus: 'test' } });
  expect(await answer(screen, 'map.make', { runs: [run] })).toMatchObject({ result: { dataset: 'sample' } });
  return screen;
}

/** Of a call, past what is reported on the way. */
export async function answer(screen: TestScreen, method: string, input: unknown): Promise<unknown> {
  screen.call(method, input);
  for (;;) {
    const message = (await screen.next()) as object;
    if ('result' in message || 'error' in message) return message;
  }
}
