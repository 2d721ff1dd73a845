// The page's own codec and client, held against protobuf-es.
import { fromBinary, toBinary, type DescMessage } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as page from '#gen/viva.js';
import { decode, encode, type Message } from '../src/lib/wire/codec.js';
import { GrpcWeb } from '../src/lib/wire/grpc-web.js';
import { Code, RpcError, type Rpc } from '../src/lib/wire/rpc.js';
import * as answer from '#gen/es/viva/v1/answer_pb.js';
import * as auth from '#gen/es/viva/v1/auth_pb.js';
import * as interview from '#gen/es/viva/v1/interview_pb.js';
import * as report from '#gen/es/viva/v1/report_pb.js';
import * as rpc from '#gen/es/google/rpc/error_details_pb.js';
import { anyMessage } from './support/messages.js';
import { frame, inPieces, refusal, trailers } from './support/wire.js';

const oracle: Record<string, unknown> = { ...answer, ...auth, ...interview, ...report, ...rpc };
const schemas = Object.entries(oracle)
  .filter(([name]) => name.endsWith('Schema') && name !== 'UserSchemaless')
  .map(([name, schema]) => [name.replace(/Schema$/, ''), schema as DescMessage] as const)
  .filter(([, schema]) => schema.kind === 'message');
const tables: Record<string, unknown> = { ...page };

describe('the tables', () => {
  test('know every message of the contract', () => {
    expect(schemas.length).toBeGreaterThan(50);
    for (const [name] of schemas) expect(tables, name).toHaveProperty(name);
  });

  test('know every call by its path', () => {
    const services = Object.values(oracle).filter((one) => (one as DescMessage)?.kind === ('service' as string));
    expect(services).toHaveLength(4);
    for (const service of services as unknown as (typeof auth.AuthService)[]) {
      for (const method of service.methods) {
        const call = tables[method.localName] as Rpc<object, object>;
        expect(call.path).toBe(`/${service.typeName}/${method.name}`);
      }
    }
  });

  test.each(schemas)('%s says the same as protobuf-es, there and back', (name, schema) => {
    const table = tables[name] as Message<object>;
    fc.assert(
      fc.property(anyMessage(table), (value) => {
        const theirs = fromBinary(schema, encode(table, value));
        expect(decode(table, toBinary(schema, theirs))).toEqual(value);
      }),
      { numRuns: 100 },
    );
  });

  test('what a newer server says beside is skipped', () => {
    const scores = { correctness: 1, completeness: 2, quality: 3, communication: 4 };
    const newer = [0x98, 0x06, 0x05, 0x9a, 0x06, 0x01, 0x61, 0xa1, 0x06, ...new Uint8Array(8), 0xa5, 0x06, 0, 0, 0, 0];
    const bytes = Uint8Array.from([...newer, ...encode(page.Scores, scores)]);
    expect(decode(page.Scores, bytes)).toEqual(scores);
  });

  test('bytes that are no message are an error and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          decode(page.Report, bytes);
        } catch (cause) {
          expect((cause as Error).name).toBe('CodecError');
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a call', () => {
  const given = { user: { id: 7n, username: 'ada', email: 'ada@example.org' } };
  const message = frame(encode(page.GetMeResponse, given));
  const end = trailers({ 'grpc-status': '0' });
  const client = (response: () => Response | Promise<Response>) =>
    new GrpcWeb('http://viva.example', async () => response());
  const call = (response: () => Response | Promise<Response>) =>
    client(response).unary(page.getMe, {}, { timeoutMs: 1000 });

  test('is read however the reply is cut to pieces', async () => {
    const all = Uint8Array.from([...message, ...end]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(all.length)), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), all.length];
        const pieces = places.slice(1).map((to, at) => all.slice(places[at], to));
        expect(await call(() => inPieces(pieces))).toEqual(given);
      }),
      { numRuns: 100 },
    );
  });

  test('whose reply is cut off has failed, whatever has come of it', async () => {
    const failure = await call(() => inPieces([message])).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(RpcError);
    expect((failure as RpcError).code).toBe(Code.UNAVAILABLE);
  });

  test('that is refused says why, with the status in the headers or in the trailers', async () => {
    const inHeaders = refusal(Code.NOT_FOUND, 'INTERVIEW_NOT_FOUND', 'Nöt found');
    const lines = Object.fromEntries([...inHeaders.headers].filter(([name]) => name.startsWith('grpc-')));
    for (const reply of [() => inHeaders, () => inPieces([trailers(lines)], { 'x-request-id': 'request-1' })]) {
      const failure = (await call(reply).catch((cause: unknown) => cause)) as RpcError;
      expect(failure).toMatchObject({ code: Code.NOT_FOUND, message: 'Nöt found', requestId: 'request-1' });
      expect(failure.details.length).toBeGreaterThan(20);
    }
  });

  test('that a proxy refuses has the code of its HTTP status', async () => {
    for (const [status, code] of [[502, 14], [503, 14], [401, 16], [418, 2]] as const) {
      const failure = await call(() => new Response('<html>', { status })).catch((cause: unknown) => cause);
      expect((failure as RpcError).code).toBe(code);
    }
  });

  test('that takes too long is given up with the words of a deadline', async () => {
    const never = new GrpcWeb('http://viva.example', (_, init) => {
      return new Promise((_, refuse) => init?.signal?.addEventListener('abort', () => refuse(init.signal?.reason)));
    });
    const failure = await never.unary(page.getMe, {}, { timeoutMs: 5 }).catch((cause: unknown) => cause);
    expect((failure as RpcError).code).toBe(Code.DEADLINE_EXCEEDED);
  });

  test('that nobody listens to any more ends at the server', async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(frame(encode(page.WatchInterviewResponse, {}))),
      cancel: () => void (isCancelled = true),
    });
    const replies = client(() => new Response(body)).stream(page.watchInterview, {}, { timeoutMs: 0 });
    for await (const reply of replies) {
      expect(reply).toEqual({});
      break;
    }
    expect(isCancelled).toBe(true);
  });
});
