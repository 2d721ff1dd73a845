//! Reviews: parses requests, and converts reviews and memories to messages.

use viva_proto::v1;

use super::convert::{count, failure_code};
use crate::{
    domain::{
        id::{PointId, QuestionId},
        memory::{
            Counts, DAILY_LIMIT, Rating, Reason, parse_answer, parse_postponement,
            parse_prompt_number,
        },
        text::IdempotencyKey,
        violation::{InvalidValue, Violations},
    },
    memory::calendar::Zone,
    services::{
        ServiceError, ServiceResult,
        memory::{Mode, Overview, Review, ReviewDraft, Reviewed, Reviews, TopicMemory},
    },
};

/// Parses the time zone of a request without other fields to check.
pub(super) fn zone(name: &str) -> ServiceResult<Option<Zone>> {
    let mut violations = Violations::new();
    let zone = violations.check("time_zone", Zone::parse_optional(name));
    zone.ok_or(ServiceError::Validation(violations))
}

/// Parses the new time zone of an account.
pub(super) fn required_zone(name: &str) -> ServiceResult<Zone> {
    let mut violations = Violations::new();
    let zone = violations.check("time_zone", Zone::parse(name));
    zone.ok_or(ServiceError::Validation(violations))
}

/// Parses which reviews to list.
pub(super) fn list(request: &v1::ListReviewsRequest) -> ServiceResult<(Mode, Option<Zone>)> {
    let mut violations = Violations::new();
    let mode = match v1::ReviewMode::try_from(request.mode) {
        Ok(v1::ReviewMode::Unspecified | v1::ReviewMode::Due) => {
            Ok(Mode::Due { more: request.more })
        }
        Ok(v1::ReviewMode::Drill) => Ok(Mode::Drill),
        Err(_) => Err(InvalidValue::from("Mode must be due or drill")),
    };
    let mode = violations.check("mode", mode);
    let zone = violations.check("time_zone", Zone::parse_optional(&request.time_zone));
    mode.zip(zone).ok_or(ServiceError::Validation(violations))
}

/// Parses an answer to a prompt.
pub(super) fn draft(request: &v1::SubmitReviewRequest) -> ServiceResult<ReviewDraft> {
    let mut violations = Violations::new();
    let prompt = violations.check("prompt_number", parse_prompt_number(request.prompt_number));
    let answer = violations.check("answer_text", parse_answer(&request.answer_text));
    let key = violations.check("idempotency_key", IdempotencyKey::parse(&request.idempotency_key));
    let zone = violations.check("time_zone", Zone::parse_optional(&request.time_zone));
    match (prompt, answer, key, zone) {
        (Some(prompt), Some(answer), Some(key), Some(zone)) => {
            let point_id = PointId::new(request.point_id);
            Ok(ReviewDraft { point_id, prompt, answer, key, zone })
        }
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// A point, the number of days to postpone it, and the time zone.
pub(super) type Postponement = (PointId, i32, Option<Zone>);

/// Parses a request to postpone a point.
pub(super) fn postponement(request: &v1::PostponeReviewRequest) -> ServiceResult<Postponement> {
    let mut violations = Violations::new();
    let days = violations.check("days", parse_postponement(request.days));
    let zone = violations.check("time_zone", Zone::parse_optional(&request.time_zone));
    match (days, zone) {
        (Some(days), Some(zone)) => Ok((PointId::new(request.point_id), days, zone)),
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// Converts what an account remembers.
pub(super) fn overview(overview: Overview) -> v1::GetMemoryResponse {
    v1::GetMemoryResponse {
        counts: Some(counts(overview.counts)),
        topics: overview.topics.into_iter().map(topic).collect(),
        today: overview.today.to_string(),
        time_zone: overview.zone.name().to_owned(),
    }
}

fn topic(topic: TopicMemory) -> v1::TopicMemory {
    v1::TopicMemory {
        topic: topic.topic,
        title: topic.title,
        points: count(topic.points),
        due: count(topic.due),
        strength: Some(topic.strength),
    }
}

fn counts(counts: Counts) -> v1::MemoryCounts {
    v1::MemoryCounts {
        points: count(counts.points),
        due: count(counts.due),
        left_today: count(counts.left_today),
        done_today: count(counts.done_today),
        daily_limit: count(DAILY_LIMIT),
        next_due_day: counts.next_due.map(|day| day.to_string()).unwrap_or_default(),
    }
}

/// Converts points to review.
pub(super) fn reviews(reviews: Reviews) -> v1::ListReviewsResponse {
    v1::ListReviewsResponse {
        reviews: reviews.reviews.into_iter().map(review).collect(),
        counts: Some(counts(reviews.counts)),
    }
}

fn review(review: Review) -> v1::Review {
    let reason = match review.reason {
        Reason::Due => v1::ReviewReason::Due,
        Reason::Weak => v1::ReviewReason::Weak,
        Reason::Strong => v1::ReviewReason::Strong,
    };
    v1::Review {
        point_id: review.point_id.get(),
        prompt: review.prompt,
        prompt_number: review.prompt_number,
        topic: review.topic,
        topic_title: review.topic_title,
        question: review.question,
        question_id: review.question_id.map_or(0, QuestionId::get),
        due_day: review.due_on.to_string(),
        reason: reason.into(),
        recall: Some(review.recall.into()),
        ratings: review.ratings,
    }
}

/// Converts the result of an answer to a prompt.
pub(super) fn reviewed(reviewed: Reviewed) -> v1::SubmitReviewResponse {
    let reply = v1::SubmitReviewResponse {
        due_day: reviewed.due_on.to_string(),
        due_in_days: reviewed.due_on.since(reviewed.today),
        counts: Some(counts(reviewed.counts)),
        ..v1::SubmitReviewResponse::default()
    };
    match reviewed.outcome {
        Ok(review) => v1::SubmitReviewResponse {
            rating: rating(review.rating).into(),
            point: reviewed.point,
            coverage: Some(review.coverage),
            evidence: review.evidence,
            correction: review.correction,
            ..reply
        },
        Err(declined) => v1::SubmitReviewResponse {
            failure_code: failure_code(declined.refusal).into(),
            failure_reason: declined.reason,
            ..reply
        },
    }
}

const fn rating(rating: Rating) -> v1::ReviewRating {
    match rating {
        Rating::Again => v1::ReviewRating::Again,
        Rating::Hard => v1::ReviewRating::Hard,
        Rating::Good => v1::ReviewRating::Good,
        Rating::Easy => v1::ReviewRating::Easy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_with_a_review_is_reported_together() {
        let request = v1::SubmitReviewRequest {
            point_id: -1,
            prompt_number: -1,
            answer_text: "\0".into(),
            idempotency_key: "k".repeat(65),
            time_zone: "Berlin".into(),
        };
        let Err(ServiceError::Validation(violations)) = draft(&request) else { panic!() };
        let fields: Vec<_> = violations.list().iter().map(|each| each.field.as_str()).collect();
        assert_eq!(fields, ["prompt_number", "answer_text", "idempotency_key", "time_zone"]);
    }

    #[test]
    fn a_list_has_due_points_unless_a_drill_is_requested() {
        let mode = |mode, more| {
            let request = v1::ListReviewsRequest { mode, more, ..Default::default() };
            list(&request).map(|(mode, _)| mode).ok()
        };
        assert_eq!(mode(0, false), Some(Mode::Due { more: false }));
        assert_eq!(mode(1, true), Some(Mode::Due { more: true }));
        assert_eq!(mode(2, true), Some(Mode::Drill));
        assert_eq!(mode(77, false), None);
    }
}
