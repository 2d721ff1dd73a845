//! Promises about the evaluation queue.

use std::{collections::HashSet, time::Duration};

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{answer, at, claim, claimed, finish, interview, new_answer, queued, rubric, user},
};
use crate::{
    domain::{
        challenge::Remarks,
        evaluation::{Completed, Evaluation, EvaluationState},
        interview::Level,
        provenance::Fingerprint,
        sample,
    },
    storage::{Store, queue::Outcome},
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("a claim returns everything that a grader needs", |s| whole(s).boxed()),
        promise("a claimed job is hidden until its lease ends", |s| hidden(s).boxed()),
        promise("no job is claimed twice at the same time", |s| once(s).boxed()),
        promise("the longest due comes first", |s| oldest_first(s).boxed()),
        promise("a batch is claimed in order and finished one by one", |s| batch(s).boxed()),
        promise("a completed evaluation comes back as it was found", |s| completed(s).boxed()),
        promise("only the newest claim may write", |s| fenced(s).boxed()),
        promise("a retry waits until it is due", |s| waits(s).boxed()),
        promise("a failed evaluation keeps its reason and leaves the queue", |s| failed(s).boxed()),
        promise("work that is returned does not count as an attempt", |s| returned(s).boxed()),
        promise("only its holder can extend a lease", |s| extended(s).boxed()),
        promise("a completed evaluation is known by its fingerprint", |s| known(s).boxed()),
        promise("progress shows the score of evaluated answers", |s| scored(s).boxed()),
    ]
}

async fn state(store: &dyn Store, id: crate::domain::id::AnswerId) -> Evaluation {
    store.answer(id).await.unwrap().unwrap().answer.evaluation
}

fn done() -> Outcome {
    Outcome::Completed(Box::new(sample::assessment()))
}

async fn whole(store: &dyn Store) {
    let (ada, interview, id) = queued(store, "ada").await;
    let job = claim(store, 1).await.unwrap();
    assert_eq!((job.claim.answer_id, job.attempt, job.interview_id), (id, 1, Some(interview.id)));
    assert_eq!(job.user_id, ada);
    assert_eq!((job.role.as_str(), job.level), ("Backend engineer", Level::Senior));
    assert_eq!((job.question.as_str(), job.language.as_str()), ("Question 1?", "en"));
    assert_eq!((job.answer.as_str(), job.rubric), (sample::ANSWER, rubric()));
}

async fn hidden(store: &dyn Store) {
    let (_, _, id) = queued(store, "ada").await;
    let first = claimed(store, 1).await;
    assert_eq!(claim(store, 10).await, None);
    assert_eq!(store.next_due().await.unwrap(), Some(at(11)));
    let again = claim(store, 11).await.unwrap();
    assert_eq!((again.claim.answer_id, again.attempt), (id, 2));
    assert!(again.claim.fence > first.fence);
}

async fn once(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let question = interview(store, ada, 1).await.questions[0].id;
    for _ in 0..20 {
        answer(store, new_answer(ada, question, "some answer")).await;
    }
    let claims = join_all((0..30).map(|_| claim(store, 1))).await;
    let ids: Vec<_> = claims.into_iter().flatten().map(|job| job.claim.answer_id).collect();
    assert_eq!(ids.len(), 20);
    assert_eq!(ids.into_iter().collect::<HashSet<_>>().len(), 20);
}

async fn oldest_first(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let question = interview(store, ada, 1).await.questions[0].id;
    let mut ids = Vec::new();
    for seconds in [3, 1, 2] {
        let mut new = new_answer(ada, question, "some answer");
        new.submitted_at = at(seconds);
        ids.push(answer(store, new).await);
    }
    assert_eq!(claim(store, 0).await, None, "nothing is due before its time");
    let mut order = Vec::new();
    while let Some(job) = claim(store, 5).await {
        order.push(job.claim.answer_id);
    }
    assert_eq!(order, [ids[1], ids[2], ids[0]]);
}

async fn batch(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let question = interview(store, ada, 1).await.questions[0].id;
    let mut ids = Vec::new();
    for seconds in [2, 1, 3, 4] {
        let mut new = new_answer(ada, question, sample::ANSWER);
        new.submitted_at = at(seconds);
        ids.push(answer(store, new).await);
    }
    let jobs = store.claim(at(5), at(15), 3).await.unwrap();
    let order: Vec<_> = jobs.iter().map(|job| job.claim.answer_id).collect();
    assert_eq!(order, [ids[1], ids[0], ids[2]]);
    // The first claim has been lost meanwhile; the rest of its batch must not be affected.
    let newest = store.claim(at(20), at(30), 1).await.unwrap();
    assert_eq!(newest[0].claim.answer_id, ids[1]);
    let outcomes = vec![
        (jobs[0].claim, done()),
        (jobs[1].claim, done()),
        (jobs[2].claim, Outcome::Failed("no key".into())),
    ];
    assert_eq!(store.finish(outcomes, at(21)).await.unwrap(), [false, true, true]);
    assert!(state(store, ids[1]).await.is_pending());
    assert!(state(store, ids[0]).await.assessment().is_some());
}

async fn completed(store: &dyn Store) {
    let (_, interview, id) = queued(store, "ada").await;
    let claim = claimed(store, 1).await;
    assert!(finish(store, claim, done(), 2).await);
    let assessment = sample::assessment();
    let expected = EvaluationState::Completed(Box::new(Completed {
        assessment,
        evaluated_at: at(2),
        remarks: Remarks::default(),
    }));
    assert_eq!(state(store, id).await, Evaluation { state: expected, attempts: 1 });
    assert_eq!(store.next_due().await.unwrap(), None);
    assert_eq!(store.latest_answers(interview.id).await.unwrap().len(), 1);
}

async fn fenced(store: &dyn Store) {
    let (_, _, id) = queued(store, "ada").await;
    let (late, newest) = (claimed(store, 1).await, claimed(store, 20).await);
    assert!(!finish(store, late, Outcome::Failed("stale".into()), 21).await);
    assert!(!store.extend(late, at(99)).await.unwrap());
    assert!(finish(store, newest, done(), 22).await);
    assert!(!finish(store, newest, Outcome::Failed("twice".into()), 23).await);
    assert!(state(store, id).await.assessment().is_some());
}

async fn waits(store: &dyn Store) {
    let (_, _, id) = queued(store, "ada").await;
    let first = claimed(store, 1).await;
    let fault = Some("The model is busy.".to_owned());
    let retry =
        Outcome::Retry { after: Duration::from_secs(48), fault: "The model is busy.".into() };
    assert!(finish(store, first, retry, 2).await);
    let waiting =
        EvaluationState::Pending { next_attempt_at: Some(at(50)), last_fault: fault.clone() };
    assert_eq!(state(store, id).await, Evaluation { state: waiting, attempts: 1 });
    assert_eq!(store.next_due().await.unwrap(), Some(at(50)));
    assert_eq!(claim(store, 49).await, None);
    assert_eq!(claim(store, 50).await.unwrap().attempt, 2);
    let running = EvaluationState::Pending { next_attempt_at: None, last_fault: fault };
    assert_eq!(state(store, id).await.state, running);
}

async fn failed(store: &dyn Store) {
    let (_, _, id) = queued(store, "ada").await;
    let claim_ = claimed(store, 1).await;
    assert!(finish(store, claim_, Outcome::Failed("no key".into()), 2).await);
    let expected = EvaluationState::Failed { reason: "no key".into(), refusal: None };
    assert_eq!(state(store, id).await.state, expected);
    assert_eq!(claim(store, 1000).await, None);
}

async fn returned(store: &dyn Store) {
    let (_, _, id) = queued(store, "ada").await;
    let first = claimed(store, 1).await;
    assert!(finish(store, first, Outcome::Returned, 2).await);
    let fresh = EvaluationState::Pending { next_attempt_at: None, last_fault: None };
    assert_eq!(state(store, id).await, Evaluation { state: fresh, attempts: 0 });
    assert_eq!(claim(store, 2).await.unwrap().attempt, 1);
}

async fn extended(store: &dyn Store) {
    queued(store, "ada").await;
    let held = claimed(store, 1).await;
    assert!(store.extend(held, at(40)).await.unwrap());
    assert_eq!(claim(store, 39).await, None);
    assert_eq!(claim(store, 40).await.unwrap().attempt, 2);
}

async fn known(store: &dyn Store) {
    let (ada, interview, _) = queued(store, "ada").await;
    let print = sample::assessment().provenance.fingerprint.unwrap();
    assert_eq!(store.known_evaluation(print, ada).await.unwrap(), None, "it is not completed yet");
    let claim = claimed(store, 1).await;
    finish(store, claim, done(), 2).await;
    let bob = user(store, "bob").await;
    let adas = Some((ada, sample::assessment()));
    assert_eq!(store.known_evaluation(print, bob).await.unwrap(), adas);
    let bobs = self::interview(store, bob, 1).await;
    answer(store, new_answer(bob, bobs.questions[0].id, sample::ANSWER)).await;
    let claim = claimed(store, 3).await;
    finish(store, claim, done(), 4).await;
    assert_eq!(store.known_evaluation(print, ada).await.unwrap(), adas, "her own comes first");
    store.delete_interview(bobs.id).await.unwrap();
    assert_eq!(store.known_evaluation(Fingerprint([8; 32]), ada).await.unwrap(), None);
    store.delete_interview(interview.id).await.unwrap();
    assert_eq!(store.known_evaluation(print, ada).await.unwrap(), None, "it is deleted");
}

async fn scored(store: &dyn Store) {
    let (ada, interview, _) = queued(store, "ada").await;
    let claim = claimed(store, 1).await;
    finish(store, claim, done(), 2).await;
    let progress = store.interview(interview.id).await.unwrap().unwrap().progress;
    assert_eq!((progress.answered, progress.evaluated), (1, 1));
    let mean = sample::assessment().scores.mean();
    assert!((progress.overall_score.unwrap() - mean).abs() < 1e-9);
    assert_eq!(store.interviews(ada, None, 5).await.unwrap()[0].progress, progress);
}
