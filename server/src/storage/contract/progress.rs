//! The promise about progress: what is stored with an interview is what its answers say, whatever
//! happened to them in whatever order.

use std::time::Duration;

use futures::{FutureExt, future::join_all};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{
    Promise, promise,
    world::{answer, at, claimed, finish, interview, new_answer, user},
};
use crate::{
    domain::{
        evaluation::{Assessment, Refusal},
        id::{AnswerId, UserId},
        interview::{Interview, Progress},
        report::Report,
        sample,
    },
    storage::{
        Store,
        queue::{Claim, Job, Outcome},
    },
};

/// Steps of the history.
const STEPS: u64 = 80;

/// Answers that each of the concurrent tasks submits.
const SUBMITS: usize = 10;

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("progress is what the answers say, whatever happened to them", |s| {
            whatever_happens(s).boxed()
        }),
        promise("progress is what the answers say, even when everything happens at once", |s| {
            at_once(s).boxed()
        }),
    ]
}

/// An assessment by one of three graders, with one of many scores.
fn assessment(dice: &mut StdRng) -> Assessment {
    let mut parts = sample::assessment_parts();
    parts.grader.version = dice.random_range(1..4).to_string();
    parts.scores = sample::scores(std::array::from_fn(|_| dice.random_range(0.0..10.0)));
    for explanation in &mut parts.explanations {
        explanation.band = parts.scores.of(explanation.dimension).band();
        if explanation.band.next().is_none() {
            explanation.next_step.clear();
        }
    }
    parts.range = None;
    parts.provenance.opinions.clear();
    Assessment::check(parts, sample::ANSWER).unwrap()
}

fn outcome(dice: &mut StdRng) -> Outcome {
    match dice.random_range(0..8) {
        0 => Outcome::Failed("no key".into()),
        1 => Outcome::Retry { after: Duration::from_secs(1), fault: "busy".into() },
        2 => Outcome::Refused(Refusal::OffTopic.into()),
        3 => Outcome::Returned,
        _ => Outcome::Completed(Box::new(assessment(dice))),
    }
}

/// What the interview's answers say.
async fn truth(store: &dyn Store, interview: &Interview) -> Progress {
    let answers = store.latest_answers(interview.id).await.unwrap();
    let is_evaluated =
        |answer: &crate::domain::answer::Answer| answer.evaluation.assessment().is_some();
    let count = |number: usize| i32::try_from(number).unwrap();
    Progress {
        questions: count(interview.questions.len()),
        answered: count(answers.len()),
        evaluated: count(answers.iter().filter(|answer| is_evaluated(answer)).count()),
        shown: 0,
        open: count(interview.questions.len() - answers.len()),
        overall_score: Report::of(interview.clone(), answers, at(0)).overall_score,
    }
}

async fn check(store: &dyn Store, user: UserId) {
    for listed in store.interviews(user, None, 100).await.unwrap() {
        let whole = store.interview(listed.id).await.unwrap().unwrap();
        assert_eq!(whole.progress, truth(store, &whole).await);
        assert_eq!(listed.progress, whole.progress);
    }
}

async fn whatever_happens(store: &dyn Store) {
    let mut dice = StdRng::seed_from_u64(20_261_130);
    let ada = user(store, "ada").await;
    let mut interviews = vec![interview(store, ada, 11).await, interview(store, ada, 1).await];
    let (mut claims, mut ids): (Vec<Claim>, Vec<AnswerId>) = (Vec::new(), Vec::new());
    // So that there are scores at first, whatever comes then.
    for (second, question) in (1..5).zip(interviews[0].questions.clone()) {
        let question = question.id;
        ids.push(answer(store, new_answer(ada, question, sample::ANSWER)).await);
        let claim = claimed(store, second).await;
        let outcome = Outcome::Completed(Box::new(assessment(&mut dice)));
        assert!(finish(store, claim, outcome, second).await);
        check(store, ada).await;
    }
    let whole = store.interview(interviews[0].id).await.unwrap().unwrap();
    assert!(whole.progress.overall_score.is_some());
    for step in 1..=STEPS {
        match dice.random_range(0..7) {
            0 if step % 10 == 0 => {
                let gone = interviews.remove(0);
                store.delete_interview(gone.id).await.unwrap();
                interviews.push(interview(store, ada, 3).await);
            }
            0..3 => {
                let of = &interviews[dice.random_range(0..interviews.len())].questions;
                let question = of[dice.random_range(0..of.len())].id;
                let mut new = new_answer(ada, question, sample::ANSWER);
                new.submitted_at = at(step);
                ids.push(answer(store, new).await);
            }
            3 => {
                // Short leases: old claims are finished after newer ones were given.
                let jobs = store.claim(at(step), at(step + 9), dice.random_range(1..6)).await;
                claims.extend(jobs.unwrap().iter().map(|job| job.claim));
            }
            4 if !ids.is_empty() => {
                let id = ids[dice.random_range(0..ids.len())];
                store.retry_evaluation(id, at(step)).await.unwrap();
            }
            _ => {
                let many = dice.random_range(0..=claims.len().min(5));
                let outcomes: Vec<_> =
                    claims.drain(..many).map(|claim| (claim, outcome(&mut dice))).collect();
                if !outcomes.is_empty() {
                    store.finish(outcomes, at(step)).await.unwrap();
                }
            }
        }
        check(store, ada).await;
    }
}

/// Submits answers to the same questions while two workers evaluate earlier ones.
async fn at_once(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 2).await;
    let submitting = (0..4).map(async |number: usize| {
        for step in 0..SUBMITS {
            let question = made.questions[(number + step) % 2].id;
            answer(store, new_answer(ada, question, sample::ANSWER)).await;
        }
    });
    let working = (0..2).map(async |number| {
        let mut dice = StdRng::seed_from_u64(number);
        for _ in 0..SUBMITS {
            evaluate(store, &mut dice).await;
        }
    });
    futures::join!(join_all(submitting), join_all(working));
    check(store, ada).await;
    while evaluate(store, &mut StdRng::seed_from_u64(9)).await > 0 {}
    check(store, ada).await;
    let done = store.interview(made.id).await.unwrap().unwrap().progress;
    assert_eq!((done.answered, done.evaluated), (2, 2));
}

/// Evaluates a few waiting answers; returns how many.
async fn evaluate(store: &dyn Store, dice: &mut StdRng) -> usize {
    let jobs = store.claim(at(100_000), at(200_000), 4).await.unwrap();
    let outcome = |job: &Job| (job.claim, Outcome::Completed(Box::new(assessment(dice))));
    let outcomes: Vec<_> = jobs.iter().map(outcome).collect();
    store.finish(outcomes, at(100_001)).await.unwrap();
    jobs.len()
}
