/** What stands in for the network: replies as they come over the wire. */

import { ErrorInfo, Status, type BadRequest as BadRequestMessage, BadRequest } from '#gen/viva.js';
import { encode, type Message } from '../../src/lib/wire/codec.js';

/** A frame of gRPC-Web. */
export function frame(bytes: Uint8Array, flag = 0): Uint8Array {
  const all = new Uint8Array(5 + bytes.length);
  all[0] = flag;
  new DataView(all.buffer).setUint32(1, bytes.length);
  all.set(bytes, 5);
  return all;
}

/** Trailers as the last frame. */
export function trailers(lines: Record<string, string>): Uint8Array {
  const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return frame(new TextEncoder().encode(text.join('')), 0x80);
}

/** A reply with one message. */
export function replyWith<T extends object>(table: Message<T>, value: T): Response {
  return inPieces([frame(encode(table, value as never)), trailers({ 'grpc-status': '0' })]);
}

/** A reply whose body comes in these pieces. */
export function inPieces(pieces: Uint8Array[], headers: Record<string, string> = {}): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/grpc-web+proto', ...headers } });
}

/** A refusal, with its details as the server sends them. */
export function refusal(
  code: number,
  reason: string,
  message = 'as the server puts it',
  fields: BadRequestMessage['fieldViolations'] = [],
): Response {
  const any = (name: string, value: Uint8Array) => ({ typeUrl: `type.googleapis.com/google.rpc.${name}`, value });
  const details = [any('ErrorInfo', encode(ErrorInfo, { reason, domain: 'viva' }))];
  if (fields.length > 0) details.push(any('BadRequest', encode(BadRequest, { fieldViolations: fields })));
  const bytes = encode(Status, { code, message, details });
  return new Response(null, {
    headers: {
      'content-type': 'application/grpc-web+proto',
      'grpc-status': String(code),
      'grpc-message': encodeURIComponent(message),
      'grpc-status-details-bin': btoa(String.fromCharCode(...bytes)).replace(/=+$/, ''),
      'x-request-id': 'request-1',
    },
  });
}

/** A reply of the session's endpoints. */
export function json(status: number, body: unknown): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });
}

/** A session that has just been opened. */
export function opened(token: string): Response {
  return json(200, { access_token: token, expires_at: new Date(Date.now() + 1_800_000).toISOString() });
}
