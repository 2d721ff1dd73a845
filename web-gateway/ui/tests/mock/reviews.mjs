// Made-up points to review.

const POINTS = [
  ['Concurrency', 'What does a lock cost the threads that wait for it?', 1],
  ['Concurrency', 'Two threads take the same two locks in different orders. What can happen, and which rule prevents it?', 1],
  ['Observability', 'Which three figures of a service do you look at first, and why these?', 2],
];

/** The points that are left. */
export function reviews(options, mode) {
  return POINTS.map(([topicTitle, prompt, reason], at) => ({
    pointId: BigInt(at + 1),
    prompt,
    promptNumber: 1,
    topic: topicTitle.toLowerCase(),
    topicTitle,
    question: '',
    dueDay: '2026-12-01',
    reason: mode === 2 ? reason : 1,
    recall: 0.8,
    ratings: 2,
  })).filter(({ pointId }) => !options.reviewed.includes(pointId));
}

/** How many are left. */
export function counts({ reviewed }) {
  const left = Math.max(0, POINTS.length - reviewed.length);
  return { points: 19, due: left + 2, leftToday: left, doneToday: reviewed.length, dailyLimit: 20, nextDueDay: '2026-12-04' };
}

/** The grader's reply to an answer. */
export function recalled(text, counts) {
  if (text === 'weather') return { failureCode: 2, failureReason: 'this text seems to be about something else', counts };
  const point = 'Waiting threads do nothing: the longer a lock is held, the longer everybody else’s work takes.';
  if (text === '') return { rating: 1, point, coverage: 0, dueDay: '2026-12-02', dueInDays: 1, counts };
  return { rating: 2, point, coverage: 0.5, evidence: 'the others wait', dueDay: '2026-12-04', dueInDays: 3, counts };
}
