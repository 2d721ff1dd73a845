//! An interview's mode and time limits: parses requests, and converts them to messages.

use viva_proto::v1;

use super::convert;
use crate::domain::{
    timing::{Conditions, Left, Mode, Timing, parse_minutes, parse_question_minutes},
    violation::{InvalidValue, Violations},
};

/// Converts a mode.
pub(super) fn mode(mode: Mode) -> v1::InterviewMode {
    match mode {
        Mode::Study => v1::InterviewMode::Study,
        Mode::Real => v1::InterviewMode::Real,
    }
}

/// Converts an interview's time limits and the time left.
pub(super) fn clock(timing: &Timing) -> v1::InterviewClock {
    let millis = |left: std::time::Duration| i64::try_from(left.as_millis()).unwrap_or(i64::MAX);
    let left = timing.left.as_ref();
    v1::InterviewClock {
        minutes: timing.conditions.minutes,
        question_minutes: timing.conditions.question_minutes,
        ends_at: timing.ends_at.map(convert::time),
        ended_at: timing.ended_at.map(convert::time),
        remaining_ms: left.map(|left| millis(left.whole)),
        question_remaining_ms: left.and_then(|left: &Left| left.question).map(millis),
    }
}

/// Parses an interview's mode and time limits.
pub(super) fn conditions(
    request: &v1::CreateInterviewRequest,
    violations: &mut Violations,
) -> Option<Conditions> {
    let mode = match v1::InterviewMode::try_from(request.mode) {
        Ok(v1::InterviewMode::Unspecified | v1::InterviewMode::Study) => Ok(Mode::Study),
        Ok(v1::InterviewMode::Real) => Ok(Mode::Real),
        Err(_) => Err(InvalidValue::from("Mode must be study or real")),
    };
    let mode = violations.check("mode", mode);
    let minutes = violations.check("minutes", parse_minutes(request.minutes));
    let question_minutes = parse_question_minutes(request.question_minutes);
    let question_minutes = violations.check("question_minutes", question_minutes);
    Some(Conditions { mode: mode?, minutes: minutes?, question_minutes: question_minutes? })
}
