use std::collections::HashSet;

use super::*;
use crate::{domain::clock::Timestamp, questions::QuestionRequest};

#[test]
fn every_template_has_a_unique_id_and_enough_questions() {
    let templates = Bank::built_in().unwrap().templates();
    let ids: HashSet<_> = templates.iter().map(|template| template.id.as_str()).collect();
    assert_eq!(ids.len(), templates.len());
    for template in &templates {
        assert!(template.available_questions >= 5, "{}", template.id);
        assert!(!template.topics.is_empty(), "{}", template.id);
    }
    assert!(ids.contains("backend-engineer") && ids.contains("topic-rust"));
}

#[test]
fn the_ready_made_interviews_are_valid_and_as_many_as_promised() {
    if let Err(faults) = compiled_in() {
        let list: Vec<_> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", list.join("\n"));
    }
    let with_parts = |template: &Template| !template.parts.is_empty();
    let templates = Bank::built_in().unwrap().templates();
    let listed: Vec<_> = templates.into_iter().filter(with_parts).collect();
    // One with an unknown topic would not be listed.
    assert_eq!(listed.len(), compiled_in().as_ref().unwrap().len());
    assert!(listed.len() >= 24, "{}", listed.len());
    for template in &listed {
        assert!(!template.description.is_empty() && template.minutes > 0, "{}", template.id);
    }
}

/// Where a template leaves its topics or levels when one candidate takes it this many times.
fn strays(bank: &Bank, template: &Template, times: i64) -> Vec<String> {
    let mut asked: Vec<(String, Timestamp)> = Vec::new();
    let mut strays = Vec::new();
    for round in 0..times {
        let request = QuestionRequest {
            role: &template.role,
            level: template.level,
            count: template.parts.len(),
            topics: &[],
            job_description: "",
            language: "en",
            asked: &asked,
            not_again: &[],
            again_soon: &[],
            seed: round.cast_unsigned(),
        };
        let set = bank.choose_parts(&request, &template.parts);
        for (question, part) in set.questions.iter().zip(&template.parts) {
            let id = question.bank_id.clone().unwrap();
            let level = bank.questions().find(|(_, q)| q.id == id).map(|(_, q)| q.level);
            if question.topic != part.topic || level != part.level {
                strays.push(format!("{}, round {round}: {id} for {part:?}", template.id));
            }
            if asked.iter().any(|(known, _)| *known == id) {
                strays.push(format!("{}, round {round}: {id} again", template.id));
            }
            asked.push((id, Timestamp::from_micros(round)));
        }
        if set.questions.len() != template.parts.len() || !set.notice.is_empty() {
            strays.push(format!("{}, round {round}: {}", template.id, set.notice));
        }
    }
    strays
}

#[test]
fn each_template_can_be_used_three_times_within_its_topics_and_levels() {
    let bank = Bank::built_in().unwrap();
    let templates = bank.templates().into_iter().filter(|template| !template.parts.is_empty());
    let strays: Vec<_> = templates.flat_map(|template| strays(&bank, &template, 3)).collect();
    assert!(strays.is_empty(), "{}", strays.join("\n"));
}
