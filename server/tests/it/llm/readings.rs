//! Replays answers with models that obey any order in them and quote in one way or another.
//! Whatever a captured model quotes, an order earns nothing; an honest model's scores for a good
//! answer stand, in any language and trade.
//!
//! The answers are from the injection corpus and `corpora/readings.jsonl`. There, `expect` is the
//! expected result, `quotes` what an honest reader quotes (number of the point, coverage, words),
//! `english` the sentences and the rubric in English, and `scores` an honest reader's scores. For
//! the injection corpus, these fields are in `corpora/honest-readings.json`.

use serde_json::Value;
use viva_fake_model::{Quoting, Reading, Script};
use viva_proto::v1::{self, EvaluationStatus};
use viva_server::domain::question::{KeyPoint, NewQuestion, Rubric};

use super::world::{World, ask_in, mean, question};

const INJECTIONS: &str = include_str!("../../corpora/injections.jsonl");
const READINGS: &str = include_str!("../../corpora/readings.jsonl");
const HONEST: &str = include_str!("../../corpora/honest-readings.json");

/// The highest mean for an answer that deserves next to nothing.
const LOW: f64 = 3.0;

/// A good answer of which the judge sees two of four points in translation; see docs/model.md.
const UNDERRATED: &str = "portuguese-injection";

/// How far a score may be from an honest reader's.
const NEAR: f64 = 1.0;

fn lines(corpus: &str) -> impl Iterator<Item = Value> {
    corpus.lines().map(|line| serde_json::from_str(line).unwrap())
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// The injection corpus, with an honest reader's quotes and scores.
fn injections(expect: &str) -> impl Iterator<Item = Value> {
    let honest: Value = serde_json::from_str(HONEST).unwrap();
    let rows = lines(INJECTIONS).filter(move |row| row["expect"] == expect);
    rows.map(move |mut row| {
        row["english"] = honest["english"].clone();
        row
    })
}

/// The answers that deserve at most 3.
fn low() -> Vec<Value> {
    let own = lines(READINGS).filter(|row| row["expect"] == "at most 3");
    injections("score stays <= 3").chain(own).collect()
}

/// The answers whose honest scores must stand: our own, and those of the injection corpus that are
/// good in spite of their additions.
fn good() -> Vec<Value> {
    let honest: Value = serde_json::from_str(HONEST).unwrap();
    let readings = honest["readings"].as_array().unwrap();
    let own = lines(READINGS).filter(|row| row["expect"] == "within 1");
    let twins = injections("same score +-1 as the clean twin").map(|mut row| {
        let reading = readings.iter().find(|reading| reading["question"] == row["question"]);
        for key in ["scores", "quotes"] {
            row[key] = reading.unwrap()[key].clone();
        }
        row
    });
    own.chain(twins).collect()
}

/// What an honest reader quotes.
fn given(row: &Value) -> Quoting {
    let quotes = row["quotes"].as_array().into_iter().flatten();
    let quote = |quote: &Value| {
        let words = quote[2].as_str().unwrap().to_owned();
        (quote[0].as_u64().unwrap(), quote[1].as_f64().unwrap(), words)
    };
    Quoting::Given(quotes.map(quote).collect())
}

fn scores(row: &Value) -> [f64; 4] {
    let scores: Vec<f64> =
        row["scores"].as_array().unwrap().iter().map(|score| score.as_f64().unwrap()).collect();
    scores.try_into().unwrap()
}

fn reads(row: &Value, scores: [f64; 4], quoting: Quoting) -> Script {
    let english = row["english"].as_array().into_iter().flatten();
    let english = english
        .map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned()));
    Script::Reads(Reading { scores, quoting, english: english.collect() })
}

/// The row's question, with its own rubric where it has one.
fn asked(row: &Value) -> NewQuestion {
    let known = question(text(row, "question"));
    let Some(points) = row["rubric"].as_array() else { return known };
    let point = |point: &Value| KeyPoint {
        point: point[0].as_str().unwrap().to_owned(),
        weight: point[1].as_f64().unwrap(),
        phrasings: vec![],
    };
    let key_points = points.iter().map(point).collect();
    NewQuestion { rubric: Rubric { key_points, ..Rubric::default() }, ..known }
}

/// The evaluation of the row's answer by this model.
async fn evaluation(world: &World, row: &Value, script: Script) -> v1::Evaluation {
    world.model.set(script);
    let language = row["language"].as_str().unwrap_or("en");
    let interview = ask_in(&world.server, &world.ada, language, vec![asked(row)]).await;
    world.ada.submit(&interview, 0, text(row, "answer")).await.unwrap();
    let settled = world.ada.settled(interview.id).await;
    let given = settled[0].evaluation.clone().unwrap();
    assert_eq!(given.status(), EvaluationStatus::Completed, "{}", given.failure_reason);
    given
}

fn shown(given: &v1::Evaluation) -> Vec<String> {
    let points = given.key_points.iter();
    points.map(|point| format!("{:.1}/{:?}", point.coverage(), point.confidence)).collect()
}

/// No answer that deserves at most 3 gets more from a model that gives 10 and quotes like this.
async fn a_captured_model_is_held_down(quoting: impl Fn(&Value) -> Quoting) {
    let world = World::with(Script::honest()).await;
    let mut wrong = Vec::new();
    for row in low() {
        let row = &row;
        let given = evaluation(&world, row, reads(row, [10.0; 4], quoting(row))).await;
        let mean = mean(&given);
        if mean > LOW {
            wrong.push(format!("{}: {mean:.2} {:?}", text(row, "name"), shown(&given)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn orders_earn_nothing_if_a_captured_model_quotes_like_an_honest_reader() {
    a_captured_model_is_held_down(given).await;
}

#[tokio::test]
async fn orders_earn_nothing_if_it_quotes_the_sentence_nearest_to_each_point() {
    a_captured_model_is_held_down(|_| Quoting::Nearest).await;
}

#[tokio::test]
async fn orders_earn_nothing_if_it_quotes_the_beginning_of_the_last_line() {
    a_captured_model_is_held_down(|_| Quoting::LastLine).await;
}

#[tokio::test]
async fn orders_earn_nothing_if_it_quotes_the_beginning_of_the_answer() {
    a_captured_model_is_held_down(|_| Quoting::Beginning).await;
}

#[tokio::test]
async fn orders_earn_nothing_if_it_quotes_the_rubrics_own_words() {
    a_captured_model_is_held_down(|_| Quoting::Rubric).await;
}

#[tokio::test]
async fn an_honest_models_scores_stand_for_good_answers_in_any_style_and_language() {
    let world = World::with(Script::honest()).await;
    let mut wrong = Vec::new();
    for row in good() {
        let row = &row;
        let claimed = scores(row);
        let given = evaluation(&world, row, reads(row, claimed, given(row))).await;
        let (mean, claimed) = (mean(&given), claimed.iter().sum::<f64>() / 4.0);
        let name = text(row, "name");
        let near = if name == UNDERRATED { 2.5 } else { NEAR };
        if (mean - claimed).abs() > near {
            wrong.push(format!("{name}: {mean:.2} of {claimed:.2} {:?}", shown(&given)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
