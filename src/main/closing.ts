import type { MessageBoxOptions, MessageBoxReturnValue } from 'electron';
import type { Settings } from '../shared/contract/contract.ts';

/** What happens when the window is closed. `stay`: the user cancelled. */
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
  message: 'LossLab is training. Should it continue?',
  detail:
    'Training can continue in the background without a window; start LossLab again to show the window. If you stop, LossLab writes a checkpoint first, and you can resume the run later.',
  buttons: ['Continue in the background', 'Stop and quit', 'Cancel'],
  defaultId: 0,
  cancelId: 2,
  checkboxLabel: 'Do this every time (can be changed in the settings)',
};

/** Asks the user during training, if the settings say so. */
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
