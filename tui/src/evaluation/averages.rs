//! Which evaluations a report's averages use. Averages never mix graders: the server uses the
//! grader with the most evaluations and, in a tie, the one whose answer comes later. This module
//! works that out in the same way, to tell the user.

use viva_proto::v1::{EvaluationStatus, Grader, GraderKind, QuestionReport};

use crate::text;

/// The evaluations that are averaged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Averaged {
    /// The grader that gave them.
    grader: Grader,
    /// How many are averaged.
    count: usize,
    /// How many there are in total.
    all: usize,
    /// Whether another grader has the same name, so that the name is not enough to identify it.
    is_namesake: bool,
}

impl Averaged {
    /// The evaluations in a report's averages; `None` until one is completed.
    pub(crate) fn of(slots: &[QuestionReport]) -> Option<Self> {
        let mut counts: Vec<(&Grader, usize)> = Vec::new();
        for grader in slots.iter().filter_map(grader) {
            let known = counts.iter().position(|(known, _)| *known == grader);
            let count = known.map_or(0, |at| counts.remove(at).1);
            // The latest is last, and so wins a tie.
            counts.push((grader, count + 1));
        }
        let (grader, count) = counts.iter().copied().max_by_key(|(_, count)| *count)?;
        let namesakes = counts.iter().filter(|(other, _)| other.name == grader.name);
        Some(Self {
            grader: grader.clone(),
            count,
            all: counts.iter().map(|(_, count)| count).sum(),
            is_namesake: namesakes.count() > 1,
        })
    }

    /// Whether the built-in grader gave them.
    pub(crate) fn is_estimate(&self) -> bool {
        self.grader.kind() == GraderKind::Offline
    }

    /// Which of the evaluations are averaged; `None` if all are.
    pub(crate) fn sentence(&self) -> Option<String> {
        if self.count == self.all {
            return None;
        }
        let mut name = text::neutral_line(&self.grader.name);
        if self.is_namesake {
            name = format!("{name} {}", text::neutral_line(&self.grader.version));
        }
        Some(format!(
            "The averages use only {} of {} evaluations, those by {name}.",
            self.count, self.all
        ))
    }
}

fn grader(slot: &QuestionReport) -> Option<&Grader> {
    let evaluation = slot.answer.as_ref()?.evaluation.as_ref()?;
    (evaluation.status() == EvaluationStatus::Completed).then_some(evaluation.grader.as_ref()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::data;

    fn slots(by_model: &[bool]) -> Vec<QuestionReport> {
        let answer = |at: usize, by_model| {
            if by_model { data::by_model(at, 8.0) } else { data::evaluated(at, 5.0) }
        };
        let slot = |(at, by_model): (usize, &bool)| QuestionReport {
            question: None,
            answer: Some(answer(at, *by_model)),
        };
        by_model.iter().enumerate().map(slot).collect()
    }

    fn told(by_model: &[bool]) -> Option<String> {
        Averaged::of(&slots(by_model)).unwrap().sentence()
    }

    #[test]
    fn averages_over_one_grader_need_no_explanation() {
        assert_eq!(told(&[true, true]), None);
        assert_eq!(Averaged::of(&[]), None);
    }

    #[test]
    fn the_grader_with_the_most_evaluations_is_named_and_the_later_in_a_tie() {
        let by_model = "The averages use only 2 of 3 evaluations, those by qwen2.5-32b.";
        assert_eq!(told(&[true, false, true]).as_deref(), Some(by_model));
        assert!(told(&[true, false]).unwrap().contains("1 of 2 evaluations, those by viva-grader"));
        assert!(told(&[false, true]).unwrap().contains("1 of 2 evaluations, those by qwen2.5-32b"));
        assert!(Averaged::of(&slots(&[true, false, false])).unwrap().is_estimate());
    }

    #[test]
    fn two_versions_of_one_grader_are_distinguished() {
        let mut slots = slots(&[true, true, true]);
        let evaluation = slots[0].answer.as_mut().unwrap().evaluation.as_mut().unwrap();
        evaluation.grader.as_mut().unwrap().version = "viva-evaluation-0".into();
        let sentence = Averaged::of(&slots).unwrap().sentence().unwrap();
        assert!(sentence.contains("those by qwen2.5-32b viva-evaluation-1."), "{sentence}");
    }

    #[test]
    fn pending_and_failed_evaluations_do_not_count() {
        let mut slots = slots(&[true]);
        slots.push(QuestionReport { question: None, answer: Some(data::failed(1)) });
        slots.push(QuestionReport { question: None, answer: Some(data::pending(2)) });
        assert_eq!(Averaged::of(&slots).unwrap().sentence(), None);
    }
}
