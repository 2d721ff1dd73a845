//! An invented but plausible history.

mod marks;
mod model;
mod practice;

pub(crate) use self::marks::marked;
pub(crate) use self::model::{by_model, disputed, failing, mixed, said, unreachable, waiting};
pub(crate) use self::practice::{compared, follow_up, hint, revealed, second};

use jiff::Timestamp;
use viva_proto::v1::{
    Answer, Dimension, Evaluation, EvaluationStatus, GetProgressResponse, Grader, GraderKind,
    Interview, InterviewProgress, KeyPointResult, Level, ProgressPoint, ProgressTotals, Question,
    QuestionReport, Report, ScoreExplanation, Scores, Template, TemplatePart, TopicProgress,
};

/// The time at which every test starts.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T14:02:31Z".parse().unwrap()
}

/// A time in that month.
pub(crate) fn on(day: i32, time: &str) -> prost_types::Timestamp {
    let at: Timestamp = format!("2026-11-{day:02}T{time}Z").parse().unwrap();
    prost_types::Timestamp { seconds: at.as_second(), nanos: 0 }
}

/// The interview without any answer.
pub(crate) fn fresh() -> Report {
    report(QUESTIONS.iter().enumerate().map(|(at, _)| slot(at, None)).collect())
}

/// The interview with two answers, the second of which is being evaluated.
pub(crate) fn begun() -> Report {
    let mut report = fresh();
    report.questions[0].answer = Some(evaluated(0, 7.4));
    report.questions[1].answer = Some(pending(1));
    report.overall_score = Some(7.4);
    report.average_scores = Some(scores(7.4));
    report
}

/// The interview with three evaluations, a failed one and an unanswered question.
pub(crate) fn finished() -> Report {
    let mut report = fresh();
    report.questions[0].answer = Some(evaluated(0, 7.4));
    report.questions[1].answer = Some(evaluated(1, 5.9));
    report.questions[2].answer = Some(evaluated(2, 6.4));
    report.questions[3].answer = Some(failed(3));
    report.overall_score = Some(6.566);
    report.average_scores = Some(scores(6.566));
    report.strengths = vec![
        "You name the cause before the cure: waiting threads, not busy ones.".into(),
        "You measure before you change anything.".into(),
    ];
    report.improvements =
        vec!["Say what a change costs: who waits longer when a lock is split?".into()];
    report
}

/// The interview with every question answered and evaluated.
pub(crate) fn complete() -> Report {
    let mut report = finished();
    report.questions[3].answer = Some(evaluated(3, 7.0));
    report.questions[4].answer = Some(evaluated(4, 9.1));
    report
}

/// An interview as a row of the list.
pub(crate) fn listed(report: &Report) -> Interview {
    let answered = report.questions.iter().filter(|slot| slot.answer.is_some()).count();
    Interview {
        id: report.interview_id,
        role: report.role.clone(),
        level: report.level,
        created_at: report.created_at,
        questions: Vec::new(),
        progress: Some(progress(
            i32::try_from(report.questions.len()).unwrap(),
            i32::try_from(answered).unwrap(),
            report.overall_score,
        )),
        language: "en".into(),
        ..Interview::default()
    }
}

/// A list of interviews, newest first.
pub(crate) fn history() -> Vec<Interview> {
    let row = |id, role: &str, level: Level, created_at, progress| Interview {
        id,
        role: role.into(),
        level: level.into(),
        created_at: Some(created_at),
        questions: Vec::new(),
        progress: Some(progress),
        language: "en".into(),
        ..Interview::default()
    };
    vec![
        row(
            7,
            "Rust backend engineer",
            Level::Senior,
            on(23, "09:10:00"),
            progress(5, 2, Some(7.4)),
        ),
        row(
            6,
            "Site reliability engineer",
            Level::Mid,
            on(20, "18:00:00"),
            progress(5, 5, Some(5.9)),
        ),
        row(5, "Data engineer", Level::Junior, on(17, "08:30:00"), progress(5, 5, Some(8.0))),
        row(4, "Frontend engineer", Level::Mid, on(22, "20:15:00"), progress(10, 10, None)),
        row(
            3,
            "Engineering manager for a platform team",
            Level::Staff,
            on(2, "20:15:00"),
            progress(3, 0, None),
        ),
    ]
}

/// The scores of that history over time.
pub(crate) fn development() -> GetProgressResponse {
    let point = |interview_id, overall_score| ProgressPoint {
        interview_id,
        overall_score: Some(overall_score),
        ..ProgressPoint::default()
    };
    let topic = |topic: &str, average_score| TopicProgress {
        topic: topic.into(),
        answers: 3,
        average_score: Some(average_score),
        trend: Some(0.0),
        ..TopicProgress::default()
    };
    GetProgressResponse {
        points: vec![point(5, 8.0), point(6, 5.9), point(7, 7.4)],
        topics: vec![
            topic("concurrency", 4.2),
            topic("observability", 4.8),
            topic("networking", 5.5),
            topic("ownership", 8.0),
        ],
        totals: Some(ProgressTotals {
            week_answers: 12,
            week_duration_ms: 4_380_000,
            ..ProgressTotals::default()
        }),
        ..GetProgressResponse::default()
    }
}

/// The ready-made interviews.
pub(crate) fn templates() -> Vec<Template> {
    let template = |role: &str, level: Level, topics: &[&str], available_questions| Template {
        id: format!("{}-{available_questions}", role.to_lowercase().replace(' ', "-")),
        title: role.into(),
        role: role.into(),
        level: level.into(),
        topics: topics.iter().map(|topic| (*topic).into()).collect(),
        available_questions,
        ..Template::default()
    };
    vec![
        template("Backend engineer", Level::Mid, &["api-design", "concurrency", "databases"], 37),
        template("Systems engineer", Level::Senior, &["concurrency", "operating-systems"], 21),
        template("Data engineer", Level::Mid, &["data-engineering", "databases", "python"], 18),
    ]
}

/// A ready-made interview with an order of its own.
pub(crate) fn screen() -> Template {
    let part = |topic: &str, level: Level, minutes| TemplatePart {
        topic: topic.into(),
        level: level.into(),
        minutes,
    };
    Template {
        id: "phone-screen".into(),
        title: "Phone screen".into(),
        role: "Platform engineer".into(),
        level: Level::Senior.into(),
        topics: vec!["databases".into(), "concurrency".into()],
        available_questions: 7,
        description:
            "Whether you can name what happens below your own code, and say it briefly to \
                      somebody who has half an hour."
                .into(),
        minutes: 30,
        parts: vec![part("databases", Level::Junior, 10), part("concurrency", Level::Senior, 15)],
    }
}

/// The ready-made interviews offered by an empty list.
pub(crate) fn starts() -> Vec<Template> {
    let round = |id: &str, title: &str, minutes| Template {
        id: id.into(),
        title: title.into(),
        level: Level::Mid.into(),
        minutes,
        ..screen()
    };
    vec![
        round("behavioural-round", "Behavioural round", 45),
        round("phone-screen-backend", "Phone screen, backend", 30),
        Template { id: "topic-rust".into(), parts: Vec::new(), ..round("", "Rust in depth", 0) },
    ]
}

/// An answer that has been in evaluation for twelve seconds.
pub(crate) fn pending(at: usize) -> Answer {
    answer(
        at,
        Evaluation {
            status: EvaluationStatus::Pending.into(),
            attempts: 1,
            ..Evaluation::default()
        },
    )
}

/// An answer whose evaluation failed.
pub(crate) fn failed(at: usize) -> Answer {
    failing(at, "The model gave no usable reply in five attempts.")
}

/// An evaluated answer.
pub(crate) fn evaluated(at: usize, score: f64) -> Answer {
    let point = |point: &str, coverage, evidence: &str| KeyPointResult {
        point: point.into(),
        weight: Some(0.25),
        coverage: Some(coverage),
        evidence: evidence.into(),
        ..KeyPointResult::default()
    };
    answer(
        at,
        Evaluation {
            status: EvaluationStatus::Completed.into(),
            scores: Some(scores(score)),
            feedback: "You see the **contention** and measure it. What is missing is how the lock \
                   itself changes:\n\n- split it by key\n- let readers through with `RwLock`\n"
                .into(),
            suggestions: vec![
                "Say how you would split the lock, and why reads need not block.".into(),
            ],
            evaluated_at: Some(on(23, "14:02:00")),
            key_points: vec![
                point(
                    "Threads wait for the lock while the CPU idles",
                    1.0,
                    "threads wait for the lock",
                ),
                point("Measures before changing anything", 0.9, "look at off-CPU time first"),
                point("Shortens the critical section", 0.5, "hold it shorter"),
                point("Splits the lock or lets readers through", 0.0, ""),
            ],
            explanations: vec![
                explanation(Dimension::Correctness, score, "Nothing in it is wrong.", ""),
                explanation(
                    Dimension::Completeness,
                    score,
                    "Two of four points are made in full.",
                    "say how you would split the lock, and why reads need not block.",
                ),
            ],
            grader: Some(Grader {
                kind: GraderKind::Offline.into(),
                name: "viva-grader".into(),
                version: "1".into(),
            }),
            attempts: 1,
            reference_answer: "Low CPU with high latency says that threads wait. I would look at \
                           off-CPU time, confirm it is this mutex, then shorten what is done \
                           under it, shard it, or use a lock that readers share."
                .into(),
            ..Evaluation::default()
        },
    )
}

const QUESTIONS: [(&str, &str); 5] = [
    ("ownership", "Explain what the borrow checker rules out, and what it costs you."),
    ("indexes", "A query that was fast is slow since yesterday. How do you find out why?"),
    (
        "concurrency",
        "A service keeps a cache behind a mutex. Under load its p99 latency triples while the CPU \
         stays at 40 %. What do you suspect, and how would you find out?",
    ),
    ("TLS", "What happens between a client and a server before the first byte of a request?"),
    ("testing", "How do you test code that depends on time?"),
];

/// The answer to every question.
pub(crate) const ANSWER: &str = "I suspect contention: threads wait for the lock instead of \
     working, which is why the CPU is idle. I'd look at off-CPU time first, then hold it shorter.";

fn report(questions: Vec<QuestionReport>) -> Report {
    Report {
        interview_id: 7,
        role: "Rust backend engineer".into(),
        level: Level::Senior.into(),
        created_at: Some(on(23, "09:10:00")),
        questions,
        ..Report::default()
    }
}

fn slot(at: usize, answer: Option<Answer>) -> QuestionReport {
    let (topic, text) = QUESTIONS[at];
    let number = i32::try_from(at).unwrap();
    let question = Question {
        id: 70 + i64::from(number),
        text: text.into(),
        order: number + 1,
        topic: topic.into(),
        source: 1,
        parent_question_id: None,
        ..Question::default()
    };
    QuestionReport { question: Some(question), answer }
}

fn answer(at: usize, evaluation: Evaluation) -> Answer {
    let number = i64::try_from(at).unwrap();
    Answer {
        id: 700 + number,
        question_id: 70 + number,
        answer_text: ANSWER.into(),
        submitted_at: Some(on(23, "14:02:19")),
        evaluation: Some(evaluation),
        attempt: 1,
        ..Answer::default()
    }
}

fn scores(mean: f64) -> Scores {
    Scores {
        correctness: Some(mean + 0.8),
        completeness: Some(mean - 1.2),
        quality: Some(mean - 0.2),
        communication: Some(mean + 0.6),
    }
}

fn explanation(dimension: Dimension, score: f64, reason: &str, next: &str) -> ScoreExplanation {
    ScoreExplanation {
        dimension: dimension.into(),
        band: crate::words::band(score).into(),
        reason: reason.into(),
        evidence: Vec::new(),
        next_step: next.into(),
        ..ScoreExplanation::default()
    }
}

fn progress(questions: i32, answered: i32, overall_score: Option<f64>) -> InterviewProgress {
    InterviewProgress {
        questions,
        answered,
        evaluated: if overall_score.is_some() { answered } else { 0 },
        overall_score,
        ..InterviewProgress::default()
    }
}
