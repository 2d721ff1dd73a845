//! Progress: parses requests, and converts histories to messages.

use viva_proto::v1;

use super::convert::{grader, scores, time};
use crate::{
    domain::{
        history::{History, InterviewScore, TopicScore},
        trends::{TopicChange, TopicPoint, TopicSeries, Totals},
        violation::{InvalidValue, Violations},
    },
    services::{ServiceError, ServiceResult},
};

/// The largest difference between a local time and UTC, in minutes.
const FURTHEST: i32 = 14 * 60;

/// Parses how many interviews a history covers, `None` for all, and how many minutes its days are
/// ahead of UTC.
pub(super) fn asked(request: v1::GetProgressRequest) -> ServiceResult<(Option<usize>, i32)> {
    let mut violations = Violations::new();
    let most = usize::try_from(request.max_interviews)
        .map_err(|_| InvalidValue::from("Number of interviews must not be negative; 0 means all"));
    let most = violations.check("max_interviews", most);
    let ahead = request.utc_offset_minutes;
    let ahead = if (-FURTHEST..=FURTHEST).contains(&ahead) {
        Ok(ahead)
    } else {
        Err(InvalidValue(format!("UTC offset must be from -{FURTHEST} to {FURTHEST} minutes")))
    };
    match (most, violations.check("utc_offset_minutes", ahead)) {
        (Some(most), Some(ahead)) => Ok(((most > 0).then_some(most), ahead)),
        _ => Err(ServiceError::Validation(violations)),
    }
}

fn small(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Converts how scores develop and how much was practised.
pub(super) fn history(history: History, totals: Totals) -> v1::GetProgressResponse {
    v1::GetProgressResponse {
        points: history.points.into_iter().map(point).collect(),
        topics: history.topics.into_iter().map(topic).collect(),
        grader: history.grader.map(grader),
        answers_of_others: small(history.answers_of_others),
        series: history.series.into_iter().map(series).collect(),
        totals: Some(v1::ProgressTotals {
            answers: i32::try_from(totals.answers).unwrap_or(i32::MAX),
            duration_ms: totals.duration_ms,
            active_days: i32::try_from(totals.active_days).unwrap_or(i32::MAX),
            week_answers: i32::try_from(totals.week_answers).unwrap_or(i32::MAX),
            week_duration_ms: totals.week_duration_ms,
        }),
    }
}

fn point(point: InterviewScore) -> v1::ProgressPoint {
    v1::ProgressPoint {
        interview_id: point.interview_id.get(),
        role: point.role,
        created_at: Some(time(point.created_at)),
        overall_score: Some(point.overall_score),
        average_scores: Some(scores(&point.average_scores)),
    }
}

fn topic(topic: TopicScore) -> v1::TopicProgress {
    let change = match topic.change {
        TopicChange::Improved => v1::TopicChange::Improved,
        TopicChange::Slipped => v1::TopicChange::Slipped,
        TopicChange::NoClearDifference => v1::TopicChange::NoClearDifference,
        TopicChange::Unknown => v1::TopicChange::Unspecified,
    };
    v1::TopicProgress {
        topic: topic.topic,
        answers: small(topic.answers),
        average_score: Some(topic.average_score),
        trend: Some(topic.trend),
        change: change.into(),
    }
}

fn series(series: TopicSeries) -> v1::TopicSeries {
    let point = |point: TopicPoint| v1::TopicPoint {
        interview_id: point.interview_id.get(),
        created_at: Some(time(point.created_at)),
        average_score: Some(point.average_score),
        answers: small(point.answers),
    };
    v1::TopicSeries {
        topic: series.topic,
        grader: Some(grader(series.grader)),
        answers: small(series.answers),
        points: series.points.into_iter().map(point).collect(),
    }
}
