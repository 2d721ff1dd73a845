/** gRPC-Web over `fetch`: a request is one frame, a reply is frames and, last, trailers. */

import { decode, encode, type Init } from './codec.js';
import { Code, RpcError, type Rpc } from './rpc.js';

/** How a call is made. */
export interface CallOptions {
  /** The `authorization` it carries. */
  authorization?: string | undefined;
  /** Milliseconds until it is given up; 0: never. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Set on the frame with the trailers. */
const TRAILERS = 0x80;
/** A flag, and the length in four bytes. */
const HEAD = 5;

/** Makes calls to `origin`. */
export class GrpcWeb {
  readonly #origin: string;
  readonly #fetch: typeof fetch;

  constructor(origin: string, call: typeof fetch = (...args) => fetch(...args)) {
    this.#origin = origin;
    this.#fetch = call;
  }

  /** One request, one reply. */
  async unary<I extends object, O extends object>(
    rpc: Rpc<I, O>,
    request: Init<I>,
    options: CallOptions,
  ): Promise<O> {
    let reply: O | undefined;
    for await (const one of this.stream(rpc, request, options)) reply = one;
    if (reply === undefined) throw new RpcError(Code.INTERNAL, 'the reply is empty');
    return reply;
  }

  /** One request, any number of replies. */
  async *stream<I extends object, O extends object>(
    rpc: Rpc<I, O>,
    request: Init<I>,
    options: CallOptions,
  ): AsyncGenerator<O> {
    const ending = endingOf(options);
    try {
      const response = await this.#fetch(this.#origin + rpc.path, {
        method: 'POST',
        headers: headersOf(options),
        body: framed(encode(rpc.input, request)),
        credentials: 'omit',
        cache: 'no-store',
        ...(ending ? { signal: ending } : {}),
      });
      checkHttp(response);
      // A refusal without a message has its trailers among the headers.
      if (response.headers.has('grpc-status')) return checkTrailers(response.headers, response.headers);
      yield* repliesOf(rpc, response);
    } catch (cause) {
      throw asRpcError(cause);
    }
  }
}

async function* repliesOf<I extends object, O extends object>(
  rpc: Rpc<I, O>,
  response: Response,
): AsyncGenerator<O> {
  for await (const [flag, bytes] of frames(response)) {
    if (flag & TRAILERS) return checkTrailers(trailersOf(bytes), response.headers);
    yield decode(rpc.output, bytes);
  }
  // What ends without trailers was cut off.
  throw new RpcError(Code.UNAVAILABLE, 'the reply was cut off');
}

function endingOf({ timeoutMs, signal }: CallOptions): AbortSignal | undefined {
  const limits = [...(timeoutMs > 0 ? [AbortSignal.timeout(timeoutMs)] : []), ...(signal ? [signal] : [])];
  return limits.length > 1 ? AbortSignal.any(limits) : limits[0];
}

function headersOf({ authorization, timeoutMs }: CallOptions): Record<string, string> {
  return {
    'content-type': 'application/grpc-web+proto',
    'x-grpc-web': '1',
    ...(timeoutMs > 0 ? { 'grpc-timeout': `${timeoutMs}m` } : {}),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

function framed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(HEAD + bytes.length);
  new DataView(frame.buffer).setUint32(1, bytes.length);
  frame.set(bytes, HEAD);
  return frame;
}

/** The frames of a reply as they come in; a frame can come in pieces. */
async function* frames(response: Response): AsyncGenerator<[flag: number, bytes: Uint8Array]> {
  const reader = response.body?.getReader();
  let held: Uint8Array = new Uint8Array();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return;
      held = joined(held, value);
      for (let end = endOf(held); end !== undefined && end <= held.length; end = endOf(held)) {
        yield [held[0] ?? 0, held.slice(HEAD, end)];
        held = held.slice(end);
      }
    }
  } finally {
    // Whoever stops reading ends the call.
    await reader?.cancel().catch(() => {});
  }
}

/** Where the first frame ends; none before its length is known. */
function endOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < HEAD) return undefined;
  return HEAD + new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  if (before.length === 0) return after;
  const all = new Uint8Array(before.length + after.length);
  all.set(before);
  all.set(after, before.length);
  return all;
}

function trailersOf(bytes: Uint8Array): Headers {
  const trailers = new Headers();
  for (const line of new TextDecoder().decode(bytes).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return trailers;
}

function checkTrailers(trailers: Headers, headers: Headers): void {
  const code = Number(trailers.get('grpc-status') ?? Code.UNKNOWN);
  if (code === 0) return;
  const requestId = trailers.get('x-request-id') ?? headers.get('x-request-id') ?? undefined;
  const details = fromBase64(trailers.get('grpc-status-details-bin') ?? '');
  throw new RpcError(code, fromPercent(trailers.get('grpc-message') ?? ''), details, requestId);
}

/** A proxy on the way speaks HTTP. */
function checkHttp({ status }: Response): void {
  if (status === 200) return;
  const code =
    { 401: Code.UNAUTHENTICATED, 403: Code.PERMISSION_DENIED, 404: Code.UNIMPLEMENTED, 429: Code.RESOURCE_EXHAUSTED, 502: Code.UNAVAILABLE, 503: Code.UNAVAILABLE, 504: Code.UNAVAILABLE }[status] ?? Code.UNKNOWN;
  throw new RpcError(code, `HTTP ${status}`);
}

/** The end that was set, or asked for, as gRPC says it. The network's own faults stay as they are. */
function asRpcError(cause: unknown): unknown {
  if (!(cause instanceof DOMException)) return cause;
  if (cause.name === 'TimeoutError') return new RpcError(Code.DEADLINE_EXCEEDED, 'Request timeout');
  return cause.name === 'AbortError' ? new RpcError(Code.CANCELLED, 'cancelled') : cause;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function fromPercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
