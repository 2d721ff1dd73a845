import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { AnswerSchema } from '#gen/viva/v1/answer_pb.js';
import { Problem, type ProblemKind } from '../src/lib/errors.js';
import { follow } from '../src/lib/watch.js';

const answer = (id: bigint) => create(AnswerSchema, { id, questionId: id, attempt: 1 });

/** Follows the given streams in turn. A kind means an end with that fault. */
async function followed(...streams: (bigint | ProblemKind)[][]) {
  const log: unknown[] = [];
  const ending = new AbortController();
  await follow(
    {
      stream: async function* () {
        const parts = streams.shift();
        if (!parts) return ending.abort();
        for (const part of parts) {
          if (typeof part === 'string') throw new Problem(part, part);
          yield answer(part);
        }
      },
      poll: async () => (log.push('poll'), [answer(99n)]),
      tell: ({ id }) => log.push(id),
      link: (problem) => log.push(problem?.kind ?? 'open'),
      wait: async (ms) => void log.push(`${ms} ms`),
    },
    ending.signal,
  );
  return log;
}

describe('following an interview', () => {
  test('continues after a stream’s planned end with hardly a pause', async () => {
    expect(await followed([1n, 2n], [3n])).toEqual(['open', 1n, 2n, '300 ms', 'open', 3n, '300 ms']);
  });

  test('reopens a broken stream after ever longer waits, and polls meanwhile', async () => {
    expect(await followed(['unreachable'], ['unreachable'], [1n])).toEqual([
      'unreachable',
      '1000 ms',
      'unreachable',
      'poll',
      'open',
      99n,
      '2000 ms',
      'open',
      1n,
      '300 ms',
    ]);
  });

  test('polls where no stream is possible', async () => {
    expect(await followed(['unsupported'], ['unsupported'])).toEqual(['poll', 'open', 99n, '1000 ms', 'poll', 'open', 99n, '2000 ms']);
  });

  test('ends if trying again would fail in the same way', async () => {
    for (const kind of ['not-found', 'denied', 'sign-in'] as const) expect(await followed([kind], [1n])).toEqual([kind]);
  });
});
