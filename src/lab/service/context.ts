import type { z } from 'zod';
import type { Contract, MethodName, Notification, Output } from '../../shared/contract/contract.ts';
import type { Home } from '../files/home.ts';
import type { Store } from '../store/runStore.ts';
import type { JobOwner, Waiter } from './jobs/request.ts';
import type { WorkerLauncher } from '../work/workers.ts';

/** What the parts of the lab service share. */
export interface ServiceContext {
  readonly home: Home;
  readonly store: Store;
  readonly launcher: WorkerLauncher;
  readonly jobs: JobOwner;
  /** To every screen. */
  notify(notification: Notification): void;
}

/** One screen, as the methods that it calls see it. */
export interface Connection extends Waiter {
  /** To this screen only. */
  notify(notification: Notification): void;
}

/** Called with an input that the contract has checked. Throws a LabError for whatever people can mend. */
export type Implementation<M extends MethodName> = (
  input: z.output<Contract[M]['input']>,
  connection: Connection,
) => Output<M> | Promise<Output<M>>;

export type Implementations<M extends MethodName = MethodName> = { readonly [K in M]: Implementation<K> };
