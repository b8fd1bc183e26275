import { requestMessage, type ResponseMessage } from '../shared/contract/messages.ts';
import { toFailure } from '../lab/work/failure.ts';
import type { LabService, ServiceConnection } from '../lab/service/service.ts';
import { safeParse } from '../shared/safeParse.ts';

/** The part of the lab service that carriers of messages need. */
export type ScreenService = Pick<LabService, 'connect'>;

/** Executes a call from a screen. Null if the message is not a call. */
export function answerCall(connection: ServiceConnection, message: unknown): Promise<ResponseMessage> | null {
  const request = safeParse(requestMessage, message);
  return request.success ? carryOut(connection, request.data) : null;
}

async function carryOut(
  connection: ServiceConnection,
  { id, method, input }: { id: number; method: string; input: unknown },
): Promise<ResponseMessage> {
  try {
    return { id, result: await connection.call(method, input) };
  } catch (error) {
    return { id, failure: toFailure(error) };
  }
}
