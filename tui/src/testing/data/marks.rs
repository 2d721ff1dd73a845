//! Marks on questions.

use viva_proto::v1::{
    Level, ListQuestionMarksResponse, MarkedQuestion, QuestionMark, QuestionSource, QuestionWish,
};

use super::{QUESTIONS, on};

/// A list of three: one with every mark, one not to be asked again, one whose interview is deleted.
pub(crate) fn marked() -> ListQuestionMarksResponse {
    let note = "Say who waits longer when the lock is split, and by how much; then how to see it in \
                production, where nobody attaches a profiler at night.";
    let questions = vec![
        one(72, 2, mark(31, note, true, QuestionWish::AgainSoon)),
        one(70, 0, mark(30, "", false, QuestionWish::NotAgain)),
        MarkedQuestion {
            interview_id: 0,
            question_id: 0,
            ..one(0, 4, mark(29, "Fake the clock.", true, QuestionWish::Unspecified))
        },
    ];
    ListQuestionMarksResponse { questions, next_page_token: String::new() }
}

fn one(question_id: i64, at: usize, mark: QuestionMark) -> MarkedQuestion {
    let (topic, text) = QUESTIONS[at];
    MarkedQuestion {
        mark: Some(mark),
        interview_id: 7,
        question_id,
        text: text.into(),
        topic: topic.into(),
        level: Level::Senior.into(),
        source: QuestionSource::Bank.into(),
    }
}

fn mark(id: i64, note: &str, starred: bool, wish: QuestionWish) -> QuestionMark {
    let changed_at = Some(on(22, "10:00:00"));
    QuestionMark { id, note: note.into(), starred, wish: wish.into(), changed_at }
}
