import { describe, expect, test } from 'vitest';
import { FailureCode } from '#gen/viva/v1/answer_pb.js';
import { newsWords } from '../src/lib/news.js';
import type { Standing } from '../src/lib/standing.js';

describe('the news of an evaluation', () => {
  test('are its score, why there is none, or that it failed', () => {
    const declined = { is: 'unscored', evaluation: { failureCode: FailureCode.OFF_TOPIC } } as Standing;
    expect(newsWords(2, { is: 'done', score: 8.04 } as Standing)).toBe('Question 2 has been evaluated: 8.0 good.');
    expect(newsWords(2, declined)).toBe('Your answer to question 2 has no score: off topic.');
    expect(newsWords(2, { is: 'failed' } as Standing)).toBe('Question 2 could not be evaluated.');
  });

  test('are none while it is under way', () => {
    expect(newsWords(2, { is: 'open' } as Standing)).toBe('');
  });
});
