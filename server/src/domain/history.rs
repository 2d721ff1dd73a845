//! How a candidate's scores develop: over interviews, and by topic. What one interview amounts to
//! is in [`super::report`].

use super::{
    clock::Timestamp,
    evaluation::Grader,
    id::InterviewId,
    report::{of_one_grader, overall_score},
    score::Scores,
};

/// The topic of questions that have none of their own.
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
    /// Who gave the scores.
    pub grader: Grader,
    /// The scores.
    pub scores: Scores,
}

/// How scores develop. All of them come from one grader.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// Interviews that have a score, oldest first.
    pub points: Vec<InterviewScore>,
    /// Their topics, weakest first; of equal ones the one that was met first.
    pub topics: Vec<TopicScore>,
    /// Whose scores they are; none while there are none.
    pub grader: Option<Grader>,
    /// Answers that other graders have evaluated, which are left out.
    pub answers_of_others: usize,
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
    /// The mean of the later half less that of the earlier half, -10 to 10; of an odd number the
    /// one in the middle is in neither. 0 with fewer than two answers.
    pub trend: f64,
}

impl History {
    /// The history of a candidate's graded answers, which come in the order of their interviews and
    /// questions. `most`: only the newest so many interviews that have a score of this grader.
    pub fn of(answers: Vec<GradedAnswer>, most: Option<usize>) -> Self {
        let all = answers.len();
        let graded = answers.into_iter().map(|answer| (answer.grader.clone(), answer));
        let Some((grader, answers)) = of_one_grader(graded) else { return Self::default() };
        let answers_of_others = all - answers.len();
        let interviews: Vec<&[GradedAnswer]> =
            answers.chunk_by(|a, b| a.interview_id == b.interview_id).collect();
        let left_out = most.map_or(0, |most| interviews.len().saturating_sub(most));
        let interviews = &interviews[left_out..];
        Self {
            points: interviews.iter().filter_map(|answers| point(answers)).collect(),
            topics: topics(interviews),
            grader: Some(grader),
            answers_of_others,
        }
    }
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

fn topics(interviews: &[&[GradedAnswer]]) -> Vec<TopicScore> {
    let mut by_topic: Vec<(&str, Vec<Scores>)> = Vec::new();
    for answer in interviews.iter().copied().flatten() {
        let topic = if answer.topic.is_empty() { NO_TOPIC } else { &answer.topic };
        match by_topic.iter_mut().find(|(known, _)| *known == topic) {
            Some((_, scores)) => scores.push(answer.scores),
            None => by_topic.push((topic, vec![answer.scores])),
        }
    }
    let mut topics: Vec<TopicScore> =
        by_topic.into_iter().filter_map(|(topic, scores)| topic_score(topic, &scores)).collect();
    topics.sort_by(|a, b| a.average_score.total_cmp(&b.average_score));
    topics
}

fn topic_score(topic: &str, scores: &[Scores]) -> Option<TopicScore> {
    Some(TopicScore {
        topic: topic.to_owned(),
        answers: scores.len(),
        average_score: overall_score(scores)?,
        trend: trend(scores),
    })
}

/// The mean of the later half less that of the earlier half; 0 where there are no halves.
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

    /// An answer in an interview, about a topic, with that score in each dimension.
    fn answer(interview: i64, topic: &str, score: f64) -> GradedAnswer {
        GradedAnswer {
            interview_id: InterviewId::new(interview),
            role: format!("Role {interview}"),
            created_at: Timestamp::from_micros(interview),
            topic: topic.into(),
            grader: grader("1"),
            scores: sample::scores([score; 4]),
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
    fn only_the_newest_interviews_count_where_a_number_is_given() {
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
    fn nothing_evaluated_has_no_history() {
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
