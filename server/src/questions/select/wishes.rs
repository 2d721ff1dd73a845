//! Questions that candidates want soon, and those that they never want again.

use std::{collections::HashSet, sync::Arc};

use super::{QuestionRequest, QuestionSet};
use crate::{
    domain::{clock::Timestamp, interview::Level},
    questions::bank::Bank,
};

fn bank() -> Arc<Bank> {
    Bank::built_in().unwrap()
}

fn request<'a>(role: &'a str, topics: &'a [String], count: usize) -> QuestionRequest<'a> {
    QuestionRequest {
        role,
        level: Level::Mid,
        count,
        topics,
        job_description: "",
        language: "en",
        asked: &[],
        not_again: &[],
        again_soon: &[],
        seed: 1,
    }
}

fn ids(set: &QuestionSet) -> HashSet<String> {
    set.questions.iter().filter_map(|question| question.bank_id.clone()).collect()
}

/// The ids of a topic's questions.
fn of_topic(name: &str) -> Vec<String> {
    let bank = bank();
    let topic = bank.topics.iter().find(|topic| topic.name == name).unwrap();
    topic.questions.iter().map(|question| question.id.clone()).collect()
}

#[test]
fn what_is_not_wanted_again_is_not_asked_while_anything_else_fits() {
    let topics = ["rust".to_owned()];
    let all = of_topic("rust");
    let (unwanted, wanted) = all.split_at(all.len() - 3);
    // Not even if all that is left was asked before and this was not.
    let asked: Vec<_> = wanted.iter().map(|id| (id.clone(), Timestamp::from_micros(1))).collect();
    for seed in 0..20 {
        let request = QuestionRequest {
            seed,
            asked: &asked,
            not_again: unwanted,
            ..request("Backend engineer", &topics, 3)
        };
        let set = bank().choose(&request);
        assert_eq!(ids(&set), wanted.iter().cloned().collect());
        assert!(!set.notice.contains("not again"), "{}", set.notice);
    }
}

#[test]
fn unwanted_questions_come_with_a_notice_if_nothing_else_is_left() {
    let topics = ["rust".to_owned()];
    let all = of_topic("rust");
    let asked: Vec<_> = all.iter().map(|id| (id.clone(), Timestamp::from_micros(1))).collect();
    let request = QuestionRequest {
        asked: &asked,
        not_again: &all[2..],
        ..request("Backend engineer", &topics, 5)
    };
    let set = bank().choose(&request);
    assert!(all[..2].iter().all(|id| ids(&set).contains(id)), "the others come first");
    assert!(set.questions.iter().all(|question| question.topic == "rust"));
    let said = "so 3 of 5 are questions that you marked “not again”";
    assert!(set.notice.contains(said), "{}", set.notice);
    assert!(set.notice.contains("so 2 of 5 come again"), "{}", set.notice);
}

#[test]
fn what_is_wanted_soon_comes_first_if_it_fits_though_it_was_asked_before() {
    let soon = [of_topic("rust"), of_topic("frontend")].concat();
    let soon = [soon[0].clone(), soon[soon.len() - 1].clone()];
    let asked: Vec<_> = soon.iter().map(|id| (id.clone(), Timestamp::from_micros(1))).collect();
    for seed in 0..20 {
        for level in Level::ALL {
            let request = QuestionRequest {
                seed,
                level,
                asked: &asked,
                again_soon: &soon,
                ..request("Rust developer", &[], 3)
            };
            let set = bank().choose(&request);
            assert!(ids(&set).contains(&soon[0]));
            assert!(!ids(&set).contains(&soon[1]), "it belongs to another role");
            assert_eq!(set.notice, "");
            let due: Vec<_> = bank().due(&request).into_iter().map(|q| q.bank_id).collect();
            assert_eq!(due, [Some(soon[0].clone())]);
        }
    }
}

#[test]
fn no_more_questions_come_than_requested() {
    let (topics, soon) = (["rust".to_owned()], of_topic("rust"));
    let request = QuestionRequest { again_soon: &soon, ..request("Rust developer", &topics, 4) };
    assert_eq!(bank().due(&request).len(), 4);
    assert_eq!(bank().choose(&request).questions.len(), 4);
}
