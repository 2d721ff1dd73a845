//! Which evaluations a report's averages are over. Averages never mix graders: the server takes
//! those of the grader that gave the most, and of two that gave as many, of the one whose answer
//! comes later. What it takes is found out here in the same way, so that it can be said.

use viva_proto::v1::{EvaluationStatus, Grader, GraderKind, QuestionReport};

use crate::text;

/// The evaluations that are averaged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Averaged {
    /// Who gave them.
    grader: Grader,
    /// How many they are.
    count: usize,
    /// How many there are in all.
    all: usize,
    /// Whether another grader has the same name, so that the name alone does not tell them apart.
    is_namesake: bool,
}

impl Averaged {
    /// What the averages of a report are over; none while nothing is evaluated.
    pub(crate) fn of(slots: &[QuestionReport]) -> Option<Self> {
        let mut counts: Vec<(&Grader, usize)> = Vec::new();
        for grader in slots.iter().filter_map(grader) {
            let known = counts.iter().position(|(known, _)| *known == grader);
            let count = known.map_or(0, |at| counts.remove(at).1);
            // The latest is the last, and so wins among those that gave as many.
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

    /// Which of the evaluations they are, where there are others.
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
    fn averages_over_one_grader_need_no_word() {
        assert_eq!(told(&[true, true]), None);
        assert_eq!(Averaged::of(&[]), None);
    }

    #[test]
    fn the_grader_that_gave_the_most_is_named_and_the_later_one_of_two() {
        let by_model = "The averages use only 2 of 3 evaluations, those by qwen2.5-32b.";
        assert_eq!(told(&[true, false, true]).as_deref(), Some(by_model));
        assert!(told(&[true, false]).unwrap().contains("1 of 2 evaluations, those by viva-grader"));
        assert!(told(&[false, true]).unwrap().contains("1 of 2 evaluations, those by qwen2.5-32b"));
        assert!(Averaged::of(&slots(&[true, false, false])).unwrap().is_estimate());
    }

    #[test]
    fn two_versions_of_one_grader_are_told_apart() {
        let mut slots = slots(&[true, true, true]);
        let evaluation = slots[0].answer.as_mut().unwrap().evaluation.as_mut().unwrap();
        evaluation.grader.as_mut().unwrap().version = "viva-evaluation-0".into();
        let sentence = Averaged::of(&slots).unwrap().sentence().unwrap();
        assert!(sentence.contains("those by qwen2.5-32b viva-evaluation-1."), "{sentence}");
    }

    #[test]
    fn what_is_pending_or_failed_does_not_count() {
        let mut slots = slots(&[true]);
        slots.push(QuestionReport { question: None, answer: Some(data::failed(1)) });
        slots.push(QuestionReport { question: None, answer: Some(data::pending(2)) });
        assert_eq!(Averaged::of(&slots).unwrap().sentence(), None);
    }
}
