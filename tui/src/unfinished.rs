//! Which interviews are unfinished.

use viva_proto::v1::Interview;

use crate::timing::Held;

/// Whether an interview that has not ended has a question that is neither answered nor shown.
pub(crate) fn is_unfinished(interview: &Interview) -> bool {
    let progress = interview.progress.unwrap_or_default();
    // A server of before does not count them; there, one that was shown and answered counts twice.
    let counted = || progress.questions - progress.answered - progress.shown;
    progress.open.unwrap_or_else(counted) > 0 && !Held::from(interview).has_ended()
}

#[cfg(test)]
mod tests {
    use viva_proto::v1::{InterviewClock, InterviewProgress};

    use super::*;
    use crate::testing::data;

    fn with(answered: i32, shown: i32) -> Interview {
        let progress = InterviewProgress { questions: 3, answered, shown, ..Default::default() };
        Interview { progress: Some(progress), ..Interview::default() }
    }

    #[test]
    fn an_interview_is_unfinished_until_every_question_is_answered_or_shown() {
        assert!(is_unfinished(&with(0, 0)));
        assert!(is_unfinished(&with(1, 1)));
        assert!(!is_unfinished(&with(3, 0)));
        assert!(!is_unfinished(&with(2, 1)));
        assert!(!is_unfinished(&with(0, 3)));
    }

    #[test]
    fn a_question_that_was_shown_and_then_answered_counts_once() {
        let mut interview = with(2, 1);
        interview.progress.as_mut().unwrap().open = Some(1);
        assert!(is_unfinished(&interview));
    }

    #[test]
    fn an_interview_that_has_ended_is_not_continued() {
        let ended_at = Some(data::on(23, "14:00:00"));
        let clock = Some(InterviewClock { ended_at, ..InterviewClock::default() });
        assert!(!is_unfinished(&Interview { clock, ..with(1, 0) }));
    }
}
