/**
 * The clients under test: Google's in both encodings, connect-web as the page uses it, and connect-web and connect-node with the
 * Connect protocol, in JSON and binary.
 */

import { create, fromBinary, toBinary, type DescMethod, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { createConnectTransport as connectFromNode } from '@connectrpc/connect-node';
import { createConnectTransport } from '@connectrpc/connect-web';
import grpcWeb from 'grpc-web';
import { ErrorInfoSchema, BadRequestSchema } from '#gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '#gen/google/rpc/status_pb.js';
import { transportTo } from '../src/lib/transport.js';
import { NodeXhr } from './xhr.js';

/** How a call is made. */
export interface Options {
  token?: string | undefined;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** How a call failed. */
export class Failure extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly reason: string,
    readonly fields: string[],
  ) {
    super(message);
  }
}

/** A client of the gateway or the server. */
export interface WireClient {
  name: string;
  call: <M extends DescMethod>(
    method: M,
    request: MessageInitShape<M['input']>,
    options?: Options,
  ) => AsyncIterable<MessageShape<M['output']>>;
}

/** All clients, on one gateway, or on its server if they need no gateway. */
export function clients(url: string, server: string): WireClient[] {
  return [
    google(url, 'text'),
    google(url, 'binary'),
    connect('connect-web', transportTo(url, abortableFetch)),
    connect('connect-web, Connect, JSON', createConnectTransport({ baseUrl: url, fetch: abortableFetch })),
    connect('connect-web, Connect, binary', createConnectTransport({ baseUrl: url, useBinaryFormat: true, fetch: abortableFetch })),
    connect('connect-node, JSON, HTTP/1.1', connectFromNode({ baseUrl: server, httpVersion: '1.1', useBinaryFormat: false })),
    connect('connect-node, binary, HTTP/2', connectFromNode({ baseUrl: server, httpVersion: '2', useBinaryFormat: true })),
  ];
}

/** Aborts a reply's body as browsers do. Node's fetch loses an abort once its request has been collected as garbage, which
 * can happen as soon as the headers are there. */
async function abortableFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (!response.body || !init?.signal) return response;
  return new Response(response.body.pipeThrough(new TransformStream(), { signal: init.signal }), response);
}

function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

function connect(name: string, transport: Transport): WireClient {
  return {
    name,
    async *call(method, request, { token, timeoutMs = 0, signal } = {}) {
      const headers = token ? { authorization: `Bearer ${token}` } : {};
      try {
        if (method.methodKind === 'unary') {
          const reply = await transport.unary(method as never, signal, timeoutMs, headers, request as never);
          yield reply.message as never;
        } else {
          const requests = async function* () {
            yield request;
          };
          const reply = await transport.stream(method as never, signal, timeoutMs, headers, requests() as never);
          yield* reply.message as AsyncIterable<never>;
        }
      } catch (cause) {
        const error = ConnectError.from(cause);
        const reason = error.findDetails(ErrorInfoSchema)[0]?.reason ?? '';
        const fields = error.findDetails(BadRequestSchema).flatMap((one) => one.fieldViolations.map(({ field }) => field));
        throw new Failure(error.code as Code, error.rawMessage, reason, fields);
      }
    },
  };
}

function google(url: string, format: 'text' | 'binary'): WireClient {
  Object.assign(globalThis, { XMLHttpRequest: NodeXhr });
  const client = new grpcWeb.GrpcWebClientBase({ format });
  return {
    name: `grpc-web, ${format}`,
    async *call(method, request, { token, timeoutMs = 0, signal } = {}) {
      const descriptor = new grpcWeb.MethodDescriptor(
        pathOf(method),
        method.methodKind === 'unary' ? grpcWeb.MethodType.UNARY : grpcWeb.MethodType.SERVER_STREAMING,
        Object as never,
        Object as never,
        (value: unknown) => toBinary(method.input, value as never),
        (bytes: Uint8Array) => fromBinary(method.output, bytes),
      );
      const metadata = {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(timeoutMs > 0 ? { deadline: String(Date.now() + timeoutMs) } : {}),
      };
      const message = create(method.input, request as never);
      const stream =
        method.methodKind === 'unary'
          ? unaryAsStream(client, url + pathOf(method), message, metadata, descriptor as never)
          : client.serverStreaming(url + pathOf(method), message, metadata, descriptor as never);
      yield* fromStream(stream, signal) as AsyncIterable<never>;
    },
  };
}

function unaryAsStream(client: grpcWeb.GrpcWebClientBase, path: string, message: unknown, metadata: grpcWeb.Metadata, descriptor: never) {
  const handlers: Record<string, (value?: unknown) => void> = {};
  const call = client.rpcCall(path, message as never, metadata, descriptor, (error, reply) => {
    if (error) return handlers['error']?.(error);
    handlers['data']?.(reply);
    handlers['end']?.();
  });
  return { on: (name: string, handler: (value?: unknown) => void) => void (handlers[name] = handler), cancel: () => call.cancel() };
}

async function* fromStream(stream: { on: unknown; cancel: () => void }, signal: AbortSignal | undefined): AsyncGenerator<unknown> {
  const replies: unknown[] = [];
  let end: { failure?: unknown } | undefined;
  let wake = () => {};
  const on = stream.on as (name: string, handler: (value?: unknown) => void) => void;
  on.call(stream, 'data', (reply) => (replies.push(reply), wake()));
  on.call(stream, 'error', (error) => ((end ??= { failure: asFailure(error as grpcWeb.RpcError) }), wake()));
  on.call(stream, 'end', () => ((end ??= {}), wake()));
  signal?.addEventListener(
    'abort',
    () => (stream.cancel(), (end ??= { failure: new Failure(Code.Canceled, 'cancelled', '', []) }), wake()),
  );
  for (;;) {
    while (replies.length > 0) yield replies.shift();
    if (end) break;
    await new Promise<void>((done) => (wake = done));
  }
  if (end.failure) throw end.failure;
}

function asFailure({ code, message, metadata }: grpcWeb.RpcError): Failure {
  const details = metadata?.['grpc-status-details-bin'];
  const status = details ? fromBinary(StatusSchema, Buffer.from(details, 'base64')) : undefined;
  const bad = status?.details.find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.BadRequest'));
  const fields = bad ? fromBinary(BadRequestSchema, bad.value).fieldViolations.map(({ field }) => field) : [];
  return new Failure(code, message, reasonOf(status), fields);
}

function reasonOf(status: MessageShape<typeof StatusSchema> | undefined): string {
  const info = status?.details.find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.ErrorInfo'));
  return info ? fromBinary(ErrorInfoSchema, info.value).reason : '';
}
