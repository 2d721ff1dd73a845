//! The promise about attempts: a new one leaves the earlier ones as they are.

use std::collections::HashMap;

use futures::FutureExt;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{
    Promise,
    follow_ups::key_of,
    promise,
    world::{answer, at, interview, new_answer, user},
};
use crate::{
    domain::{answer::Answer, attempts::Attempts, id::AnswerId, sample},
    storage::{Store, calls::Checked, queue::Outcome},
};

/// Steps of the history.
const STEPS: u64 = 60;

pub(super) fn promises() -> Vec<Promise> {
    vec![promise("attempts never change, whatever comes after them", |s| never_change(s).boxed())]
}

async fn never_change(store: &dyn Store) {
    let mut dice = StdRng::seed_from_u64(20_261_201);
    let ada = user(store, "ada").await;
    let question = interview(store, ada, 2).await.questions[0].id;
    let mut known: HashMap<AnswerId, Answer> = HashMap::new();
    for step in 1..=STEPS {
        if dice.random_bool(0.5) {
            let mut new = new_answer(ada, question, sample::ANSWER);
            new.submitted_at = at(step);
            answer(store, new).await;
        } else if let Some(job) = store.claim(at(step), at(step + 9), 1).await.unwrap().pop() {
            let outcome = if dice.random_bool(0.7) {
                Outcome::Completed(Box::new(sample::assessment()))
            } else {
                Outcome::Failed("no key".into())
            };
            store.finish(vec![(job.claim, outcome)], at(step)).await.unwrap();
        }
        let found = store.attempts_at(key_of(ada), question).await.unwrap();
        let Checked::Live(Some(Attempts { answers, owner, .. })) = found else { panic!() };
        assert_eq!(owner, ada);
        let numbers: Vec<_> = answers.iter().map(|answer| answer.attempt).collect();
        assert_eq!(numbers, (1..).take(answers.len()).collect::<Vec<i32>>());
        assert!(answers.len() >= known.len(), "none disappears");
        for answer in answers {
            let Some(before) = known.insert(answer.id, answer.clone()) else { continue };
            if before.evaluation.is_pending() {
                let same = Answer { evaluation: before.evaluation.clone(), ..answer };
                assert_eq!(same, before);
            } else {
                assert_eq!(answer, before, "an evaluated answer stays as it is");
            }
        }
    }
    assert!(known.len() > 9, "there were some");
}
