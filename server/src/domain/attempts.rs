//! The attempts at a question, and a comparison of two: what the later one gained and lost.

use super::{
    answer::Answer,
    evaluation::{Assessment, KeyPointResult},
    id::UserId,
    question::Question,
    timing::Withheld,
};

/// The coverage from which a point counts as made.
const MADE: f64 = 0.99;

/// A question with every answer to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempts {
    /// The account that was asked it.
    pub owner: UserId,
    /// The question.
    pub question: Question,
    /// Every answer, oldest first.
    pub answers: Vec<Answer>,
    /// Until when their evaluations are withheld.
    pub withheld: Withheld,
}

/// A comparison of two attempts.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The earlier answer.
    pub earlier: Answer,
    /// The later answer.
    pub later: Answer,
    /// What the difference between their scores means.
    pub verdict: AttemptVerdict,
    /// One for each point of the rubric, in its order.
    pub points: Vec<PointChange>,
}

/// What the difference between two scores means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptVerdict {
    /// The later one is better by more than the grader's range.
    Better,
    /// The later one is worse by more than the grader's range.
    Worse,
    /// The difference is within the grader's range.
    NoClearDifference,
    /// The scores are from two graders, or from one whose range is not known.
    Unknown,
}

/// What two attempts show of the same point.
#[derive(Debug, Clone, PartialEq)]
pub struct PointChange {
    /// What was found of it in the earlier answer.
    pub earlier: KeyPointResult,
    /// What was found of it in the later answer.
    pub later: KeyPointResult,
}

/// Whether a point was gained or lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The later answer says more of it.
    Gained,
    /// The later answer says less of it.
    Lost,
    /// Both make it.
    Kept,
    /// Neither makes it, and neither says more of it than the other.
    Lacking,
}

/// Why two attempts cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoComparison {
    /// The attempt does not exist.
    NoAttempt,
    /// The attempt has no completed evaluation, or no other attempt has one.
    NotEvaluated,
}

impl PointChange {
    /// Whether it was gained or lost.
    pub fn change(&self) -> Change {
        let (earlier, later) = (self.earlier.coverage, self.later.coverage);
        if later > earlier {
            Change::Gained
        } else if later < earlier {
            Change::Lost
        } else if later >= MADE {
            Change::Kept
        } else {
            Change::Lacking
        }
    }
}

impl Attempts {
    /// The best of the attempts evaluated by the same grader as the latest evaluated one.
    pub fn best(&self) -> Option<&Answer> {
        let latest = self.evaluated().last()?.1;
        let comparable = self.evaluated().filter(|(_, found)| found.grader == latest.grader);
        // Of attempts with the same mean, the later one.
        let best = comparable.max_by(|(_, a), (_, b)| a.scores.mean().total_cmp(&b.scores.mean()));
        best.map(|(answer, _)| answer)
    }

    /// Compares two attempts by number. If `later` is missing, it is the latest evaluated one; if
    /// `earlier` is missing, it is the last evaluated one before that.
    pub fn compare(
        &self,
        earlier: Option<i32>,
        later: Option<i32>,
    ) -> Result<Comparison, NoComparison> {
        let (later, found) = match later {
            Some(number) => self.attempt(number)?,
            None => self.evaluated().last().ok_or(NoComparison::NotEvaluated)?,
        };
        let (earlier, before) = match earlier {
            Some(number) => self.attempt(number)?,
            None => self
                .evaluated()
                .filter(|(answer, _)| answer.attempt < later.attempt)
                .last()
                .ok_or(NoComparison::NotEvaluated)?,
        };
        Ok(Comparison {
            verdict: verdict(before, found),
            points: points(before, found),
            earlier: earlier.clone(),
            later: later.clone(),
        })
    }

    fn evaluated(&self) -> impl Iterator<Item = (&Answer, &Assessment)> {
        self.answers.iter().filter_map(|answer| Some((answer, answer.evaluation.assessment()?)))
    }

    fn attempt(&self, number: i32) -> Result<(&Answer, &Assessment), NoComparison> {
        let answer = self.answers.iter().find(|answer| answer.attempt == number);
        let answer = answer.ok_or(NoComparison::NoAttempt)?;
        let found = answer.evaluation.assessment().ok_or(NoComparison::NotEvaluated)?;
        Ok((answer, found))
    }
}

fn verdict(earlier: &Assessment, later: &Assessment) -> AttemptVerdict {
    if earlier.grader != later.grader {
        return AttemptVerdict::Unknown;
    }
    match (earlier.range, later.range) {
        (Some(earlier), Some(later)) if later.low > earlier.high => AttemptVerdict::Better,
        (Some(earlier), Some(later)) if later.high < earlier.low => AttemptVerdict::Worse,
        (Some(_), Some(_)) => AttemptVerdict::NoClearDifference,
        _ => AttemptVerdict::Unknown,
    }
}

/// Pairs the points that both evaluations have, in the order of the later one.
fn points(earlier: &Assessment, later: &Assessment) -> Vec<PointChange> {
    let pair = |found: &KeyPointResult| {
        let before = earlier.key_points.iter().find(|before| before.point == found.point)?;
        Some(PointChange { earlier: before.clone(), later: found.clone() })
    };
    later.key_points.iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        challenge::Remarks,
        clock::Timestamp,
        evaluation::{Completed, Evaluation, EvaluationState, ScoreRange},
        help::Help,
        id::{AnswerId, InterviewId, QuestionId},
        question::QuestionOrigin,
        sample,
    };

    /// An attempt with this mean, ±1, that makes the first point and covers the second by `second`.
    fn attempt(number: i32, mean: f64, second: f64, version: &str) -> Answer {
        let mut parts = sample::assessment_parts();
        parts.scores = sample::scores([mean; 4]);
        parts.range = Some(ScoreRange { low: mean - 1.0, high: mean + 1.0 });
        parts.key_points[1].coverage = second;
        if second > 0.0 {
            parts.key_points[1].evidence = "The others wait.".into();
        }
        for explanation in &mut parts.explanations {
            explanation.band = parts.scores.of(explanation.dimension).band();
        }
        parts.grader.version = version.into();
        parts.provenance.opinions.clear();
        let assessment = Assessment::check(parts, sample::ANSWER).unwrap();
        let evaluated_at = Timestamp::from_micros(1);
        let remarks = Remarks::default();
        let completed = Completed { assessment, evaluated_at, remarks };
        Answer {
            id: AnswerId::new(number.into()),
            question_id: QuestionId::new(1),
            text: sample::ANSWER.into(),
            submitted_at: evaluated_at,
            attempt: number,
            evaluation: Evaluation {
                state: EvaluationState::Completed(Box::new(completed)),
                attempts: 1,
            },
            reference: String::new(),
            duration_ms: 0,
            is_late: false,
        }
    }

    fn pending(number: i32) -> Answer {
        let state = EvaluationState::Pending { next_attempt_at: None, last_fault: None };
        let evaluation = Evaluation { state, attempts: 0 };
        Answer { evaluation, ..attempt(number, 5.0, 0.0, "1") }
    }

    fn attempts(answers: Vec<Answer>) -> Attempts {
        let question = Question {
            id: QuestionId::new(1),
            interview_id: InterviewId::new(1),
            text: "Why?".into(),
            order: 1,
            topic: String::new(),
            origin: QuestionOrigin::Bank,
            parent_id: None,
            mark: None,
            help: Help::default(),
        };
        Attempts { owner: UserId::new(1), question, answers, withheld: Withheld::default() }
    }

    fn verdict_of(earlier: Answer, later: Answer) -> AttemptVerdict {
        attempts(vec![earlier, later]).compare(None, None).unwrap().verdict
    }

    #[test]
    fn gains_and_losses_are_reported_point_by_point() {
        let changes = |earlier, later| {
            let both = attempts(vec![attempt(1, 5.0, earlier, "1"), attempt(2, 6.0, later, "1")]);
            let compared = both.compare(None, None).unwrap();
            compared.points.iter().map(PointChange::change).collect::<Vec<_>>()
        };
        assert_eq!(changes(0.0, 0.5), [Change::Kept, Change::Gained]);
        assert_eq!(changes(1.0, 0.5), [Change::Kept, Change::Lost]);
        assert_eq!(changes(0.5, 0.5), [Change::Kept, Change::Lacking]);
    }

    #[test]
    fn only_a_difference_beyond_the_graders_range_counts() {
        let at = |number, mean| attempt(number, mean, 0.0, "1");
        assert_eq!(verdict_of(at(1, 4.0), at(2, 6.5)), AttemptVerdict::Better);
        assert_eq!(verdict_of(at(1, 6.5), at(2, 4.0)), AttemptVerdict::Worse);
        assert_eq!(verdict_of(at(1, 4.0), at(2, 6.0)), AttemptVerdict::NoClearDifference);
        assert_eq!(verdict_of(at(1, 4.0), attempt(2, 6.5, 0.0, "2")), AttemptVerdict::Unknown);
    }

    #[test]
    fn the_two_latest_evaluated_attempts_are_compared_unless_others_are_named() {
        let all = attempts(vec![
            attempt(1, 7.0, 0.0, "1"),
            attempt(2, 4.0, 0.0, "1"),
            pending(3),
            attempt(4, 6.0, 0.0, "1"),
            pending(5),
        ]);
        let numbers = |earlier, later| {
            all.compare(earlier, later).map(|both| (both.earlier.attempt, both.later.attempt))
        };
        assert_eq!(numbers(None, None), Ok((2, 4)));
        assert_eq!(numbers(Some(1), None), Ok((1, 4)));
        assert_eq!(numbers(Some(4), Some(2)), Ok((4, 2)));
        assert_eq!(numbers(None, Some(1)), Err(NoComparison::NotEvaluated));
        assert_eq!(numbers(Some(3), None), Err(NoComparison::NotEvaluated));
        assert_eq!(numbers(None, Some(9)), Err(NoComparison::NoAttempt));
        assert_eq!(all.best().map(|answer| answer.attempt), Some(1));
        assert_eq!(attempts(vec![pending(1)]).best(), None);
    }

    #[test]
    fn the_best_attempt_is_by_the_grader_of_the_latest_evaluated_one() {
        let all = vec![attempt(1, 8.0, 0.0, "1"), attempt(2, 4.0, 0.0, "2"), pending(3)];
        assert_eq!(attempts(all).best().map(|answer| answer.attempt), Some(2));
    }
}
