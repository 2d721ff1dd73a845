//! What an interview amounts to: every question, its latest answer, and the averages.

use super::{
    answer::Answer,
    band::Band,
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
    /// Every question by its order, with the latest answer.
    pub questions: Vec<QuestionReport>,
    /// The mean of the evaluations' means; none while nothing is evaluated.
    pub overall_score: Option<f64>,
    /// The mean of each score; none likewise.
    pub average_scores: Option<Scores>,
    /// What went well, most telling first.
    pub strengths: Vec<String>,
    /// What to work on, most telling first.
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
    /// Who gave the evaluations that the averages are over, and how many those are; none while
    /// nothing is evaluated.
    pub fn averaged(&self) -> Option<(Grader, usize)> {
        averaged(&self.questions).map(|(grader, scores)| (grader, scores.len()))
    }

    /// Puts a report together from an interview and the latest answers to its questions.
    pub fn of(mut interview: Interview, answers: Vec<Answer>) -> Self {
        let mut answers = answers;
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

/// The mean of the evaluations' means of their four scores; none over none.
pub fn overall_score(scores: &[Scores]) -> Option<f64> {
    let sum: f64 = scores.iter().map(Scores::mean).sum();
    (!scores.is_empty()).then(|| rounded(sum / scores.len() as f64).clamp(0.0, 10.0))
}

/// The scores that may be averaged together: those of one grader.
pub fn comparable(graded: impl Iterator<Item = (Grader, Scores)>) -> Vec<Scores> {
    of_one_grader(graded).map_or_else(Vec::new, |(_, scores)| scores)
}

fn averaged(questions: &[QuestionReport]) -> Option<(Grader, Vec<Scores>)> {
    let graded = questions.iter().filter_map(QuestionReport::assessment);
    of_one_grader(graded.map(|assessment| (assessment.grader.clone(), assessment.scores)))
}

/// What may be compared with each other, and whose it is: that of the grader that gave the most,
/// and of two that gave as many, the one whose comes later. Averages and trends never mix graders.
pub fn of_one_grader<T>(graded: impl Iterator<Item = (Grader, T)>) -> Option<(Grader, Vec<T>)> {
    let mut groups: Vec<(Grader, Vec<T>)> = Vec::new();
    for (grader, given) in graded {
        let at = groups.iter().position(|(known, _)| *known == grader);
        // The group that was added to last moves to the end, where it wins a tie.
        let mut group = at.map_or_else(|| (grader, Vec::new()), |at| groups.remove(at));
        group.1.push(given);
        groups.push(group);
    }
    groups.into_iter().max_by_key(|(_, given)| given.len())
}

/// Points fully made, the heaviest first; then the best dimension when it is good.
fn strengths(questions: &[QuestionReport]) -> Vec<String> {
    let mut lines: Vec<(f64, String)> = Vec::new();
    for assessment in questions.iter().filter_map(QuestionReport::assessment) {
        for point in assessment.key_points.iter().filter(|point| point.coverage >= 0.99) {
            lines.push((point.weight, point.point.clone()));
        }
    }
    most_telling(lines)
}

/// Points that are missing, the heaviest first; then what a weak dimension needs.
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

/// The heaviest lines, each once. The sort is stable: of equal ones, the earlier question's first.
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
