import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectLab } from '../../../../src/renderer/rpc/connection.ts';
import type { CarrierEvents, OpenCarrier } from '../../../../src/renderer/rpc/carrier.ts';
import { LabFailure } from '../../../../src/renderer/rpc/failure.ts';
import type { RequestMessage } from '../../../../src/shared/contract/messages.ts';

/** Carriers as a test sees them: one for each attempt to connect. */
interface FakeCarrier {
  readonly events: CarrierEvents;
  readonly sent: RequestMessage[];
}

function fakeCarriers(): { carriers: FakeCarrier[]; open: OpenCarrier } {
  const carriers: FakeCarrier[] = [];
  const open: OpenCarrier = (events) => {
    const sent: RequestMessage[] = [];
    carriers.push({ events, sent });
    return { send: (message) => sent.push(message) };
  };
  return { carriers, open };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('answers find their calls in any order', async () => {
  const { carriers, open } = fakeCarriers();
  const lab = connectLab(open);
  carriers[0]!.events.opened();
  const first = lab.call('experiments.list', {});
  const second = lab.call('settings.get', {});
  const [{ id: firstId }, { id: secondId }] = carriers[0]!.sent as [RequestMessage, RequestMessage];
  carriers[0]!.events.received({ id: secondId, result: { theme: 'dark', onClose: 'ask' } });
  carriers[0]!.events.received({ id: firstId, result: [] });
  carriers[0]!.events.received({ id: 999, result: 'to nobody' });
  expect(await second).toEqual({ theme: 'dark', onClose: 'ask' });
  expect(await first).toEqual([]);
});

test('a call made before there is a connection waits for it', async () => {
  const { carriers, open } = fakeCarriers();
  const lab = connectLab(open);
  const answer = lab.call('experiments.list', {});
  expect(carriers[0]!.sent).toEqual([]);
  carriers[0]!.events.closed();
  await vi.advanceTimersByTimeAsync(100);
  carriers[1]!.events.opened();
  expect(carriers[1]!.sent).toMatchObject([{ method: 'experiments.list', input: {} }]);
  carriers[1]!.events.received({ id: carriers[1]!.sent[0]!.id, result: [] });
  expect(await answer).toEqual([]);
});

test('what the lab refuses is thrown with its code, its words and what to do', async () => {
  const { carriers, open } = fakeCarriers();
  const lab = connectLab(open);
  carriers[0]!.events.opened();
  const answer = lab.call('experiments.details', { id: 'gone' });
  carriers[0]!.events.received({
    id: carriers[0]!.sent[0]!.id,
    failure: { code: 'usage', message: 'There is no experiment "gone".', fix: 'Look at the list.' },
  });
  const failure = await answer.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(LabFailure);
  expect(failure).toMatchObject({ code: 'usage', message: 'There is no experiment "gone".', fix: 'Look at the list.' });
});

test('a call that was on its way when the connection broke fails, and is not sent again', async () => {
  const { carriers, open } = fakeCarriers();
  const lab = connectLab(open);
  carriers[0]!.events.opened();
  const failure = lab.call('experiments.delete', { id: 'a' }).catch((error: unknown) => error);
  carriers[0]!.events.closed();
  expect(lab.connected.value).toBe(false);
  expect(await failure).toMatchObject({ code: 'connection' });
  await vi.advanceTimersByTimeAsync(100);
  carriers[1]!.events.opened();
  expect(lab.connected.value).toBe(true);
  expect(carriers[1]!.sent).toEqual([]);
});

test('it tries again and again, ever more slowly, and soon after a connection that had been there', async () => {
  const { carriers, open } = fakeCarriers();
  connectLab(open);
  for (const [attempt, delay] of [100, 250, 500, 1000, 2000, 4000, 4000].entries()) {
    carriers.at(-1)!.events.closed();
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(carriers).toHaveLength(attempt + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(carriers).toHaveLength(attempt + 2);
  }
  carriers.at(-1)!.events.opened();
  carriers.at(-1)!.events.closed();
  await vi.advanceTimersByTimeAsync(100);
  expect(carriers).toHaveLength(9);
});

test('listeners hear of notifications and of every connection but the first, until they stop listening', async () => {
  const { carriers, open } = fakeCarriers();
  const lab = connectLab(open);
  const heard: string[] = [];
  const stop = lab.onNotification(({ type }) => heard.push(type));
  lab.onReconnect(() => heard.push('again'));
  carriers[0]!.events.opened();
  carriers[0]!.events.received({ notification: { type: 'datasets' } });
  expect(heard).toEqual(['datasets']);
  carriers[0]!.events.closed();
  await vi.advanceTimersByTimeAsync(100);
  carriers[1]!.events.opened();
  stop();
  carriers[1]!.events.received({ notification: { type: 'experiments' } });
  expect(heard).toEqual(['datasets', 'again']);
});
