//! Messages about reviews.

use std::fmt::Write as _;

use viva_proto::v1::{
    GetMemoryResponse, ListReviewsResponse, MemoryCounts, Review, ReviewRating, ReviewReason,
    SubmitReviewResponse, TopicMemory,
};

use crate::{
    text::{neutral, neutral_line},
    words,
};

fn number(of: i32) -> usize {
    usize::try_from(of).unwrap_or(0)
}

/// A point in a list: its number, its prompt and its status.
pub(super) fn row(review: &Review) -> String {
    let reason = match review.reason() {
        ReviewReason::Weak => "weak, due",
        ReviewReason::Strong => "strong, due",
        ReviewReason::Due | ReviewReason::Unspecified => "due",
    };
    format!(
        "{}  {} ({})\n    {reason} {}, recalled at {:.0} %\n",
        review.point_id,
        neutral_line(&review.prompt),
        neutral_line(&review.topic_title),
        neutral_line(&review.due_day),
        review.recall() * 100.0,
    )
}

/// Why there is nothing to review.
pub(super) fn nothing(listed: &ListReviewsResponse) -> String {
    let counts = listed.counts.clone().unwrap_or_default();
    if counts.points == 0 {
        return "Nothing to review yet: the points of your answers come here once they are evaluated."
            .to_owned();
    }
    if counts.due > 0 {
        let done = words::count(number(counts.done_today), "point");
        return format!(
            "That is it for today: {done} reviewed. {} more {} due: viva review --more",
            counts.due,
            if counts.due == 1 { "is" } else { "are" },
        );
    }
    match counts.next_due_day.as_str() {
        "" => "Nothing is due.".to_owned(),
        day => format!("Nothing is due today. The next one comes on {}.", neutral_line(day)),
    }
}

/// The result of an answer.
pub(super) fn reply(reply: &SubmitReviewResponse) -> String {
    let lead = match reply.rating() {
        ReviewRating::Unspecified => return format!("{}\n", neutral(&reply.failure_reason)),
        ReviewRating::Again => "Missed.",
        ReviewRating::Hard => "Touched on.",
        ReviewRating::Good | ReviewRating::Easy => "Right.",
    };
    let mut said = format!("{lead}\n");
    if !reply.evidence.is_empty() {
        let _ = writeln!(said, "  You said: “{}”", neutral_line(&reply.evidence));
    }
    if !reply.correction.is_empty() {
        let _ = writeln!(said, "  What is wrong: {}", neutral_line(&reply.correction));
    }
    let _ = writeln!(said, "  The point: {}", neutral_line(&reply.point));
    let days = words::count(number(reply.due_in_days), "day");
    let _ = writeln!(said, "  It comes back in {days}, on {}.", neutral_line(&reply.due_day));
    said
}

/// What is due, and how well each topic is remembered.
pub(super) fn status(memory: &GetMemoryResponse) -> String {
    let counts = memory.counts.clone().unwrap_or_default();
    let mut said = format!("{}\n", today(&counts));
    if !counts.next_due_day.is_empty() {
        let _ = writeln!(said, "The next day with points: {}.", neutral_line(&counts.next_due_day));
    }
    let _ = writeln!(said, "Days are those of {}.", neutral_line(&memory.time_zone));
    if !memory.topics.is_empty() {
        let _ = writeln!(said, "\nTopics, weakest first");
        said.extend(memory.topics.iter().map(topic));
    }
    said
}

fn today(counts: &MemoryCounts) -> String {
    format!(
        "{} in memory, {} due; today {} left and {} reviewed.",
        words::count(number(counts.points), "point"),
        counts.due,
        counts.left_today,
        counts.done_today,
    )
}

fn topic(topic: &TopicMemory) -> String {
    format!(
        "  {:>3.0} %  {}: {}, {} due\n",
        topic.strength() * 100.0,
        neutral_line(&topic.title),
        words::count(number(topic.points), "point"),
        topic.due,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_quotes_the_answer_and_says_when_the_point_comes_back() {
        let found = SubmitReviewResponse {
            rating: ReviewRating::Hard.into(),
            point: "Waiting costs time.".into(),
            evidence: "the others\u{1b}[2J wait".into(),
            due_day: "2026-12-04".into(),
            due_in_days: 3,
            ..SubmitReviewResponse::default()
        };
        let said = reply(&found);
        assert!(said.starts_with("Touched on.\n  You said: “the others"), "{said}");
        assert!(said.ends_with("It comes back in 3 days, on 2026-12-04.\n"), "{said}");
        assert!(!said.contains('\u{1b}'), "{said}");
        let declined = SubmitReviewResponse {
            failure_reason: "Answer in English.".into(),
            ..SubmitReviewResponse::default()
        };
        assert_eq!(reply(&declined), "Answer in English.\n");
    }

    #[test]
    fn with_nothing_to_review_the_message_says_why() {
        let listed = |points, due, next: &str| ListReviewsResponse {
            reviews: Vec::new(),
            counts: Some(MemoryCounts {
                points,
                due,
                next_due_day: next.into(),
                ..MemoryCounts::default()
            }),
        };
        assert!(nothing(&listed(0, 0, "")).starts_with("Nothing to review yet"));
        assert!(nothing(&listed(9, 1, "")).contains("1 more is due: viva review --more"));
        assert!(nothing(&listed(9, 0, "2026-12-02")).ends_with("comes on 2026-12-02."));
    }
}
