//! Hints to a question, step by step: the bank's own, then prompts for its heaviest points, one by one. No
//! hint says what a good answer says.

use super::bank::{Bank, BankQuestion};
use crate::domain::{
    help::{HelpedQuestion, MOST_HINTS},
    question::KeyPoint,
};

impl Bank {
    /// The hints to a question, in order; at least one, at most [`MOST_HINTS`].
    pub fn hints(&self, helped: &HelpedQuestion) -> Vec<String> {
        let known = helped.bank_id.as_deref().and_then(|id| self.question(id));
        let mut hints = known.map(|question| question.hints.clone()).unwrap_or_default();
        let mut points: Vec<&KeyPoint> = helped.rubric.key_points.iter().collect();
        points.sort_by(|one, other| other.weight.total_cmp(&one.weight));
        let is_new = |prompt: &&String| !helped.text.contains(prompt.as_str());
        let prompts = points.iter().filter_map(|point| self.prompts(point).iter().find(is_new));
        hints.extend(prompts.cloned());
        hints.truncate(MOST_HINTS);
        if hints.is_empty() {
            hints.push(size(points.len()));
        }
        hints
    }

    fn question(&self, id: &str) -> Option<&BankQuestion> {
        self.questions().find(|(_, question)| question.id == id).map(|(_, question)| question)
    }

    /// The questions that ask for this point alone.
    pub(super) fn prompts(&self, point: &KeyPoint) -> &[String] {
        let mut points =
            self.questions().flat_map(|(_, q)| q.rubric.key_points.iter().zip(&q.prompts));
        let found = points.find(|(known, _)| known.point == point.point);
        found.map_or(&[], |(_, known)| known.prompts.as_slice())
    }
}

/// A hint for a question without hints of its own.
fn size(points: usize) -> String {
    match points {
        0 => "Say what it is, why it is so, and what it costs.".to_owned(),
        1 => "A good answer makes one point: say what it is and why.".to_owned(),
        _ => format!(
            "A good answer makes {points} points. Begin with what it is, then say why, and what it costs."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::{InterviewId, UserId},
        question::Rubric,
        timing::Withheld,
    };

    fn helped(bank: &Bank, id: &str) -> HelpedQuestion {
        let question = bank.question(id).unwrap();
        HelpedQuestion {
            owner: UserId::new(1),
            interview_id: InterviewId::new(1),
            text: question.text.clone(),
            bank_id: Some(id.to_owned()),
            rubric: question.rubric.clone(),
            hints: 0,
            withheld: Withheld::default(),
        }
    }

    #[test]
    fn the_banks_hints_come_first_and_then_the_heaviest_points_are_asked_for() {
        let bank = Bank::built_in().unwrap();
        let hints = bank.hints(&helped(&bank, "concurrency-race-condition"));
        let question = bank.question("concurrency-race-condition").unwrap();
        let [one, two] = &question.hints[..] else { panic!("it has two hints") };
        let prompts = [0, 1, 3].map(|at: usize| question.prompts[at].prompts[0].clone());
        assert_eq!(hints[..2], [one.clone(), two.clone()]);
        assert_eq!(hints[2..], prompts);
    }

    #[test]
    fn no_hint_of_the_built_in_bank_says_what_a_point_says() {
        let bank = Bank::built_in().unwrap();
        for (_, question) in bank.questions() {
            let hints = bank.hints(&helped(&bank, &question.id));
            assert!((1..=MOST_HINTS).contains(&hints.len()), "{}", question.id);
            for point in &question.rubric.key_points {
                assert!(hints.iter().all(|hint| !hint.contains(&point.point)), "{}", question.id);
            }
        }
    }

    #[test]
    fn a_follow_up_is_hinted_at_by_another_prompt_of_its_point() {
        let bank = Bank::built_in().unwrap();
        let question = bank.question("concurrency-race-condition").unwrap();
        let point = question.rubric.key_points[0].clone();
        let follow_up = HelpedQuestion {
            text: question.prompts[0].prompts[0].clone(),
            bank_id: None,
            rubric: Rubric { key_points: vec![point], ..Rubric::default() },
            ..helped(&bank, "concurrency-race-condition")
        };
        assert_eq!(bank.hints(&follow_up), [question.prompts[0].prompts[1].clone()]);
    }

    #[test]
    fn a_question_of_a_language_model_has_a_hint_too() {
        let bank = Bank::built_in().unwrap();
        let mut written = helped(&bank, "concurrency-race-condition");
        written.bank_id = None;
        for (at, point) in written.rubric.key_points.iter_mut().enumerate() {
            point.point = format!("Written point {at}.");
        }
        assert_eq!(bank.hints(&written).len(), 1);
        assert!(bank.hints(&written)[0].contains("5 points"));
    }
}
