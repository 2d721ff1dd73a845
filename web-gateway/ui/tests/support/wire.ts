/** Replies in the wire format, for tests that replace the network. */

import { create, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { BadRequestSchema, ErrorInfoSchema, type BadRequest_FieldViolation } from '#gen/google/rpc/error_details_pb.js';
import { StatusSchema, type Status } from '#gen/google/rpc/status_pb.js';

/** A frame of gRPC-Web. */
export function frame(bytes: Uint8Array, flag = 0): Uint8Array {
  const all = new Uint8Array(5 + bytes.length);
  all[0] = flag;
  new DataView(all.buffer).setUint32(1, bytes.length);
  all.set(bytes, 5);
  return all;
}

/** A message as a frame. */
export function messageFrame<D extends DescMessage>(schema: D, init: MessageInitShape<D>): Uint8Array {
  return frame(toBinary(schema, create(schema, init)));
}

/** Trailers as the last frame. */
export function trailers(lines: Record<string, string>): Uint8Array {
  const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return frame(new TextEncoder().encode(text.join('')), 0x80);
}

/** A reply with one message. */
export function replyWith<D extends DescMessage>(schema: D, init: MessageInitShape<D>): Response {
  return inPieces([messageFrame(schema, init), trailers({ 'grpc-status': '0' })]);
}

/** A reply whose body arrives in these pieces. */
export function inPieces(pieces: Uint8Array[], headers: Record<string, string> = {}): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/grpc-web+proto', ...headers } });
}

/** An error reply, with details as the server sends them. */
export function refusal(
  code: number,
  reason: string,
  message = 'as the server puts it',
  fields: Pick<BadRequest_FieldViolation, 'field' | 'description'>[] = [],
): Response {
  const details = [anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason, domain: 'viva' }))];
  if (fields.length > 0) details.push(anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations: fields })));
  return refusalWith(create(StatusSchema, { code, message, details }));
}

/** An error reply's status message. */
export function refusalWith(status: Status): Response {
  return new Response(null, {
    headers: {
      'content-type': 'application/grpc-web+proto',
      'grpc-status': String(status.code),
      'grpc-message': encodeURIComponent(status.message),
      'grpc-status-details-bin': btoa(String.fromCharCode(...toBinary(StatusSchema, status))).replace(/=+$/, ''),
      'x-request-id': 'request-1',
    },
  });
}

/** A reply of a session endpoint. */
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
