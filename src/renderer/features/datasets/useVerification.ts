import { shallowRef } from 'vue';
import type { Verification } from '../../../shared/contract/encoders.ts';
import { describeFailure } from '../../rpc/client.ts';

/** A check of what is stored: going on, or what it found; empty where all is well. */
export type Checked = 'busy' | readonly string[];

/** Checks of stored things, by their name, since the screen was opened. */
export function useVerification(verify: (name: string) => Promise<Verification>) {
  const checks = shallowRef<ReadonlyMap<string, Checked>>(new Map());

  function set(name: string, checked: Checked): void {
    checks.value = new Map([...checks.value, [name, checked]]);
  }

  async function check(name: string): Promise<void> {
    set(name, 'busy');
    try {
      set(name, (await verify(name)).problems);
    } catch (error) {
      const { message, fix } = describeFailure(error);
      set(name, [`${message} ${fix}`.trim()]);
    }
  }

  return { checks, check };
}
