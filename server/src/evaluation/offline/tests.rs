//! What the built-in grader quotes, and what it does for a caller that has left.

use std::sync::{Mutex, mpsc};

use futures::{future::join_all, poll};
use serde_json::Value;

use super::*;
use crate::questions::bank::Bank;

/// Says when it is dropped.
struct Permit(mpsc::Sender<()>);

impl Drop for Permit {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[tokio::test]
async fn what_a_job_holds_is_kept_until_the_grader_is_done_with_it() {
    let evaluator = OfflineEvaluator::new();
    let (open, gate) = mpsc::channel::<()>();
    let gate = Arc::new(Mutex::new(gate));
    let all_threads = (0..available_parallelism().map_or(1, std::num::NonZero::get)).map(|_| {
        let gate = Arc::clone(&gate);
        Box::pin(evaluator.in_turn(move || drop(gate.lock().map(|gate| gate.recv()))))
    });
    let mut before: Vec<_> = all_threads.collect();
    for work in &mut before {
        assert!(poll!(work).is_pending());
    }
    let (permit, released) = mpsc::channel();
    let rubric = Rubric { reference: "So that it is found.".into(), ..Rubric::default() };
    let hold = Hold::of(Permit(permit));
    let mut graded = Box::pin(evaluator.findings(("Why?", &rubric), "So.", &hold));
    assert!(poll!(&mut graded).is_pending());
    drop(graded);
    drop(hold);
    assert_eq!(released.try_recv(), Err(mpsc::TryRecvError::Empty), "its work is not done");
    drop(open);
    join_all(before).await;
    let waited = tokio::task::spawn_blocking(move || released.recv());
    waited.await.unwrap().expect("it is released in the end");
}

/// The words with which the sentence begins that a reader named for each point, by the point's
/// number from 1.
fn named(row: &Value) -> impl Iterator<Item = (usize, &str)> {
    let by = row["by"].as_object().unwrap().iter();
    by.map(|(number, begins)| (number.parse().unwrap(), begins.as_str().unwrap()))
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_quote_beside_a_point_mostly_holds_the_sentence_that_a_reader_named() {
    let bank = Bank::built_in().unwrap();
    let answers = include_str!("../../../../training/natural-answers.jsonl");
    let (mut quoted, mut held) = (0, 0);
    for line in answers.lines().step_by(50) {
        let row: Value = serde_json::from_str(line).unwrap();
        let asked = bank.questions().find(|(_, question)| question.id == row["question"]);
        let question = asked.unwrap().1;
        let grader = Standalone::new(question.text.clone(), question.rubric.clone());
        let Ok(found) = grader.grade(row["answer"].as_str().unwrap()).unwrap().assessment else {
            continue;
        };
        for (number, begins) in named(&row) {
            let quote = &found.key_points[number - 1].evidence;
            quoted += u32::from(!quote.is_empty());
            held += u32::from(single_spaced(quote).contains(&single_spaced(begins)));
        }
    }
    // The judge alone names such a sentence for four in ten points.
    assert!(quoted > 80 && 10 * held > 6 * quoted, "{held} of {quoted}");
}
