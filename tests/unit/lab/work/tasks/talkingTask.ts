import { defineTask, type Talk } from '../../../../../src/lab/work/task.ts';

export interface NumbersTalk extends Talk {
  readonly setup: undefined;
  readonly event: number;
  readonly order: 'go' | 'stop';
}

/** Emits numbers up to `count`, waits until the owner has taken them in, and emits one more on every order until it is to stop. */
export const talkingTask = defineTask<{ readonly count: number }, string[], NumbersTalk>({
  module: import.meta.url,
  what: 'The talk',
  fix: '',
  async run({ count }, { emit, confirmed, onOrder }) {
    for (let number = 1; number <= count; number++) emit(number);
    await confirmed();
    const orders: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    onOrder((order) => {
      orders.push(order);
      if (order === 'stop') return resolve();
      emit(++count);
    });
    await promise;
    return orders;
  },
});
