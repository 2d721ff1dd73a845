/** Calls of the contract, and how they fail. */

import type { Message } from './codec.js';

/** A call: its path, what it takes, what it gives. */
export interface Rpc<I extends object, O extends object> {
  readonly path: string;
  readonly input: Message<I>;
  readonly output: Message<O>;
}

/** A call from its parts. */
export function rpc<I extends object, O extends object>(
  path: string,
  input: Message<I>,
  output: Message<O>,
): Rpc<I, O> {
  return { path, input, output };
}

/** The codes of gRPC. */
export const Code = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** A call that the server, or something on the way to it, has refused. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  /** `grpc-status-details-bin`; empty where nothing was said. */
  readonly details: Uint8Array;
  /** Under which the server's log has more. */
  readonly requestId: string | undefined;

  constructor(code: number, message: string, details = new Uint8Array(), requestId?: string) {
    super(message);
    this.code = code;
    this.details = details;
    this.requestId = requestId;
  }
}
