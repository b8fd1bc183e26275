import { defineStore } from 'pinia';
import { ref } from 'vue';
import { describeFailure } from '../rpc/failure.ts';

export interface ToastOptions {
  readonly text: string;
  /** A button beside the text, such as Undo. */
  readonly action?: { readonly label: string; readonly run: () => unknown };
  readonly tone?: 'neutral' | 'bad';
}

export interface Toast extends ToastOptions {
  readonly id: number;
}

/** Long enough to read and to reach the button. */
const shownFor = 10_000;

/** Short messages at the edge of the screen. Those of failures stay until they are closed. */
export const useToasts = defineStore('toasts', () => {
  const toasts = ref<Toast[]>([]);
  let lastId = 0;

  /** Answers with its id, for those who take it back when it is out of date. */
  function show(options: ToastOptions): number {
    const toast: Toast = { ...options, id: ++lastId };
    toasts.value.push(toast);
    if (toast.tone !== 'bad') setTimeout(() => close(toast.id), shownFor);
    return toast.id;
  }

  function close(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }

  /** The same failure is shown once, however often it happens. */
  function showFailure(error: unknown): void {
    const { message, fix } = describeFailure(error);
    const text = fix ? `${message}\n${fix}` : message;
    if (!toasts.value.some((toast) => toast.text === text)) show({ text, tone: 'bad' });
  }

  return { toasts, show, showFailure, close };
});
