import type { RequestMessage, ResponseMessage } from '../../shared/contract/messages.ts';

/** What carries messages between this screen and the lab, and may break. */
export interface Carrier {
  send(message: RequestMessage): void;
}

export interface CarrierEvents {
  opened(): void;
  received(message: ResponseMessage): void;
  /** Once, also where it never opened. */
  closed(): void;
}

/** Starts to connect; called again, with the same events, after each time it closed. */
export type OpenCarrier = (events: CarrierEvents) => Carrier;
