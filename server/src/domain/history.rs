//! How a candidate's scores develop over interviews and by topic; [`super::report`] covers one.

use super::{
    clock::Timestamp,
    evaluation::{Grader, ScoreRange},
    id::InterviewId,
    report::{by_grader, overall_score},
    score::Scores,
    timing::Withheld,
    trends::{TopicChange, TopicSeries},
};

/// The topic given to questions without one.
const NO_TOPIC: &str = "general";

/// The latest answer to a question, once it is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct GradedAnswer {
    /// The interview that the question belongs to.
    pub interview_id: InterviewId,
    /// That interview's role.
    pub role: String,
    /// When that interview was created.
    pub created_at: Timestamp,
    /// The question's topic; empty when unknown.
    pub topic: String,
    /// The grader that gave the scores.
    pub grader: Grader,
    /// The scores.
    pub scores: Scores,
    /// Until when they are withheld.
    pub withheld: Withheld,
    /// How certain their mean is; `None` if the grader's uncertainty has not been measured.
    pub range: Option<ScoreRange>,
}

/// How scores develop. Everything except the series comes from one grader.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// Interviews that have a score, oldest first.
    pub points: Vec<InterviewScore>,
    /// Their topics, weakest first; equal ones in the order in which they first occur.
    pub topics: Vec<TopicScore>,
    /// The grader that gave the scores; `None` without scores.
    pub grader: Option<Grader>,
    /// How many answers are left out because other graders evaluated them.
    pub answers_of_others: usize,
    /// Each topic over time, once per grader: `grader` first, and within a grader weakest first.
    pub series: Vec<TopicSeries>,
}

/// An interview's score.
#[derive(Debug, Clone, PartialEq)]
pub struct InterviewScore {
    /// Its id.
    pub interview_id: InterviewId,
    /// Its role.
    pub role: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// The mean of its answers' means, 0 to 10.
    pub overall_score: f64,
    /// The mean of each score.
    pub average_scores: Scores,
}

/// A topic's score.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicScore {
    /// The topic.
    pub topic: String,
    /// Answers that count, at least 1.
    pub answers: usize,
    /// The mean of their means, 0 to 10.
    pub average_score: f64,
    /// The mean of the later half minus that of the earlier half, -10 to 10; with an odd number,
    /// the middle answer is in neither. 0 with fewer than two answers.
    pub trend: f64,
    /// Whether the difference is larger than the grader's range.
    pub change: TopicChange,
}

impl History {
    /// The history of a candidate's graded answers, given in the order of their interviews and
    /// questions. `most` limits it to each grader's newest interviews.
    pub fn of(answers: Vec<GradedAnswer>, most: Option<usize>) -> Self {
        let all = answers.len();
        let graded = answers.into_iter().map(|answer| (answer.grader.clone(), answer));
        let graders = by_grader(graded);
        let series = graders.iter().flat_map(|(grader, answers)| {
            let interviews = newest(answers, most);
            let topics = topics(&interviews).into_iter();
            topics.filter_map(|(topic, _, answers)| TopicSeries::of(topic, grader, &answers))
        });
        let series = series.collect();
        let Some((grader, answers)) = graders.first() else { return Self::default() };
        let interviews = newest(answers, most);
        Self {
            points: interviews.iter().filter_map(|answers| point(answers)).collect(),
            topics: topics(&interviews).into_iter().map(|(_, score, _)| score).collect(),
            grader: Some(grader.clone()),
            answers_of_others: all - answers.len(),
            series,
        }
    }
}

/// Returns the answers of the newest `most` interviews, grouped by interview.
fn newest(answers: &[GradedAnswer], most: Option<usize>) -> Vec<&[GradedAnswer]> {
    let mut interviews: Vec<_> =
        answers.chunk_by(|a, b| a.interview_id == b.interview_id).collect();
    let left_out = most.map_or(0, |most| interviews.len().saturating_sub(most));
    interviews.drain(..left_out);
    interviews
}

fn point(answers: &[GradedAnswer]) -> Option<InterviewScore> {
    let first = answers.first()?;
    let scores: Vec<Scores> = answers.iter().map(|answer| answer.scores).collect();
    Some(InterviewScore {
        interview_id: first.interview_id,
        role: first.role.clone(),
        created_at: first.created_at,
        overall_score: overall_score(&scores)?,
        average_scores: Scores::average(&scores)?,
    })
}

/// Returns every topic with its score and answers, weakest first.
fn topics<'a>(
    interviews: &[&'a [GradedAnswer]],
) -> Vec<(&'a str, TopicScore, Vec<&'a GradedAnswer>)> {
    let mut by_topic: Vec<(&str, Vec<&GradedAnswer>)> = Vec::new();
    for answer in interviews.iter().copied().flatten() {
        let topic = if answer.topic.is_empty() { NO_TOPIC } else { &answer.topic };
        match by_topic.iter_mut().find(|(known, _)| *known == topic) {
            Some((_, answers)) => answers.push(answer),
            None => by_topic.push((topic, vec![answer])),
        }
    }
    let scored = |(topic, answers): (&'a str, Vec<&'a GradedAnswer>)| {
        Some((topic, topic_score(topic, &answers)?, answers))
    };
    let mut topics: Vec<_> = by_topic.into_iter().filter_map(scored).collect();
    topics.sort_by(|(_, a, _), (_, b, _)| a.average_score.total_cmp(&b.average_score));
    topics
}

fn topic_score(topic: &str, answers: &[&GradedAnswer]) -> Option<TopicScore> {
    let scores: Vec<Scores> = answers.iter().map(|answer| answer.scores).collect();
    Some(TopicScore {
        topic: topic.to_owned(),
        answers: scores.len(),
        average_score: overall_score(&scores)?,
        trend: trend(&scores),
        change: TopicChange::of(answers),
    })
}

/// Returns the mean of the later half minus that of the earlier half; 0 with fewer than two scores.
fn trend(scores: &[Scores]) -> f64 {
    let half = scores.len() / 2;
    let earlier = overall_score(&scores[..half]);
    let later = overall_score(&scores[scores.len() - half..]);
    earlier.zip(later).map_or(0.0, |(earlier, later)| later - earlier)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{evaluation::GraderKind, sample};

    fn grader(version: &str) -> Grader {
        Grader {
            kind: GraderKind::Offline,
            name: "viva-offline".into(),
            version: version.to_owned(),
        }
    }

    /// An answer in an interview, about a topic, with `score` in each dimension.
    fn answer(interview: i64, topic: &str, score: f64) -> GradedAnswer {
        GradedAnswer {
            interview_id: InterviewId::new(interview),
            role: format!("Role {interview}"),
            created_at: Timestamp::from_micros(interview),
            topic: topic.into(),
            grader: grader("1"),
            scores: sample::scores([score; 4]),
            withheld: Withheld::default(),
            range: Some(ScoreRange { low: score - 0.5, high: score + 0.5 }),
        }
    }

    #[test]
    fn interviews_come_oldest_first_and_topics_weakest_first() {
        let history = History::of(
            vec![answer(1, "rust", 8.0), answer(1, "tls", 4.0), answer(5, "rust", 6.0)],
            None,
        );
        let points: Vec<_> =
            history.points.iter().map(|p| (p.interview_id.get(), p.overall_score)).collect();
        assert_eq!(points, [(1, 6.0), (5, 6.0)]);
        let topics: Vec<_> = history
            .topics
            .iter()
            .map(|t| (t.topic.as_str(), t.answers, t.average_score, t.trend))
            .collect();
        assert_eq!(topics, [("tls", 1, 4.0, 0.0), ("rust", 2, 7.0, -2.0)]);
    }

    #[test]
    fn only_the_newest_interviews_count_when_a_number_is_given() {
        let answers = vec![answer(1, "rust", 2.0), answer(2, "rust", 5.0), answer(3, "rust", 7.0)];
        let history = History::of(answers, Some(2));
        assert_eq!(history.points.len(), 2);
        assert_eq!((history.topics[0].answers, history.topics[0].average_score), (2, 6.0));
    }

    #[test]
    fn scores_of_other_graders_are_left_out_and_counted() {
        let mut others = answer(3, "tls", 10.0);
        others.grader = grader("2");
        let history = History::of(vec![answer(1, "rust", 5.0), answer(2, "", 5.0), others], None);
        assert_eq!(history.grader, Some(grader("1")));
        assert_eq!((history.points.len(), history.answers_of_others), (2, 1));
        let topics: Vec<_> = history.topics.iter().map(|t| t.topic.as_str()).collect();
        assert_eq!(topics, ["rust", NO_TOPIC]);
    }

    #[test]
    fn each_topic_has_a_separate_series_for_each_grader() {
        let by = |version: &str, answer: GradedAnswer| GradedAnswer {
            grader: grader(version),
            ..answer
        };
        let answers = vec![
            answer(1, "rust", 4.0),
            answer(1, "rust", 6.0),
            answer(1, "tls", 3.0),
            by("2", answer(2, "rust", 9.0)),
            answer(3, "rust", 7.0),
        ];
        let of = |most| {
            let series = History::of(answers.clone(), most).series.into_iter();
            let point = |p: &super::super::trends::TopicPoint| {
                (p.interview_id.get(), p.average_score, p.answers)
            };
            series
                .map(|s| (s.grader.version, s.topic, s.points.iter().map(point).collect()))
                .collect::<Vec<(_, _, Vec<_>)>>()
        };
        let series = |version: &str, topic: &str, points| (version.into(), topic.into(), points);
        let (tls, rust) = (vec![(1, 3.0, 1)], vec![(1, 5.0, 2), (3, 7.0, 1)]);
        let other = series("2", "rust", vec![(2, 9.0, 1)]);
        assert_eq!(of(None), [series("1", "tls", tls), series("1", "rust", rust), other.clone()]);
        assert_eq!(of(Some(1)), [series("1", "rust", vec![(3, 7.0, 1)]), other]);
        let long: Vec<_> = (0..300).map(|at| answer(at, "rust", 5.0)).collect();
        let series = &History::of(long, None).series[0];
        assert_eq!((series.answers, series.points.len()), (300, 200));
        assert_eq!(series.points[0].interview_id.get(), 100, "the newest stay");
    }

    #[test]
    fn a_topic_has_changed_only_beyond_the_graders_range() {
        let change = |scores: &[f64]| {
            let answers = (0..).zip(scores).map(|(at, score)| answer(at, "rust", *score));
            History::of(answers.collect(), None).topics[0].change
        };
        assert_eq!(change(&[2.0, 9.0]), TopicChange::Unknown, "two answers are too few");
        assert_eq!(change(&[2.0, 5.0, 4.0]), TopicChange::Improved);
        assert_eq!(change(&[4.0, 5.0, 2.0]), TopicChange::Slipped);
        assert_eq!(change(&[2.0, 5.0, 2.9]), TopicChange::NoClearDifference);
        let mut answers: Vec<_> = (0..4).map(|at| answer(at, "rust", at as f64)).collect();
        answers[3].range = None;
        assert_eq!(History::of(answers, None).topics[0].change, TopicChange::Unknown);
    }

    #[test]
    fn without_evaluations_the_history_is_empty() {
        assert_eq!(History::of(Vec::new(), None), History::default());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn every_figure_stays_within_its_range_and_every_answer_is_counted_once(
            given in proptest::collection::vec((1..8_i64, 0..4_usize, 0.0..=10.0_f64), 0..60),
        ) {
            let mut given = given;
            given.sort_by_key(|(interview, ..)| *interview);
            let answers: Vec<_> = given
                .iter()
                .map(|(interview, topic, score)| {
                    answer(*interview, ["", "a", "b", "c"][*topic], *score)
                })
                .collect();
            let history = History::of(answers, None);
            let counted: usize = history.topics.iter().map(|t| t.answers).sum();
            prop_assert_eq!(counted, given.len());
            let drawn = history.series.iter().flat_map(|s| &s.points).map(|p| p.answers);
            prop_assert_eq!(drawn.sum::<usize>(), given.len());
            for topic in &history.topics {
                prop_assert!((0.0..=10.0).contains(&topic.average_score));
                prop_assert!((-10.0..=10.0).contains(&topic.trend));
            }
            prop_assert!(history.topics.is_sorted_by_key(|t| t.average_score));
            prop_assert!(history.points.is_sorted_by_key(|p| p.interview_id.get()));
            prop_assert!(history.points.iter().all(|p| (0.0..=10.0).contains(&p.overall_score)));
        }
    }
}
