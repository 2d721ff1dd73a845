// Interviews for looking at the page without a server, with questions in every state.
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import * as A from '../../gen/viva/v1/answer_pb.js';
import * as I from '../../gen/viva/v1/interview_pb.js';

const offline = { kind: A.GraderKind.OFFLINE, name: 'viva-offline', version: '1' };

export const texts = [
  [
    'concurrency',
    'A service keeps a cache behind a mutex. Under load its p99 latency triples while the CPU stays at 40 %. What do you suspect, and how would you find out?',
  ],
  [
    'databases',
    'A query that took 20 ms takes two seconds since last night’s import. Nothing in the code has changed. Where do you look first, and why there?',
  ],
  ['rust', 'When would you reach for an Arc<Mutex<T>>, and what would you try before it?'],
  ['networking', 'What happens between pressing Enter in the address bar and the first byte of the page? Say where TLS comes in.'],
  [
    'observability',
    'You are woken at three by an alert on error rate. What do you want your telemetry to tell you in the first five minutes?',
  ],
];

const answerText =
  'I suspect contention: threads wait for the lock instead of working, which is why the CPU is idle. I’d look at off-CPU time first, with perf or a profiler that sees blocked threads, and compare the time spent waiting for the lock with the time spent holding it.\n\nThen I would hold it shorter: do the expensive work outside, and only swap the entry under the lock.';

const codeText =
  'Only where more than one thread writes, and a channel would be more than it needs. `Arc<T>` alone is enough for what is only read.\n\n```rust\n// One lock, held for as short as it can be.\nlet total = Arc::new(Mutex::new(0u64));\nlet mine = Arc::clone(&total);\nthread::spawn(move || {\n    *mine.lock().expect("poisoned") += 1;\n});\n```\n\nBefore it I would try an `AtomicU64`.';

export function evaluation(score) {
  return create(A.EvaluationSchema, {
    status: A.EvaluationStatus.COMPLETED,
    scores: { correctness: score + 0.9, completeness: score - 1.4, quality: score - 0.1, communication: score + 1 },
    feedback:
      '**What you made clear**\n\n- Threads wait for the lock while the CPU idles. You say: “threads wait for the lock instead of working”\n- Measures before changing anything. You say: “I’d look at off-CPU time first”\n\n**What would make it stronger**\n\n- Name the fixes beyond a shorter critical section: shard the map, or let readers through with an `RwLock`.',
    suggestions: [
      'Add this point: a cache that is mostly read can let readers through without waiting for each other.',
      'Give the reason behind one of your points, in a sentence with “because”.',
    ],
    evaluatedAt: timestampFromMs(Date.now() - 60_000),
    keyPoints: [
      {
        point: 'Threads wait for the lock while the CPU idles, so the time is spent off-CPU.',
        weight: 0.35,
        coverage: 1,
        evidence: 'threads wait for the lock instead of working',
      },
      {
        point: 'Measures before changing anything, with a tool that sees blocked threads.',
        weight: 0.25,
        coverage: 0.9,
        evidence: 'look at off-CPU time first, with perf or a profiler that sees blocked threads',
      },
      { point: 'Shortens the critical section.', weight: 0.2, coverage: 0.5, evidence: 'hold it shorter' },
      { point: 'Splits the lock, or lets readers through together.', weight: 0.2, coverage: 0, evidence: '' },
    ],
    explanations: [
      {
        dimension: A.Dimension.CORRECTNESS,
        band: 'good',
        reason: 'Everything you state is right.',
        evidence: ['which is why the CPU is idle'],
        nextStep: 'Say this plainly: the lock is held during I/O.',
      },
      {
        dimension: A.Dimension.COMPLETENESS,
        band: 'fair',
        reason: 'Two of four points are made in full, one in part.',
        evidence: [],
        nextStep: 'Add this point: splits the lock, or lets readers through together.',
      },
      {
        dimension: A.Dimension.QUALITY,
        band: 'fair',
        reason: 'You give reasons and name a tool.',
        evidence: ['only swap the entry under the lock'],
        nextStep: 'Give a figure from your own work.',
      },
      { dimension: A.Dimension.COMMUNICATION, band: 'good', reason: 'Short sentences in a clear order.', evidence: [], nextStep: '' },
    ],
    grader: offline,
    attempts: 1,
    referenceAnswer:
      'Rising p99 with an idle CPU means that threads wait. I would confirm it off-CPU: a profile of blocked time, or the lock’s own wait statistics. Then I would shorten what happens under the lock, split the map into shards, or let readers share it.',
    provenance: { durationMs: 40n },
  });
}

const pending = (more = {}) => create(A.EvaluationSchema, { status: A.EvaluationStatus.PENDING, attempts: 1, ...more });
const failed = create(A.EvaluationSchema, {
  status: A.EvaluationStatus.FAILED,
  attempts: 5,
  failureReason: 'the language model could not be reached in five attempts',
});

const declined = create(A.EvaluationSchema, {
  status: A.EvaluationStatus.FAILED,
  attempts: 1,
  failureCode: A.FailureCode.OFF_TOPIC,
  failureReason:
    "This text seems to be about something else, so it has no score, and it counts against nothing. Here is how you could begin: take the first thing that the question names and say in one plain sentence what it does. “I don't know” is an answer too.",
});

let nextId = 1n;
export const id = () => nextId++;

export function interview(role, level, daysAgo, states) {
  const questions = states.map((_, at) =>
    create(I.QuestionSchema, { id: id(), order: at + 1, topic: texts[at % 5][0], text: texts[at % 5][1], source: I.QuestionSource.BANK }),
  );
  const answers = new Map();
  states.forEach((state, at) => {
    if (state === undefined) return;
    const made =
      state === 'pending'
        ? pending()
        : state === 'waiting'
          ? pending({ lastFault: 'the language model did not answer in time', nextAttemptAt: timestampFromMs(Date.now() + 45_000) })
          : state === 'failed'
            ? failed
            : state === 'declined'
              ? declined
              : evaluation(state);
    answers.set(
      questions[at].id,
      create(A.AnswerSchema, {
        id: id(),
        questionId: questions[at].id,
        answerText: at % 5 === 2 ? codeText : answerText,
        submittedAt: timestampFromMs(Date.now() - 12_000),
        evaluation: made,
        attempt: 1,
      }),
    );
  });
  return { id: id(), role, level, createdAt: timestampFromMs(Date.now() - daysAgo * 86_400_000), questions, answers, language: 'en' };
}

/** An interview after practice: a second attempt, a shown answer, hints, a follow-up. */
function practised() {
  const made = interview('Platform engineer', I.Level.SENIOR, 1, [5.1, undefined, undefined, 3.2]);
  const [again, followUp, shown, last] = made.questions;
  Object.assign(followUp, {
    text: 'You say “I’d look at off-CPU time first”. What would you expect to see there, and what would surprise you?',
    source: I.QuestionSource.FOLLOW_UP,
    parentQuestionId: again.id,
  });
  Object.assign(shown, {
    shown: create(I.ShownAnswerSchema, { shownAt: timestampFromMs(Date.now()), reference: evaluation(5).referenceAnswer }),
  });
  last.hintsGiven = 2;
  const earlier = made.answers.get(again.id);
  const later = create(A.AnswerSchema, { ...earlier, id: id(), attempt: 2, evaluation: evaluation(7.4) });
  const wrong = made.answers.get(last.id).evaluation;
  wrong.keyPoints[3].point = 'A map that is mostly read lets readers through together.';
  Object.assign(wrong.explanations[0], {
    band: 'weak',
    reason: `One statement contradicts a point of a good answer: ${wrong.keyPoints[3].point}`,
    evidence: ['only swap the entry under the lock'],
  });
  made.answers.set(again.id, later);
  made.attempts = new Map([[again.id, [earlier, later]]]);
  return made;
}

/** An interview in real mode that is still running. */
function real() {
  const made = interview('Security engineer', I.Level.MID, 0, [6, undefined, undefined]);
  const clock = create(I.InterviewClockSchema, { minutes: 30, questionMinutes: 8, remainingMs: 1_752_000n, questionRemainingMs: 190_000n });
  for (const answer of made.answers.values())
    Object.assign(answer, {
      durationMs: 252_000n,
      evaluation: create(A.EvaluationSchema, { status: A.EvaluationStatus.PENDING, withheld: true }),
    });
  return { ...made, mode: I.InterviewMode.REAL, clock, feedbackWithheld: true };
}

export function interviews() {
  return [
    interview('Front-end engineer', I.Level.MID, 41, [4.1, 3.2, 5.4]),
    interview('Systems engineer with a long title, for distributed storage and networks', I.Level.STAFF, 20, [9.1, 8.4, 9]),
    interview('Data engineer', I.Level.JUNIOR, 6, [7.6, 8.2, 7.9]),
    interview('Site reliability engineer', I.Level.MID, 3, [5.2, 6.4, 3.9, 'declined', 5.5]),
    real(),
    practised(),
    interview('Rust backend engineer', I.Level.SENIOR, 0, [6.5, 'pending', 'failed', 'waiting', undefined]),
  ];
}
