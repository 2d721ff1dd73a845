//! Values of the domain as messages of the wire. With `request`, the only place that sees both.

use prost_types::Timestamp as WireTime;
use viva_proto::v1;

use super::mark;
use crate::{
    domain::{
        account::User,
        answer::Answer,
        clock::Timestamp,
        evaluation::{Assessment, Evaluation, EvaluationState, Grader, GraderKind, Refusal},
        history::History,
        interview::{Interview, Level, Part, Progress},
        provenance::Provenance,
        question::{AskedQuestion, Question, QuestionOrigin, Rubric},
        report::Report,
        score::{Dimension, Scores},
    },
    questions::template::Template,
    services::{accounts::SessionTokens, interviews::Previewed},
};

/// A moment.
pub(super) fn time(at: Timestamp) -> WireTime {
    let micros = at.micros();
    // The remainder is below a million, so its nanoseconds fit.
    let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1000).unwrap_or(0);
    WireTime { seconds: micros.div_euclid(1_000_000), nanos }
}

/// An account.
pub(super) fn user(user: User) -> v1::User {
    v1::User {
        id: user.id.get(),
        username: user.username,
        email: user.email,
        created_at: Some(time(user.created_at)),
    }
}

/// A session's tokens.
pub fn session(tokens: SessionTokens) -> v1::Session {
    v1::Session {
        access_token: tokens.access.token,
        token_type: "Bearer".to_owned(),
        access_token_expires_at: Some(time(tokens.access.expires_at)),
        refresh_token: tokens.refresh_token,
        refresh_token_expires_at: Some(time(tokens.refresh_expires_at)),
    }
}

/// A level.
pub(super) fn level(level: Level) -> v1::Level {
    match level {
        Level::Junior => v1::Level::Junior,
        Level::Mid => v1::Level::Mid,
        Level::Senior => v1::Level::Senior,
        Level::Staff => v1::Level::Staff,
    }
}

/// An interview with the questions that it carries.
pub(super) fn interview(interview: Interview) -> v1::Interview {
    v1::Interview {
        id: interview.id.get(),
        role: interview.role,
        level: level(interview.level).into(),
        created_at: Some(time(interview.created_at)),
        questions: interview.questions.into_iter().map(question).collect(),
        progress: Some(progress(interview.progress)),
        language: interview.language,
    }
}

fn progress(progress: Progress) -> v1::InterviewProgress {
    v1::InterviewProgress {
        questions: progress.questions,
        answered: progress.answered,
        evaluated: progress.evaluated,
        overall_score: progress.overall_score,
    }
}

/// Where a question came from.
pub(super) fn source(origin: QuestionOrigin) -> v1::QuestionSource {
    match origin {
        QuestionOrigin::Bank => v1::QuestionSource::Bank,
        QuestionOrigin::Model => v1::QuestionSource::Model,
        QuestionOrigin::FollowUp => v1::QuestionSource::FollowUp,
    }
}

fn question(question: Question) -> v1::Question {
    v1::Question {
        id: question.id.get(),
        text: question.text,
        order: question.order,
        topic: question.topic,
        source: source(question.origin).into(),
        parent_question_id: question.parent_id.map(crate::domain::id::Id::get),
        mark: question.mark.map(mark::mark),
    }
}

/// A template.
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

/// A question with what its answers are graded by.
pub(super) fn rubric(asked: AskedQuestion) -> v1::GetRubricResponse {
    let Rubric { reference, key_points, mistakes } = asked.rubric;
    let key_points = key_points.into_iter().map(|point| v1::RubricPoint {
        point: point.point,
        weight: Some(point.weight),
        phrasings: point.phrasings,
    });
    let mistakes = mistakes
        .into_iter()
        .map(|mistake| v1::RubricMistake { claim: mistake.claim, why_wrong: mistake.why_wrong });
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

/// What an interview would be.
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

fn count(of: usize) -> i32 {
    i32::try_from(of).unwrap_or(i32::MAX)
}

/// An answer with its evaluation. The reference answer goes along only once that is completed.
pub(super) fn answer(answer: Answer) -> v1::Answer {
    v1::Answer {
        id: answer.id.get(),
        question_id: answer.question_id.get(),
        answer_text: answer.text,
        submitted_at: Some(time(answer.submitted_at)),
        evaluation: Some(evaluation(answer.evaluation, answer.reference)),
        attempt: answer.attempt,
    }
}

fn evaluation(evaluation: Evaluation, reference: String) -> v1::Evaluation {
    let attempts = evaluation.attempts;
    match evaluation.state {
        EvaluationState::Pending { next_attempt_at, last_fault } => v1::Evaluation {
            status: v1::EvaluationStatus::Pending.into(),
            attempts,
            next_attempt_at: next_attempt_at.map(time),
            last_fault: last_fault.unwrap_or_default(),
            ..v1::Evaluation::default()
        },
        EvaluationState::Failed { reason, refusal } => v1::Evaluation {
            status: v1::EvaluationStatus::Failed.into(),
            attempts,
            failure_reason: reason,
            failure_code: refusal.map_or(v1::FailureCode::Unspecified, failure_code).into(),
            ..v1::Evaluation::default()
        },
        EvaluationState::Completed(completed) => v1::Evaluation {
            attempts,
            evaluated_at: Some(time(completed.evaluated_at)),
            reference_answer: reference,
            ..assessment(completed.assessment)
        },
    }
}

/// An evaluation that the grader declined to give.
pub fn refusal(refusal: Refusal) -> v1::Evaluation {
    v1::Evaluation {
        status: v1::EvaluationStatus::Failed.into(),
        failure_reason: refusal.reason().to_owned(),
        failure_code: failure_code(refusal).into(),
        ..v1::Evaluation::default()
    }
}

fn failure_code(refusal: Refusal) -> v1::FailureCode {
    match refusal {
        Refusal::LanguageNotSupported => v1::FailureCode::LanguageNotSupported,
        Refusal::NotAnAnswer => v1::FailureCode::NotAnAnswer,
        Refusal::OffTopic => v1::FailureCode::OffTopic,
    }
}

/// A completed evaluation, as far as the grader knows it.
pub fn assessment(assessment: Assessment) -> v1::Evaluation {
    let parts = assessment.into_parts();
    let key_points = parts.key_points.into_iter().map(|found| v1::KeyPointResult {
        point: found.point,
        weight: found.weight,
        coverage: found.coverage,
        evidence: found.evidence,
        confidence: found.confidence,
    });
    let explanations = parts.explanations.into_iter().map(|explained| v1::ScoreExplanation {
        dimension: dimension(explained.dimension).into(),
        band: explained.band.word().to_owned(),
        reason: explained.reason,
        evidence: explained.evidence,
        next_step: explained.next_step,
    });
    v1::Evaluation {
        status: v1::EvaluationStatus::Completed.into(),
        scores: Some(scores(&parts.scores)),
        feedback: parts.feedback,
        suggestions: parts.suggestions,
        key_points: key_points.collect(),
        explanations: explanations.collect(),
        grader: Some(grader(parts.grader)),
        provenance: Some(provenance(parts.provenance)),
        range: parts.range.map(|range| v1::ScoreRange { low: range.low, high: range.high }),
        needs_review: parts.needs_review,
        ..v1::Evaluation::default()
    }
}

fn grader(grader: Grader) -> v1::Grader {
    let kind = match grader.kind {
        GraderKind::Offline => v1::GraderKind::Offline,
        GraderKind::Model => v1::GraderKind::Model,
    };
    v1::Grader { kind: kind.into(), name: grader.name, version: grader.version }
}

fn provenance(provenance: Provenance) -> v1::Provenance {
    let small = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let opinions = provenance.opinions.into_iter().map(|opinion| v1::Opinion {
        grader: Some(grader(opinion.grader)),
        scores: Some(scores(&opinion.scores)),
        stands: opinion.stands,
    });
    v1::Provenance {
        duration_ms: i64::try_from(provenance.duration.as_millis()).unwrap_or(i64::MAX),
        model_calls: small(provenance.model_calls),
        prompt_tokens: small(provenance.tokens.prompt),
        completion_tokens: small(provenance.tokens.completion),
        opinions: opinions.collect(),
        note: provenance.note,
    }
}

fn dimension(dimension: Dimension) -> v1::Dimension {
    match dimension {
        Dimension::Correctness => v1::Dimension::Correctness,
        Dimension::Completeness => v1::Dimension::Completeness,
        Dimension::Quality => v1::Dimension::Quality,
        Dimension::Communication => v1::Dimension::Communication,
    }
}

fn scores(scores: &Scores) -> v1::Scores {
    v1::Scores {
        correctness: scores.correctness.get(),
        completeness: scores.completeness.get(),
        quality: scores.quality.get(),
        communication: scores.communication.get(),
    }
}

/// A report.
pub(super) fn report(report: Report) -> v1::Report {
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
    }
}

/// How scores develop.
pub(super) fn history(history: History) -> v1::GetProgressResponse {
    let small = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let points = history.points.into_iter().map(|point| v1::ProgressPoint {
        interview_id: point.interview_id.get(),
        role: point.role,
        created_at: Some(time(point.created_at)),
        overall_score: point.overall_score,
        average_scores: Some(scores(&point.average_scores)),
    });
    let topics = history.topics.into_iter().map(|topic| v1::TopicProgress {
        topic: topic.topic,
        answers: small(topic.answers),
        average_score: topic.average_score,
        trend: topic.trend,
    });
    v1::GetProgressResponse {
        points: points.collect(),
        topics: topics.collect(),
        grader: history.grader.map(grader),
        answers_of_others: small(history.answers_of_others),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_before_1970_keeps_its_nanoseconds_positive() {
        let wire = time(Timestamp::from_micros(-1));
        assert_eq!((wire.seconds, wire.nanos), (-1, 999_999_000));
    }
}
