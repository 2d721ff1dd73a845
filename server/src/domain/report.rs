//! The report of an interview: every question with its latest answer, and the averages.

use super::{
    answer::Answer,
    band::Band,
    clock::Timestamp,
    evaluation::{Assessment, Grader},
    interview::Interview,
    question::Question,
    score::{Dimension, Scores, rounded},
};

/// The most lines under strengths, and under improvements.
const MOST_LINES: usize = 3;

/// The report of one interview.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The interview, without its questions.
    pub interview: Interview,
    /// Every question in order, with its latest answer.
    pub questions: Vec<QuestionReport>,
    /// The mean of the evaluations' means; `None` while nothing is evaluated.
    pub overall_score: Option<f64>,
    /// The mean of each score; `None` while nothing is evaluated.
    pub average_scores: Option<Scores>,
    /// What went well, most important first.
    pub strengths: Vec<String>,
    /// What to work on, most important first.
    pub improvements: Vec<String>,
}

/// One question of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionReport {
    /// The question.
    pub question: Question,
    /// Its latest answer, if there is one.
    pub answer: Option<Answer>,
}

impl QuestionReport {
    /// What was found of the latest answer, once it is evaluated.
    pub fn assessment(&self) -> Option<&Assessment> {
        self.answer.as_ref()?.evaluation.assessment()
    }
}

impl Report {
    /// The grader whose evaluations are averaged, and their number; `None` without evaluations.
    pub fn averaged(&self) -> Option<(Grader, usize)> {
        averaged(&self.questions).map(|(grader, scores)| (grader, scores.len()))
    }

    /// Builds the report of an interview from the latest answers to its questions, as their owner
    /// sees them at `now`.
    pub fn of(interview: Interview, answers: Vec<Answer>, now: Timestamp) -> Self {
        let withheld = interview.timing.withheld();
        let mut interview = interview.seen(now);
        let told = answers.into_iter().map(|answer| answer.told_at(withheld, now));
        let mut answers: Vec<_> = told.collect();
        let questions: Vec<_> = std::mem::take(&mut interview.questions)
            .into_iter()
            .map(|question| {
                let at = answers.iter().position(|answer| answer.question_id == question.id);
                QuestionReport { answer: at.map(|at| answers.swap_remove(at)), question }
            })
            .collect();
        let scores = averaged(&questions).map_or_else(Vec::new, |(_, scores)| scores);
        Self {
            overall_score: overall_score(&scores),
            average_scores: Scores::average(&scores),
            strengths: strengths(&questions),
            improvements: improvements(&questions),
            interview,
            questions,
        }
    }
}

/// The mean of the evaluations' means; `None` without evaluations.
pub fn overall_score(scores: &[Scores]) -> Option<f64> {
    let sum: f64 = scores.iter().map(Scores::mean).sum();
    (!scores.is_empty()).then(|| rounded(sum / scores.len() as f64).clamp(0.0, 10.0))
}

/// Returns the scores that may be averaged together: those of one grader.
pub fn comparable(graded: impl Iterator<Item = (Grader, Scores)>) -> Vec<Scores> {
    of_one_grader(graded).map_or_else(Vec::new, |(_, scores)| scores)
}

fn averaged(questions: &[QuestionReport]) -> Option<(Grader, Vec<Scores>)> {
    // An answer given after the reference was shown does not count.
    let counted = questions.iter().filter(|one| one.question.help.shown.is_none());
    let graded = counted.filter_map(QuestionReport::assessment);
    of_one_grader(graded.map(|assessment| (assessment.grader.clone(), assessment.scores)))
}

/// Returns the items of the grader that gave the most, since averages and trends never mix graders.
/// If two gave the same number, the one with the latest item is taken.
pub fn of_one_grader<T>(graded: impl Iterator<Item = (Grader, T)>) -> Option<(Grader, Vec<T>)> {
    by_grader(graded).into_iter().next()
}

/// Groups the items by grader, sorted as [`of_one_grader`] chooses.
pub fn by_grader<T>(graded: impl Iterator<Item = (Grader, T)>) -> Vec<(Grader, Vec<T>)> {
    let mut groups: Vec<(Grader, Vec<T>)> = Vec::new();
    for (grader, given) in graded {
        let at = groups.iter().position(|(known, _)| *known == grader);
        // The group with the latest item moves to the end, where it wins a tie.
        let mut group = at.map_or_else(|| (grader, Vec::new()), |at| groups.remove(at));
        group.1.push(given);
        groups.push(group);
    }
    // The sort is stable: of groups of the same size, the last comes first.
    groups.reverse();
    groups.sort_by_key(|(_, given)| std::cmp::Reverse(given.len()));
    groups
}

/// Returns the points fully made, heaviest first.
fn strengths(questions: &[QuestionReport]) -> Vec<String> {
    let mut lines: Vec<(f64, String)> = Vec::new();
    for assessment in questions.iter().filter_map(QuestionReport::assessment) {
        for point in assessment.key_points.iter().filter(|point| point.coverage >= 0.99) {
            lines.push((point.weight, point.point.clone()));
        }
    }
    most_telling(lines)
}

/// Returns the missing points, heaviest first, and with a weight of 0.1 the next steps for weak
/// communication.
fn improvements(questions: &[QuestionReport]) -> Vec<String> {
    let mut lines: Vec<(f64, String)> = Vec::new();
    for assessment in questions.iter().filter_map(QuestionReport::assessment) {
        for point in assessment.key_points.iter().filter(|point| point.coverage < 0.01) {
            lines.push((point.weight, point.point.clone()));
        }
        for explanation in &assessment.explanations {
            let says_how = matches!(explanation.dimension, Dimension::Communication);
            if says_how && explanation.band < Band::Fair {
                lines.push((0.1, explanation.next_step.clone()));
            }
        }
    }
    most_telling(lines)
}

/// Returns the heaviest lines, each once. Lines of equal weight stay in the order of the questions.
fn most_telling(mut lines: Vec<(f64, String)>) -> Vec<String> {
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut kept: Vec<String> = Vec::new();
    for (_, line) in lines {
        if kept.len() < MOST_LINES && !kept.contains(&line) {
            kept.push(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{evaluation::GraderKind, sample};

    #[test]
    fn averages_never_mix_graders() {
        let grader = |kind, name: &str| Grader { kind, name: name.into(), version: "1".into() };
        let offline = (grader(GraderKind::Offline, "viva-offline"), sample::scores([7.0; 4]));
        let model = (grader(GraderKind::Model, "gpt"), sample::scores([9.0; 4]));
        let of = |graded: &[&(Grader, Scores)]| {
            comparable(graded.iter().map(|(grader, scores)| (grader.clone(), *scores)))
        };
        assert_eq!(of(&[&offline, &model, &offline]), [offline.1; 2]);
        assert_eq!(of(&[&offline, &model]), [model.1]);
        assert_eq!(of(&[&model, &offline]), [offline.1]);
    }

    #[test]
    fn the_heaviest_lines_come_first_and_once() {
        let line = |weight, text: &str| (weight, text.to_owned());
        let lines =
            vec![line(0.2, "b"), line(0.5, "a"), line(0.2, "b"), line(0.1, "c"), line(0.05, "d")];
        assert_eq!(most_telling(lines), ["a", "b", "c"]);
    }
}
