//! Converts values of the domain to messages on the wire.

mod evaluation;

use prost_types::Timestamp as WireTime;
use viva_proto::v1;

use super::{mark, timing};
use crate::{
    domain::{
        account::{ActiveSession, User},
        answer::Answer,
        clock::Timestamp,
        id::SessionId,
        interview::{Interview, Level, Part, Progress},
        question::{AskedQuestion, Question, QuestionOrigin, Rubric},
        report::Report,
    },
    questions::template::Template,
    services::{accounts::SessionTokens, help::Revealed, interviews::Previewed},
};

use evaluation::evaluation;
pub use evaluation::{assessment, declined};
pub(super) use evaluation::{callers_assessment, failure_code, grader, scores};

/// Converts a time.
pub(super) fn time(at: Timestamp) -> WireTime {
    let micros = at.micros();
    // The remainder is below a million, so its nanoseconds fit.
    let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1000).unwrap_or(0);
    WireTime { seconds: micros.div_euclid(1_000_000), nanos }
}

/// Converts an account.
pub(super) fn user(user: User) -> v1::User {
    v1::User {
        id: user.id.get(),
        username: user.username,
        email: user.email,
        created_at: Some(time(user.created_at)),
        time_zone: user.time_zone.unwrap_or_default(),
    }
}

/// Converts a session's tokens.
pub fn session(tokens: SessionTokens) -> v1::Session {
    v1::Session {
        access_token: tokens.access.token,
        token_type: "Bearer".to_owned(),
        access_token_expires_at: Some(time(tokens.access.expires_at)),
        refresh_token: tokens.refresh_token,
        refresh_token_expires_at: Some(time(tokens.refresh_expires_at)),
    }
}

/// Converts a session for a list that the session `current` requested.
pub(super) fn active_session(session: ActiveSession, current: SessionId) -> v1::ActiveSession {
    v1::ActiveSession {
        id: session.id.get(),
        client: session.client,
        signed_in_at: Some(time(session.signed_in_at)),
        last_used_at: Some(time(session.last_used_at)),
        is_current: session.id == current,
    }
}

/// Converts a level.
pub(super) fn level(level: Level) -> v1::Level {
    match level {
        Level::Junior => v1::Level::Junior,
        Level::Mid => v1::Level::Mid,
        Level::Senior => v1::Level::Senior,
        Level::Staff => v1::Level::Staff,
    }
}

/// Converts an interview with its questions, if it has them.
pub(super) fn interview(interview: Interview) -> v1::Interview {
    v1::Interview {
        id: interview.id.get(),
        role: interview.role,
        level: level(interview.level).into(),
        created_at: Some(time(interview.created_at)),
        questions: interview.questions.into_iter().map(question).collect(),
        progress: Some(progress(interview.progress)),
        language: interview.language,
        mode: timing::mode(interview.timing.conditions.mode).into(),
        clock: Some(timing::clock(&interview.timing)),
        feedback_withheld: interview.timing.left.is_some(),
    }
}

fn progress(progress: Progress) -> v1::InterviewProgress {
    v1::InterviewProgress {
        questions: progress.questions,
        answered: progress.answered,
        evaluated: progress.evaluated,
        shown: progress.shown,
        open: Some(progress.open),
        overall_score: progress.overall_score,
    }
}

/// Converts where a question came from.
pub(super) fn source(origin: QuestionOrigin) -> v1::QuestionSource {
    match origin {
        QuestionOrigin::Bank => v1::QuestionSource::Bank,
        QuestionOrigin::Model => v1::QuestionSource::Model,
        QuestionOrigin::FollowUp => v1::QuestionSource::FollowUp,
    }
}

pub(super) fn question(question: Question) -> v1::Question {
    v1::Question {
        id: question.id.get(),
        text: question.text,
        order: question.order,
        topic: question.topic,
        source: source(question.origin).into(),
        parent_question_id: question.parent_id.map(crate::domain::id::Id::get),
        mark: question.mark.map(mark::mark),
        hints_given: question.help.hints,
        shown: question.help.shown.map(|shown| v1::ShownAnswer {
            shown_at: Some(time(shown.at)),
            reference: shown.reference,
        }),
    }
}

/// Converts a question whose reference was shown.
pub(super) fn revealed(revealed: Revealed) -> v1::RevealQuestionResponse {
    let key_points = revealed.rubric.key_points.into_iter().map(|point| point.point);
    v1::RevealQuestionResponse {
        question: Some(question(revealed.question)),
        key_points: key_points.collect(),
    }
}

/// Converts a template.
pub(super) fn template(template: Template) -> v1::Template {
    v1::Template {
        id: template.id,
        title: template.title,
        role: template.role,
        level: level(template.level).into(),
        topics: template.topics,
        available_questions: count(template.available_questions),
        description: template.description,
        minutes: minutes(template.minutes),
        parts: template.parts.into_iter().map(part).collect(),
    }
}

fn part(part: Part) -> v1::TemplatePart {
    let level = part.level.map_or(v1::Level::Unspecified, level);
    v1::TemplatePart { topic: part.topic, level: level.into(), minutes: minutes(part.minutes) }
}

fn minutes(minutes: u32) -> i32 {
    i32::try_from(minutes).unwrap_or(i32::MAX)
}

/// Converts a question with its rubric.
pub(super) fn rubric(asked: AskedQuestion) -> v1::GetRubricResponse {
    let Rubric { reference, key_points, mistakes } = asked.rubric;
    let key_points = key_points.into_iter().map(|point| v1::RubricPoint {
        point: point.point,
        weight: Some(point.weight),
        phrasings: point.phrasings,
        id: String::new(),
    });
    let mistakes = mistakes.into_iter().map(|mistake| v1::RubricMistake {
        claim: mistake.claim,
        why_wrong: mistake.why_wrong,
        id: String::new(),
    });
    v1::GetRubricResponse {
        interview_id: asked.question.interview_id.get(),
        question: Some(question(asked.question)),
        role: asked.role,
        level: level(asked.level).into(),
        reference,
        key_points: key_points.collect(),
        mistakes: mistakes.collect(),
    }
}

/// Converts a preview of an interview.
pub(super) fn preview(previewed: Previewed) -> v1::PreviewInterviewResponse {
    let source =
        if previewed.is_written { v1::QuestionSource::Model } else { v1::QuestionSource::Bank };
    let topics = previewed.bank.topics.into_iter().map(|topic| v1::TopicPreview {
        topic: topic.name,
        title: topic.title,
        level_questions: count(topic.at_level),
        fitting_questions: count(topic.fitting),
    });
    v1::PreviewInterviewResponse {
        source: source.into(),
        level: level(previewed.level).into(),
        topics: topics.collect(),
        fitting_questions: count(previewed.bank.fitting),
        new_questions: count(previewed.bank.unasked),
        summary: previewed.summary,
        notice: previewed.notice,
        role_level: previewed.role_level.map_or(v1::Level::Unspecified, level).into(),
    }
}

pub(super) fn count(of: usize) -> i32 {
    i32::try_from(of).unwrap_or(i32::MAX)
}

/// Converts an answer with its evaluation, and once that is completed, with the reference.
pub(super) fn answer(answer: Answer) -> v1::Answer {
    v1::Answer {
        id: answer.id.get(),
        question_id: answer.question_id.get(),
        answer_text: answer.text,
        submitted_at: Some(time(answer.submitted_at)),
        evaluation: Some(evaluation(answer.evaluation, answer.reference)),
        attempt: answer.attempt,
        duration_ms: answer.duration_ms,
        late: answer.is_late,
    }
}

/// Converts a report.
pub fn report(report: Report) -> v1::Report {
    let questions = report.questions.into_iter().map(|each| v1::QuestionReport {
        question: Some(question(each.question)),
        answer: each.answer.map(answer),
    });
    v1::Report {
        interview_id: report.interview.id.get(),
        role: report.interview.role,
        level: level(report.interview.level).into(),
        created_at: Some(time(report.interview.created_at)),
        questions: questions.collect(),
        overall_score: report.overall_score,
        average_scores: report.average_scores.as_ref().map(scores),
        strengths: report.strengths,
        improvements: report.improvements,
        mode: timing::mode(report.interview.timing.conditions.mode).into(),
        clock: Some(timing::clock(&report.interview.timing)),
        feedback_withheld: report.interview.timing.left.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_before_1970_has_positive_nanoseconds() {
        let wire = time(Timestamp::from_micros(-1));
        assert_eq!((wire.seconds, wire.nanos), (-1, 999_999_000));
    }
}
