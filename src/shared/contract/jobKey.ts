import { contract, type Input } from './contract.ts';
import type { JobMethod } from './jobs.ts';

/** What a job is known by, to the lab and to every screen: its method and what it is asked, read as the contract says. */
export function jobKey<M extends JobMethod>(method: M, input: Input<M>): string {
  const read = contract[method].input.safeParse(input);
  return `${method} ${JSON.stringify(read.success ? read.data : input)}`;
}
