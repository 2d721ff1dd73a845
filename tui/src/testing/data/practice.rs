//! Hints, a shown answer, a follow-up, and two attempts side by side.

use viva_proto::v1::{
    AddFollowUpResponse, Answer, Attempt, AttemptVerdict, CompareAttemptsResponse, GetHintResponse,
    PointChange, PointComparison, Question, QuestionSource, RevealQuestionResponse, ShownAnswer,
};

use super::{evaluated, fresh, on};

/// A hint to any question.
pub(crate) fn hint(number: i32) -> GetHintResponse {
    let text = match number {
        1 => "Think of what the threads do while the CPU is idle.",
        2 => "What could you measure to see where they wait?",
        _ => "How could the lock let more of them through?",
    };
    GetHintResponse { text: text.into(), number, available: 3 }
}

/// The shown answer to the question at this position.
pub(crate) fn revealed(at: usize) -> RevealQuestionResponse {
    let question = fresh().questions[at].question.clone().unwrap();
    let reference = "The threads wait for the mutex. Look at off-CPU time, then shorten what is done \
                     under the lock, split it by key, or use `RwLock`.";
    let shown = ShownAnswer { shown_at: Some(on(23, "14:02:00")), reference: reference.into() };
    RevealQuestionResponse {
        question: Some(Question { shown: Some(shown), ..question }),
        key_points: vec![
            "Threads wait for the lock while the CPU idles".into(),
            "Splits the lock or lets readers through".into(),
        ],
    }
}

/// A follow-up to the question at this position.
pub(crate) fn follow_up(at: usize) -> AddFollowUpResponse {
    let parent = fresh().questions[at].question.clone().unwrap();
    let quote = "hold it shorter";
    let question = Question {
        id: 90,
        text: format!("You said: “{quote}” How could more threads get through the lock at once?"),
        order: parent.order + 1,
        source: QuestionSource::FollowUp.into(),
        parent_question_id: Some(parent.id),
        ..parent
    };
    AddFollowUpResponse { question: Some(question), quote: quote.into() }
}

/// The second answer to the question at this position, evaluated.
pub(crate) fn second(at: usize, score: f64) -> Answer {
    Answer {
        id: 800 + i64::try_from(at).unwrap(),
        attempt: 2,
        duration_ms: 192_000,
        ..evaluated(at, score)
    }
}

/// The first answer to the question at this position compared with the second.
pub(crate) fn compared(at: usize) -> CompareAttemptsResponse {
    let point = |point: &str, change: PointChange, earlier: &str, later: &str| PointComparison {
        point: point.into(),
        weight: Some(0.25),
        change: change.into(),
        earlier_evidence: earlier.into(),
        later_evidence: later.into(),
        ..PointComparison::default()
    };
    let attempt = |attempt, score| Attempt { attempt, score: Some(score), ..Attempt::default() };
    CompareAttemptsResponse {
        question: fresh().questions[at].question.clone(),
        earlier: Some(evaluated(at, 5.2)),
        later: Some(second(at, 7.4)),
        verdict: AttemptVerdict::Better.into(),
        points: vec![
            point(
                "Threads wait for the lock while the CPU idles",
                PointChange::Gained,
                "",
                "threads wait for the lock",
            ),
            point(
                "Shortens the critical section",
                PointChange::Lost,
                "I'd do less while it is held, and log outside of it",
                "hold it shorter",
            ),
            point("Measures before changing anything", PointChange::Kept, "measure", "look"),
            point("Splits the lock or lets readers through", PointChange::Lacking, "", ""),
        ],
        attempts: vec![attempt(1, 5.2), attempt(2, 7.4)],
        best_attempt: 2,
    }
}
