import { expect, test } from 'vitest';
import { HealthWatch } from '../../../../src/lab/health/healthWatch.ts';
import { findingsOf } from '../../../../src/lab/diagnostics/runDiagnostics.ts';
import type { Store } from '../../../../src/lab/store/runStore.ts';
import type { TrainerEvent } from '../../../../src/shared/events.ts';
import { createRun, startedEvent, stepEvent, temporaryStore } from '../../../helpers/syntheticStore.ts';

const stuck = { loss: 0.2, metrics: { avg_pos_sim: 0.999, avg_neg_sim: 0.999 } };

function tripletRun(store: Store): string {
  const { id } = createRun(store, { loss_type: 'triplet', margin: 0.2 });
  store.claim(id);
  return id;
}

/** Records events and what the watch makes of them, as the owner of a run does. */
function follow(store: Store, id: string, events: readonly TrainerEvent[]): void {
  const watch = new HealthWatch(store, store.getRun(id));
  for (const event of events) store.record(id, event, ...watch.observe(event));
}

const steps = (id: string, from: number, to: number): TrainerEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => stepEvent(id, from + i, stuck));

test('a finding is an event of the history, once', () => {
  const store = temporaryStore();
  const id = tripletRun(store);
  follow(store, id, [startedEvent(id), ...steps(id, 1, 70)]);
  expect(findingsOf(store, id)).toMatchObject([{ kind: 'stuck_at_margin', step: 30 }]);
});

test('a run that is resumed is judged by what it did before its checkpoint, too', () => {
  const store = temporaryStore();
  const id = tripletRun(store);
  follow(store, id, [startedEvent(id), ...steps(id, 1, 25)]);
  follow(store, id, [startedEvent(id, { resumed_at: 20 }), ...steps(id, 21, 40)]);
  expect(findingsOf(store, id)).toMatchObject([{ kind: 'stuck_at_margin', step: 30 }]);
});

test('a finding after the checkpoint is forgotten with the steps it is about, and may come again', () => {
  const store = temporaryStore();
  const id = tripletRun(store);
  follow(store, id, [startedEvent(id), ...steps(id, 1, 35)]);
  store.record(id, startedEvent(id, { resumed_at: 20 }));
  expect(findingsOf(store, id)).toEqual([]);
  follow(store, id, [startedEvent(id, { resumed_at: 20 }), ...steps(id, 21, 35)]);
  expect(findingsOf(store, id)).toMatchObject([{ step: 30 }]);
});

test('a finding before the checkpoint stays the only one of its kind', () => {
  const store = temporaryStore();
  const id = tripletRun(store);
  follow(store, id, [startedEvent(id), ...steps(id, 1, 45)]);
  follow(store, id, [startedEvent(id, { resumed_at: 40 }), ...steps(id, 41, 90)]);
  expect(findingsOf(store, id).map(({ step }) => step)).toEqual([30]);
});
