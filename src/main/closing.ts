import type { MessageBoxOptions, MessageBoxReturnValue } from 'electron';
import type { Settings } from '../shared/contract/contract.ts';

/** What closing the window leads to. `stay`: it was not meant. */
export type ClosingAction = 'close' | 'background' | 'stop' | 'stay';

export interface ClosingLab {
  busy(): boolean;
  settings(): Promise<Settings>;
  remember(onClose: Settings['onClose']): Promise<void>;
}

const answers = ['background', 'stop', 'stay'] as const;

export const closingQuestion: MessageBoxOptions = {
  type: 'question',
  title: 'LossLab is training',
  message: 'LossLab is training. Should it go on?',
  detail:
    'In the background it goes on without a window; starting LossLab again brings the window back. Stopping writes a checkpoint first, from which you can go on later.',
  buttons: ['Go on in the background', 'Stop and quit', 'Cancel'],
  defaultId: 0,
  cancelId: 2,
  checkboxLabel: 'Do this every time (can be changed in the settings)',
};

/** Asks where something is being trained and the settings leave it open. */
export async function decideClosing(
  lab: ClosingLab,
  ask: (question: MessageBoxOptions) => Promise<MessageBoxReturnValue>,
): Promise<ClosingAction> {
  if (!lab.busy()) return 'close';
  const { onClose } = await lab.settings();
  if (onClose !== 'ask') return onClose;
  const { response, checkboxChecked } = await ask(closingQuestion);
  const answer = answers[response] ?? 'stay';
  if (checkboxChecked && answer !== 'stay') await lab.remember(answer);
  return answer;
}
