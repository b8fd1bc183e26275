import { addedKeys } from './addedKeys.ts';

export const splitMethod = addedKeys('$', { split_method: 'losslab' });
