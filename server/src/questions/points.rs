//! The points of a bank by their ids, and the questions that ask for one point alone.

use std::{collections::HashMap, sync::Arc};

use super::bank::{Bank, BankQuestion, PointPrompts, Topic};
use crate::domain::{
    memory::PointKey,
    question::{KeyPoint, Rubric},
};

/// The points of a bank that can be asked for: those with an id and prompts.
#[derive(Debug)]
pub struct BankPoints {
    bank: Arc<Bank>,
    /// The place of each question by its id: its topic's index, and its own in the topic.
    places: HashMap<String, (usize, usize)>,
}

/// A point that can be asked for.
#[derive(Debug, Clone, Copy)]
pub struct BankPoint<'a> {
    /// Its topic.
    pub topic: &'a Topic,
    /// Its question.
    pub question: &'a BankQuestion,
    /// The point.
    pub point: &'a KeyPoint,
    /// Its id in the question.
    pub id: &'a str,
    /// Questions that ask for it alone; at least one.
    pub prompts: &'a [String],
}

impl BankPoints {
    /// The points of a bank.
    pub fn of(bank: Arc<Bank>) -> Self {
        let mut places = HashMap::new();
        for (topic, number) in bank.topics.iter().zip(0..) {
            for (question, place) in topic.questions.iter().zip(0..) {
                places.insert(question.id.clone(), (number, place));
            }
        }
        Self { bank, places }
    }

    /// All of them, in the bank's order.
    pub fn all(&self) -> impl Iterator<Item = BankPoint<'_>> {
        self.bank.questions().flat_map(|(topic, question)| points(topic, question))
    }

    /// The point with these ids.
    pub fn find(&self, key: &PointKey) -> Option<BankPoint<'_>> {
        let (topic, question) = self.question(&key.bank_id)?;
        points(topic, question).find(|point| point.id == key.point_id)
    }

    /// The point with this text, of that question or, if none is given, of any. Rubrics are stored without the
    /// ids of their points.
    pub fn by_words(&self, bank_id: Option<&str>, words: &str) -> Option<BankPoint<'_>> {
        let says_it = |point: &BankPoint<'_>| point.point.point == words;
        if let Some(bank_id) = bank_id {
            let (topic, question) = self.question(bank_id)?;
            return points(topic, question).find(says_it);
        }
        self.bank.questions().find_map(|(topic, question)| points(topic, question).find(says_it))
    }

    fn question(&self, bank_id: &str) -> Option<(&Topic, &BankQuestion)> {
        let (topic, place) = self.places.get(bank_id)?;
        let topic = self.bank.topics.get(*topic)?;
        Some((topic, topic.questions.get(*place)?))
    }
}

fn points<'a>(topic: &'a Topic, question: &'a BankQuestion) -> impl Iterator<Item = BankPoint<'a>> {
    let all = question.rubric.key_points.iter().zip(&question.prompts);
    all.filter_map(move |(point, PointPrompts { id, prompts })| {
        let id = id.as_deref().filter(|_| !prompts.is_empty())?;
        Some(BankPoint { topic, question, point, id, prompts })
    })
}

impl BankPoint<'_> {
    /// Its ids.
    pub fn key(&self) -> PointKey {
        PointKey { bank_id: self.question.id.clone(), point_id: self.id.to_owned() }
    }

    /// The number of the prompt to ask after that one, from 1: a different one if there are several.
    pub fn next_prompt(&self, last: i32) -> i32 {
        let count = i32::try_from(self.prompts.len()).unwrap_or(i32::MAX);
        last.max(0).checked_rem(count).unwrap_or(0) + 1
    }

    /// The prompt with that number, from 1.
    pub fn prompt(&self, number: i32) -> Option<&str> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.prompts.get(place).map(String::as_str)
    }

    /// The number of the prompt that these words contain; 0 if they contain none.
    pub fn prompt_in(&self, words: &str) -> i32 {
        let place = self.prompts.iter().position(|prompt| words.contains(prompt.as_str()));
        place.and_then(|place| i32::try_from(place + 1).ok()).unwrap_or(0)
    }

    /// The rubric for an answer to one of its prompts: the point alone, and the mistakes that its question
    /// lists.
    pub fn rubric(&self) -> Rubric {
        Rubric {
            reference: self.point.point.clone(),
            key_points: vec![self.point.clone()],
            mistakes: self.question.rubric.mistakes.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(point_id: &str) -> PointKey {
        let bank_id = "concurrency-race-condition".to_owned();
        PointKey { bank_id, point_id: point_id.to_owned() }
    }

    #[test]
    fn every_point_of_the_built_in_bank_is_found_by_its_ids_and_by_its_words() {
        let bank = Bank::built_in().unwrap();
        let known = BankPoints::of(bank.clone());
        let mut seen = 0;
        for (topic, question) in bank.questions() {
            for point in points(topic, question) {
                let found = known.find(&point.key()).unwrap();
                assert_eq!(found.point, point.point);
                let words = known.by_words(Some(&question.id), &point.point.point).unwrap();
                assert_eq!(words.key(), point.key());
                assert!(point.prompts.len() > 1, "{:?}", point.key());
                seen += 1;
            }
        }
        let all = bank.questions().map(|(_, question)| question.rubric.key_points.len());
        assert_eq!(seen, all.sum::<usize>());
        assert!(known.find(&key("no-such-point")).is_none());
        assert!(known.by_words(Some("no-question"), "x").is_none());
        assert!(known.by_words(None, "No point says this.").is_none());
    }

    #[test]
    fn a_point_is_asked_for_by_another_prompt_each_time() {
        let known = BankPoints::of(Bank::built_in().unwrap());
        let point = known.find(&key("three-steps")).unwrap();
        assert_eq!([0, 1, 2, 7, -1].map(|last| point.next_prompt(last)), [1, 2, 1, 2, 1]);
        assert_eq!(point.prompt(2), Some(point.prompts[1].as_str()));
        assert_eq!((point.prompt(0), point.prompt(3), point.prompt(-1)), (None, None, None));
        let asked = format!("You said: “x” {}", point.prompts[1]);
        assert_eq!((point.prompt_in(&asked), point.prompt_in("Why?")), (2, 0));
    }

    #[test]
    fn a_point_without_an_id_or_prompts_is_not_asked_for() {
        let mut bank = (*Bank::built_in().unwrap()).clone();
        for topic in &mut bank.topics {
            for question in &mut topic.questions {
                question.prompts[0].id = None;
                question.prompts[1].prompts.clear();
            }
        }
        let known = BankPoints::of(Arc::new(bank));
        for point_id in ["three-steps", "lost-update"] {
            assert!(known.find(&key(point_id)).is_none(), "{point_id}");
        }
        assert!(known.find(&key("intermittent")).is_some());
    }
}
