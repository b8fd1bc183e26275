import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { effectScope } from 'vue';
import { useFrame } from '../../../../src/renderer/charts/frame.ts';

const frames: (() => void)[] = [];
const nextFrame = () => frames.splice(0).forEach((frame) => frame());
let now = 0;

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('asked several times, it is done once, in the next frame', () => {
  let done = 0;
  const scope = effectScope();
  const ask = scope.run(() => useFrame(() => done++))!;
  ask();
  ask();
  expect(done).toBe(0);
  nextFrame();
  nextFrame();
  expect(done).toBe(1);
  scope.stop();
});

test('what does not fit into a frame is done in the next, in order', () => {
  const done: string[] = [];
  const scope = effectScope();
  const asks = scope.run(() =>
    ['a', 'b', 'c'].map((name) =>
      useFrame(() => {
        done.push(name);
        now += 4;
      }),
    ),
  )!;
  for (const ask of asks) ask();
  nextFrame();
  expect(done).toEqual(['a', 'b']);
  nextFrame();
  expect(done).toEqual(['a', 'b', 'c']);
  scope.stop();
});

test('what has gone from the screen is not drawn any more', () => {
  let done = 0;
  const scope = effectScope();
  const ask = scope.run(() => useFrame(() => done++))!;
  ask();
  scope.stop();
  nextFrame();
  expect(done).toBe(0);
});
