//! Promises about interviews.

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{
        START, answer, claimed, finish, interview, new_answer, new_interview, queued, request,
        rubric, user,
    },
};
use crate::{
    domain::{
        id::{InterviewId, QuestionId},
        interview::Level,
        question::QuestionOrigin,
        sample,
    },
    storage::{Store, interviews::Creation, queue::Outcome},
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an interview comes back as it was created", |s| comes_back(s).boxed()),
        promise("one request creates one interview", |s| one_request(s).boxed()),
        promise("one request that comes many times at once creates one interview", |s| {
            at_once(s).boxed()
        }),
        promise("lists go back in time, one page after the other", |s| pages(s).boxed()),
        promise("what was asked is remembered", |s| asked(s).boxed()),
        promise("the texts of asked questions come back, the latest first", |s| {
            asked_texts(s).boxed()
        }),
        promise("a deleted interview takes everything with it, and its id is never reused", |s| {
            deleted(s).boxed()
        }),
        promise("progress counts latest answers", |s| progress(s).boxed()),
        promise("a question comes with its rubric, and whether an answer is evaluated", |s| {
            asked_question(s).boxed()
        }),
    ]
}

async fn comes_back(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 3).await;
    assert_eq!((made.user_id, made.level, made.created_at), (ada, Level::Senior, START));
    assert_eq!(made.questions.iter().map(|q| q.order).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(
        made.questions.iter().all(|q| q.origin == QuestionOrigin::Bank && q.parent_id.is_none())
    );
    assert_eq!(store.interview_owner(made.id).await.unwrap(), Some(ada));
    assert!(store.has_question(made.id, made.questions[2].id).await.unwrap());
    let other = interview(store, ada, 1).await;
    assert!(!store.has_question(other.id, made.questions[2].id).await.unwrap());
    assert_eq!(store.interview(made.id).await.unwrap(), Some(made));
    let nowhere = InterviewId::new(4711);
    assert_eq!(store.interview(nowhere).await.unwrap(), None);
    assert_eq!(store.interview_owner(nowhere).await.unwrap(), None);
}

async fn one_request(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let mut new = new_interview(ada, 1);
    new.request = Some(request("key", 1));
    let Creation::Created(made) = store.create_interview(new.clone()).await.unwrap() else {
        panic!()
    };
    let repeated = Creation::Repeated(made);
    assert_eq!(store.create_interview(new.clone()).await.unwrap(), repeated);
    let known = store.interview_of_request(ada, &request("key", 1)).await.unwrap();
    assert_eq!(known, Some(repeated));
    new.request = Some(request("key", 2));
    assert_eq!(store.create_interview(new.clone()).await.unwrap(), Creation::KeyReused);
    new.user_id = bob;
    assert!(matches!(store.create_interview(new).await.unwrap(), Creation::Created(_)));
}

async fn at_once(store: &dyn Store) {
    let mut new = new_interview(user(store, "ada").await, 2);
    new.request = Some(request("key", 1));
    let made = join_all((0..20).map(|_| store.create_interview(new.clone()))).await;
    let made: Vec<_> = made.into_iter().map(Result::unwrap).collect();
    let created = made.iter().filter(|made| matches!(made, Creation::Created(_))).count();
    let repeated = made.iter().filter(|made| matches!(made, Creation::Repeated(_))).count();
    assert_eq!((created, repeated), (1, 19));
    assert_eq!(store.interviews(new.user_id, None, 9).await.unwrap().len(), 1);
}

async fn pages(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(interview(store, ada, 1).await.id);
        interview(store, bob, 1).await;
    }
    made.reverse();
    let ids = |page: Vec<crate::domain::interview::Interview>| -> Vec<_> {
        page.into_iter().map(|interview| interview.id).collect()
    };
    let first = store.interviews(ada, None, 2).await.unwrap();
    assert!(first.iter().all(|i| i.questions.is_empty() && i.progress.questions == 1));
    assert_eq!(ids(first), made[..2]);
    assert_eq!(ids(store.interviews(ada, Some(made[1]), 10).await.unwrap()), made[2..]);
    assert!(store.interviews(ada, Some(made[4]), 10).await.unwrap().is_empty());
}

async fn asked(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    interview(store, ada, 2).await;
    let mut asked = store.asked_questions(ada).await.unwrap();
    asked.sort();
    assert_eq!(asked, [("concurrency-1".to_owned(), START), ("concurrency-2".to_owned(), START)]);
    assert!(store.asked_questions(bob).await.unwrap().is_empty());
}

async fn asked_texts(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    interview(store, ada, 1).await;
    let mut later = new_interview(ada, 2);
    later.questions[0].text = "What is a lease?".into();
    store.create_interview(later).await.unwrap();
    let texts = store.asked_texts(ada, 3).await.unwrap();
    assert_eq!(texts, ["What is a lease?", "Question 2?", "Question 1?"]);
    assert_eq!(store.asked_texts(ada, 1).await.unwrap(), texts[..1]);
    assert!(store.asked_texts(bob, 9).await.unwrap().is_empty());
}

async fn deleted(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 1).await;
    let id = answer(store, new_answer(ada, made.questions[0].id, "some answer")).await;
    assert!(store.delete_interview(made.id).await.unwrap());
    assert!(!store.delete_interview(made.id).await.unwrap());
    assert_eq!(store.interview(made.id).await.unwrap(), None);
    assert_eq!(store.answer(id).await.unwrap(), None);
    assert_eq!(store.next_due().await.unwrap(), None, "its evaluation has left the queue");
    assert!(interview(store, ada, 1).await.id.get() > made.id.get());
}

async fn progress(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 3).await;
    for _ in 0..2 {
        answer(store, new_answer(ada, made.questions[0].id, "some answer")).await;
    }
    let progress = store.interview(made.id).await.unwrap().unwrap().progress;
    assert_eq!((progress.questions, progress.answered, progress.evaluated), (3, 1, 0));
    assert_eq!(progress.overall_score, None);
    let listed = store.interviews(ada, None, 1).await.unwrap();
    assert_eq!(listed[0].progress, progress);
}

async fn asked_question(store: &dyn Store) {
    let (ada, made, _) = queued(store, "ada").await;
    let id = made.questions[0].id;
    let asked = store.asked_question(id).await.unwrap().unwrap();
    assert_eq!((asked.owner, asked.level), (ada, Level::Senior));
    assert_eq!((&asked.role, &asked.question), (&made.role, &made.questions[0]));
    assert_eq!((asked.rubric, asked.is_evaluated), (rubric(), false));
    let outcome = Outcome::Completed(Box::new(sample::assessment()));
    assert!(finish(store, claimed(store, 1).await, outcome, 2).await);
    // A later answer that is waiting changes nothing.
    answer(store, new_answer(ada, id, "another answer")).await;
    assert!(store.asked_question(id).await.unwrap().unwrap().is_evaluated);
    assert_eq!(store.asked_question(QuestionId::new(4711)).await.unwrap(), None);
}
