import { expect, test, vi } from 'vitest';
import { closingQuestion, decideClosing, type ClosingLab } from '../../../src/main/closing.ts';
import type { Settings } from '../../../src/shared/contract/contract.ts';

function lab(busy: boolean, onClose: Settings['onClose']) {
  const remember = vi.fn(() => Promise.resolve());
  const lab: ClosingLab = { busy: () => busy, settings: () => Promise.resolve({ theme: 'system', onClose }), remember };
  return { lab, remember };
}

const answer = (response: number, checkboxChecked = false) =>
  vi.fn(() => Promise.resolve({ response, checkboxChecked }));
const [background, stop, cancel] = closingQuestion.buttons!.keys();

test('where nothing is being trained, nobody is asked', async () => {
  const ask = answer(0);
  expect(await decideClosing(lab(false, 'ask').lab, ask)).toBe('close');
  expect(ask).not.toHaveBeenCalled();
});

test.each(['background', 'stop'] as const)('the settings may say "%s" for good', async (onClose) => {
  const ask = answer(2);
  expect(await decideClosing(lab(true, onClose).lab, ask)).toBe(onClose);
  expect(ask).not.toHaveBeenCalled();
});

test.each([
  [background, 'background'],
  [stop, 'stop'],
  [cancel, 'stay'],
])('button %s means %s', async (response, action) => {
  expect(await decideClosing(lab(true, 'ask').lab, answer(response!))).toBe(action);
});

test('the answer is remembered when that is asked for, and cancelling never is', async () => {
  const { lab: asked, remember } = lab(true, 'ask');
  await decideClosing(asked, answer(background!));
  expect(remember).not.toHaveBeenCalled();
  await decideClosing(asked, answer(cancel!, true));
  expect(remember).not.toHaveBeenCalled();
  await decideClosing(asked, answer(stop!, true));
  expect(remember).toHaveBeenCalledWith('stop');
});

test('closing the question cancels', () => {
  expect(closingQuestion.cancelId).toBe(cancel);
});
