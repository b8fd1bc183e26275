import type { z } from 'zod';
import type { Contract, MethodName, Notification, Output } from '../../shared/contract/contract.ts';
import type { Home } from '../files/home.ts';
import type { Store } from '../store/runStore.ts';
import type { JobOwner, Waiter } from './jobs/request.ts';
import type { WorkerLauncher } from '../work/workers.ts';

/** Shared by the parts of the lab service. */
export interface ServiceContext {
  readonly home: Home;
  readonly store: Store;
  readonly launcher: WorkerLauncher;
  readonly jobs: JobOwner;
  /** Notifies every screen. */
  notify(notification: Notification): void;
}

/** The screen that calls a method. */
export interface Connection extends Waiter {
  /** Notifies only this screen. */
  notify(notification: Notification): void;
}

/** Called with input that the contract has checked. Throws a LabError for problems that users can fix. */
export type Implementation<M extends MethodName> = (
  input: z.output<Contract[M]['input']>,
  connection: Connection,
) => Output<M> | Promise<Output<M>>;

export type Implementations<M extends MethodName = MethodName> = { readonly [K in M]: Implementation<K> };
