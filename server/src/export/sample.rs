//! Reports for tests.

use crate::domain::{
    answer::Answer,
    challenge::{Challenge, PointReading, Remarks, SelfAssessment},
    clock::Timestamp,
    evaluation::{
        Assessment, AssessmentParts, Completed, Evaluation, EvaluationState, Grader, GraderKind,
    },
    help::Help,
    id::{AnswerId, InterviewId, QuestionId, UserId},
    interview::{Interview, Level, Progress},
    provenance::Provenance,
    question::{Question, QuestionOrigin},
    report::Report,
    sample,
    timing::{Conditions, Timing},
};

const NOON: Timestamp = Timestamp::from_micros(1_795_435_200_000_000);

fn question(order: i32) -> Question {
    Question {
        id: QuestionId::new(i64::from(order)),
        interview_id: InterviewId::new(7),
        text: "What does a mutex do, and what does it cost?".into(),
        order,
        topic: "concurrency".into(),
        origin: QuestionOrigin::Bank,
        parent_id: None,
        mark: None,
        help: Help::default(),
    }
}

fn interview(questions: i32) -> Interview {
    Interview {
        id: InterviewId::new(7),
        user_id: UserId::new(1),
        role: "Rust backend engineer".into(),
        level: Level::Senior,
        language: "en".into(),
        created_at: NOON,
        questions: (1..=questions).map(question).collect(),
        progress: Progress::default(),
        timing: Timing::beginning(Conditions::default(), NOON),
    }
}

/// An answer to the question with this order.
pub(super) fn answer(order: i32, text: &str, state: EvaluationState) -> Answer {
    Answer {
        id: AnswerId::new(i64::from(order) + 100),
        question_id: QuestionId::new(i64::from(order)),
        text: text.to_owned(),
        submitted_at: NOON,
        attempt: 2,
        evaluation: Evaluation { state, attempts: 1 },
        reference: "It admits one thread.\n\nThe others queue, which costs time.".into(),
        duration_ms: 0,
        is_late: false,
    }
}

pub(super) fn completed(parts: AssessmentParts, answer: &str) -> EvaluationState {
    let assessment = Assessment::check(parts, answer).unwrap();
    EvaluationState::Completed(Box::new(Completed {
        assessment,
        evaluated_at: NOON,
        remarks: remarks(),
    }))
}

/// A challenge of the second point that was not upheld, and what is said about the first.
fn remarks() -> Remarks {
    let reading = |evidence: &str, version: &str| PointReading {
        coverage: 0.0,
        evidence: evidence.to_owned(),
        grader: Grader {
            kind: GraderKind::Offline,
            name: "viva-offline".to_owned(),
            version: version.to_owned(),
        },
    };
    let challenge = Challenge {
        point: 1,
        words: "The others wait.".to_owned(),
        challenged_at: NOON,
        first: reading("", "1"),
        second: reading("", "2"),
        completeness: (5.6, 5.6),
    };
    Remarks { challenges: vec![challenge], said: vec![(0, SelfAssessment::Partly)] }
}

/// Four questions: evaluated, pending after a fault, failed, not answered.
pub(super) fn report() -> Report {
    let evaluated = completed(sample::assessment_parts(), sample::ANSWER);
    let pending = EvaluationState::Pending {
        next_attempt_at: Some(NOON),
        last_fault: Some("The model is busy".into()),
    };
    let failed =
        EvaluationState::Failed { reason: "The model gave no verdict.".into(), refusal: None };
    let answers = vec![
        answer(1, sample::ANSWER, evaluated),
        answer(2, "fn main() {\n    wait();\n}", pending),
        answer(3, "It waits.\n\nThen it goes on.", failed),
    ];
    Report::of(interview(4), answers, NOON)
}

/// A report without answers.
pub(super) fn unanswered() -> Report {
    Report::of(interview(2), vec![], NOON)
}

/// One evaluation by the built-in grader, then one by a language model.
pub(super) fn two_graders() -> Report {
    let mut by_model = sample::assessment_parts();
    by_model.grader.kind = GraderKind::Model;
    by_model.grader.name = "qwen".into();
    by_model.grader.version = "3".into();
    by_model.provenance = Provenance::default();
    let answers = vec![
        answer(1, sample::ANSWER, completed(sample::assessment_parts(), sample::ANSWER)),
        answer(2, sample::ANSWER, completed(by_model, sample::ANSWER)),
    ];
    Report::of(interview(2), answers, NOON)
}

/// A report in which every text from people or models is `text`.
pub(super) fn everywhere(text: &str) -> Report {
    let answered = format!("{text}{}", sample::ANSWER);
    let mut parts = sample::assessment_parts();
    text.clone_into(&mut parts.feedback);
    if parts.feedback.trim().is_empty() {
        parts.feedback = "-".to_owned();
    }
    let some = parts.feedback.clone();
    parts.suggestions = vec![some.clone(); 2];
    for point in &mut parts.key_points {
        text.clone_into(&mut point.point);
    }
    if !text.trim().is_empty() {
        text.clone_into(&mut parts.key_points[0].evidence);
    }
    for explanation in &mut parts.explanations {
        some.clone_into(&mut explanation.reason);
        some.clone_into(&mut explanation.next_step);
        explanation.evidence.retain(|_| !text.is_empty());
        explanation.evidence.fill(text.to_owned());
    }
    for opinion in &mut parts.provenance.opinions {
        opinion.grader.name.push_str(text);
    }
    parts.grader.name.push_str(text);
    text.clone_into(&mut parts.provenance.note);
    let pending =
        EvaluationState::Pending { next_attempt_at: None, last_fault: Some(text.to_owned()) };
    let failed = EvaluationState::Failed { reason: text.to_owned(), refusal: None };
    let mut interview = interview(4);
    text.clone_into(&mut interview.role);
    for question in &mut interview.questions {
        text.clone_into(&mut question.text);
        text.clone_into(&mut question.topic);
    }
    let mut first = answer(1, &answered, completed(parts, &answered));
    text.clone_into(&mut first.reference);
    Report::of(interview, vec![first, answer(2, text, pending), answer(3, text, failed)], NOON)
}
