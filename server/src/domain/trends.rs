//! How scores for a topic develop over time, and from the earlier half of the answers to the later.

use super::{
    clock::Timestamp,
    evaluation::{Grader, ScoreRange},
    history::GradedAnswer,
    id::InterviewId,
    report::overall_score,
    score::Scores,
};

/// The most points in a series; more than a chart can show apart.
const MOST_POINTS: usize = 200;

/// The fewest answers from which a change is judged.
const FEW: usize = 3;

/// The scores that one grader gave for one topic, over time.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicSeries {
    /// The topic.
    pub topic: String,
    /// The grader that gave the scores.
    pub grader: Grader,
    /// Answers that count, at least 1.
    pub answers: usize,
    /// One point for each interview, oldest first.
    pub points: Vec<TopicPoint>,
}

/// The scores for a topic in one interview.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicPoint {
    /// The interview.
    pub interview_id: InterviewId,
    /// When it was created.
    pub created_at: Timestamp,
    /// The mean of its answers' means, 0 to 10.
    pub average_score: f64,
    /// Answers that count, at least 1.
    pub answers: usize,
}

/// How a topic has changed from the earlier half of its answers to the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicChange {
    /// It is better by more than the grader's range.
    Improved,
    /// It is worse by more than the grader's range.
    Slipped,
    /// The difference is within the grader's range.
    NoClearDifference,
    /// Too few answers, or the grader's range is unknown.
    Unknown,
}

/// How much an account has practised, counting all graders and attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many answers it has given.
    pub answers: i64,
    /// How many milliseconds they took, as far as measured.
    pub duration_ms: i64,
    /// Days with at least one answer.
    pub active_days: i64,
    /// Answers of the last seven days.
    pub week_answers: i64,
    /// Milliseconds that these took, where measured.
    pub week_duration_ms: i64,
}

impl TopicSeries {
    /// The series of a topic from its answers by one grader, given in the order of their
    /// interviews; `None` without answers.
    pub(super) fn of(topic: &str, grader: &Grader, answers: &[&GradedAnswer]) -> Option<Self> {
        let interviews = answers.chunk_by(|a, b| a.interview_id == b.interview_id);
        let mut points: Vec<_> = interviews.filter_map(TopicPoint::of).collect();
        points.drain(..points.len().saturating_sub(MOST_POINTS));
        (!points.is_empty()).then(|| Self {
            topic: topic.to_owned(),
            grader: grader.clone(),
            answers: answers.len(),
            points,
        })
    }
}

impl TopicPoint {
    fn of(answers: &[&GradedAnswer]) -> Option<Self> {
        let first = answers.first()?;
        let scores: Vec<Scores> = answers.iter().map(|answer| answer.scores).collect();
        Some(Self {
            interview_id: first.interview_id,
            created_at: first.created_at,
            average_score: overall_score(&scores)?,
            answers: answers.len(),
        })
    }
}

impl TopicChange {
    /// The change from the earlier half of a topic's answers by one grader to the later half. The
    /// range of a half is the mean of its answers' ranges, since the grader may make the same error
    /// in all of them.
    pub(super) fn of(answers: &[&GradedAnswer]) -> Self {
        if answers.len() < FEW {
            return Self::Unknown;
        }
        let half = answers.len() / 2;
        let (earlier, later) = (&answers[..half], &answers[answers.len() - half..]);
        match (mean_range(earlier), mean_range(later)) {
            (Some(earlier), Some(later)) if later.low > earlier.high => Self::Improved,
            (Some(earlier), Some(later)) if later.high < earlier.low => Self::Slipped,
            (Some(_), Some(_)) => Self::NoClearDifference,
            _ => Self::Unknown,
        }
    }
}

fn mean_range(answers: &[&GradedAnswer]) -> Option<ScoreRange> {
    let ranges: Vec<ScoreRange> =
        answers.iter().map(|answer| answer.range).collect::<Option<_>>()?;
    let mean =
        |end: fn(&ScoreRange) -> f64| ranges.iter().map(end).sum::<f64>() / ranges.len() as f64;
    Some(ScoreRange { low: mean(|range| range.low), high: mean(|range| range.high) })
}
