//! Questions: the requested number, all different, with rubrics that their references meet.

use std::collections::HashSet;

use serde_json::{Value, json};
use viva_fake_model::{FakeModel, Script};
use viva_grader::{Grader, KeyPoint, Rubric};

use crate::client::{ask, questions};

fn material(count: u32, topics: &[&str], already_asked: &[String]) -> Value {
    json!({
        "count": count, "role": "Backend engineer", "level": "mid", "topics": topics,
        "language": "en", "job_description": "", "already_asked": already_asked,
    })
}

async fn set(model: &FakeModel, material: &Value) -> Vec<Value> {
    let content = ask(model, &questions(material)).await.content();
    content["questions"].as_array().unwrap().clone()
}

fn texts(set: &[Value]) -> Vec<String> {
    set.iter().map(|question| question["question"].as_str().unwrap().to_owned()).collect()
}

fn words(text: &Value) -> usize {
    text.as_str().unwrap().split_whitespace().count()
}

fn distinct(texts: &[String]) -> usize {
    texts.iter().map(|text| text.to_lowercase()).collect::<HashSet<_>>().len()
}

#[tokio::test]
async fn a_set_has_the_requested_number_of_distinct_questions_with_rubrics() {
    let model = FakeModel::start(Script::honest()).await.unwrap();
    for count in [1, 5, 10, 50] {
        let set = set(&model, &material(count, &["databases", "Testing"], &[])).await;
        assert_eq!((set.len(), distinct(&texts(&set))), (count as usize, count as usize));
        for question in &set {
            assert!(["databases", "Testing"].contains(&question["topic"].as_str().unwrap()));
            assert!((60..=180).contains(&words(&question["reference"])), "{question}");
            let points = question["key_points"].as_array().unwrap();
            assert!((3..=5).contains(&points.len()), "{question}");
            for point in points {
                assert!((8..=20).contains(&words(&point["point"])), "{point}");
                assert!(point["point"].as_str().unwrap().ends_with('.'));
                assert!((1..=3).contains(&point["weight"].as_u64().unwrap()));
            }
        }
    }
}

#[tokio::test]
async fn no_question_repeats_even_when_the_stock_has_run_out() {
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let mut asked = Vec::new();
    for _ in 0..20 {
        asked.extend(texts(&set(&model, &material(5, &["databases"], &asked)).await));
    }
    assert_eq!((asked.len(), distinct(&asked)), (100, 100));
    assert!(asked.iter().any(|text| text.starts_with("In the context of databases: ")));
}

#[tokio::test]
async fn two_interviews_differ_in_spite_of_equal_requests() {
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let wish = material(5, &[], &[]);
    let (first, second) = (set(&model, &wish).await, set(&model, &wish).await);
    assert_ne!(texts(&first), texts(&second));
}

#[tokio::test]
async fn questions_are_about_the_topic_while_there_are_any() {
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let about_rust = set(&model, &material(1, &["Rust"], &[])).await;
    assert!(texts(&about_rust)[0].contains("lifetimes in Rust"));
    let unknown = set(&model, &material(3, &["Beekeeping"], &[])).await;
    for text in texts(&unknown) {
        assert!(text.starts_with("In the context of Beekeeping: "), "{text}");
    }
}

#[tokio::test]
async fn questions_in_another_language_are_labelled() {
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let mut wish = material(2, &[], &[]);
    wish["language"] = json!("de");
    assert!(texts(&set(&model, &wish).await).iter().all(|text| text.starts_with("[de] ")));
}

#[tokio::test]
async fn strange_requests_are_met_as_far_as_they_make_sense() {
    let model = FakeModel::start(Script::honest()).await.unwrap();
    assert_eq!(set(&model, &json!({})).await.len(), 1);
    assert_eq!(set(&model, &json!({"count": u64::MAX, "topics": [7]})).await.len(), 50);
    assert!(set(&model, &json!({"count": 0})).await.is_empty());
}

#[tokio::test]
async fn each_reference_makes_the_points_it_is_graded_by() {
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let grader = Grader::builtin();
    let mut weak = Vec::new();
    for question in set(&model, &material(22, &[], &[])).await {
        let text = |name: &str| question[name].as_str().unwrap().to_owned();
        let points = question["key_points"].as_array().unwrap().iter();
        let key_point = |point: &Value| KeyPoint {
            point: point["point"].as_str().unwrap().to_owned(),
            weight: point["weight"].as_f64().unwrap(),
            phrasings: Vec::new(),
        };
        let rubric = Rubric {
            question: text("question"),
            reference: text("reference"),
            key_points: points.map(key_point).collect(),
            mistakes: Vec::new(),
        };
        let prepared = grader.prepare(&rubric);
        let found = grader.assess(&prepared, &rubric.reference);
        let missed = found.points.iter().zip(prepared.points());
        let missed = missed.filter(|(seen, _)| seen.state == viva_grader::PointState::Missed);
        weak.extend(missed.map(|(_, point)| point.text.clone()));
        if found.overall < 0.6 {
            weak.push(format!("{}: {}", found.overall, rubric.question));
        }
    }
    assert!(weak.is_empty(), "{}", weak.join("\n"));
}
