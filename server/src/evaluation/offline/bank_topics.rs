//! The topics of the built-in bank for the grader. It knows all questions of a topic, so it
//! recognises a good answer to another one of them; it knows nothing of this about other rubrics.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use viva_grader::{Grader as BuiltIn, Prepared, Topic as PreparedTopic};

use super::grader_rubric;
use crate::{
    domain::question::Rubric,
    questions::bank::{Bank, BankQuestion, Topic},
};

/// Where each question of the built-in bank is, by its text: the numbers of its topic and of itself.
type Places = HashMap<String, (usize, usize)>;

/// Prepares a question for grading. If it is in the built-in bank with the same points, answers to
/// other questions of its topic are recognised.
pub(super) fn prepare(question: &str, rubric: &Rubric) -> Prepared {
    let grader = BuiltIn::builtin();
    let own = grader_rubric(question, rubric);
    let Some((topic, number)) = topic_of(question, rubric) else { return grader.prepare(&own) };
    grader.prepare_in(&own, &topic, number)
}

/// The question with this number in the topic of a question of the built-in bank.
pub(super) fn other(question: &str, number: usize) -> Option<String> {
    let bank = Bank::built_in().ok()?;
    let (topic, _) = places(&bank).get(question)?;
    Some(bank.topics[*topic].questions.get(number)?.text.clone())
}

/// The prepared topic of a question of the bank, and the question's number in it.
fn topic_of(question: &str, rubric: &Rubric) -> Option<(Arc<PreparedTopic>, usize)> {
    static TOPICS: OnceLock<Vec<OnceLock<Arc<PreparedTopic>>>> = OnceLock::new();
    let bank = Bank::built_in().ok()?;
    let (topic, number) = *places(&bank).get(question)?;
    let questions = &bank.topics[topic].questions;
    if !has_points_of(rubric, &questions[number]) {
        return None;
    }
    let topics = TOPICS.get_or_init(|| bank.topics.iter().map(|_| OnceLock::new()).collect());
    let prepared = topics[topic].get_or_init(|| Arc::new(prepared(&bank.topics[topic])));
    Some((Arc::clone(prepared), number))
}

fn has_points_of(rubric: &Rubric, question: &BankQuestion) -> bool {
    let points = |rubric: &Rubric| {
        rubric.key_points.iter().map(|point| point.point.clone()).collect::<Vec<_>>()
    };
    points(rubric) == points(&question.rubric)
}

fn prepared(topic: &Topic) -> PreparedTopic {
    let rubrics = topic.questions.iter().map(|q| grader_rubric(&q.text, &q.rubric));
    BuiltIn::builtin().topic(&rubrics.collect::<Vec<_>>())
}

fn places(bank: &Bank) -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| {
        let mut places = Places::new();
        for (topic, of) in bank.topics.iter().enumerate() {
            for (number, question) in of.questions.iter().enumerate() {
                places.insert(question.text.clone(), (topic, number));
            }
        }
        places
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::evaluation::Refusal, evaluation::offline::Standalone};

    fn of_topic(name: &str) -> Vec<BankQuestion> {
        let bank = Bank::built_in().unwrap();
        let topic = bank.topics.iter().find(|topic| topic.name == name).unwrap();
        topic.questions.clone()
    }

    #[test]
    fn an_answer_to_another_question_of_the_topic_is_declined_and_the_question_is_named() {
        let questions = of_topic("databases");
        for (question, other) in questions.iter().zip(questions.iter().cycle().skip(1)) {
            let graded = Standalone::new(question.text.clone(), question.rubric.clone());
            let declined = graded.grade(&other.rubric.reference).unwrap().assessment.unwrap_err();
            assert_eq!(declined.refusal, Refusal::OffTopic, "{}", question.id);
            assert!(declined.reason.contains(&other.text), "{}", declined.reason);
            let own = graded.grade(&question.rubric.reference).unwrap().assessment;
            assert!(own.is_ok(), "{}", question.id);
        }
    }

    #[test]
    fn a_callers_rubric_for_the_same_question_stands_alone() {
        let question = &of_topic("databases")[0];
        assert!(topic_of(&question.text, &question.rubric).is_some());
        let mut rubric = question.rubric.clone();
        rubric.key_points.truncate(1);
        assert!(topic_of(&question.text, &rubric).is_none());
        assert!(topic_of("What is a mutex for?", &question.rubric).is_none());
    }
}
