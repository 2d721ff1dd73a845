//! Promises about follow-up questions.

use std::collections::HashSet;

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{answer, claimed, finish, interview, new_answer, rubric, user},
};
use crate::{
    domain::{
        api_key::{Bearer, KeyHolder, Scope, Scopes},
        follow_up::NewFollowUp,
        id::{ApiKeyId, QuestionId, UserId},
        interview::Interview,
        question::{Question, QuestionOrigin},
        sample,
    },
    storage::{Store, calls::Checked, follow_ups::FollowUpAdded, queue::Outcome},
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("follow-ups come right after their question, oldest first", |s| {
            stand_after(s).boxed()
        }),
        promise("a follow-up counts and is answered like any other question", |s| {
            counts(s).boxed()
        }),
        promise("follow-ups added at once are all stored, up to the limit", |s| at_once(s).boxed()),
        promise("a question is followed up by its latest evaluated answer", |s| {
            followed(s).boxed()
        }),
    ]
}

/// A caller without a session to check.
pub(super) fn key_of(user_id: UserId) -> Bearer {
    let scopes = Scopes::of(Scope::ALL);
    Bearer::Key(KeyHolder { user_id, key_id: ApiKeyId::new(1), scopes })
}

fn new(user: UserId, parent_id: QuestionId, text: &str) -> NewFollowUp {
    NewFollowUp { user_id: user, parent_id, text: text.into(), rubric: rubric() }
}

async fn add(store: &dyn Store, user: UserId, parent: QuestionId, text: &str) -> Question {
    match store.add_follow_up(new(user, parent, text), 30).await.unwrap() {
        FollowUpAdded::Added(question) => question,
        other => panic!("{other:?}"),
    }
}

async fn read(store: &dyn Store, made: &Interview) -> Interview {
    store.interview(made.id).await.unwrap().unwrap()
}

async fn stand_after(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 2).await;
    let [first, second] = [made.questions[0].id, made.questions[1].id];
    let a = add(store, ada, first, "a").await;
    let b = add(store, ada, first, "b").await;
    let c = add(store, ada, second, "c").await;
    let below_a = add(store, ada, a.id, "below a").await;
    let d = add(store, ada, first, "d").await;
    assert_eq!((a.order, b.order, c.order, below_a.order, d.order), (2, 3, 5, 3, 5));
    assert_eq!((a.parent_id, a.origin), (Some(first), QuestionOrigin::FollowUp));
    assert_eq!((a.text.as_str(), a.topic.as_str()), ("a", "concurrency"));
    let kept = read(store, &made).await;
    let ids: Vec<_> = kept.questions.iter().map(|question| question.id).collect();
    assert_eq!(ids, [first, a.id, below_a.id, b.id, d.id, second, c.id]);
    let orders: Vec<_> = kept.questions.iter().map(|question| question.order).collect();
    assert_eq!(orders, [1, 2, 3, 4, 5, 6, 7]);
    let asked = store.asked_question(d.id).await.unwrap().unwrap();
    assert_eq!((asked.question.order, asked.rubric), (5, rubric()));
}

async fn counts(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 2).await;
    let follow_up = add(store, ada, made.questions[0].id, "Why?").await;
    assert_eq!(read(store, &made).await.progress.questions, 3);
    answer(store, new_answer(ada, made.questions[1].id, sample::ANSWER)).await;
    answer(store, new_answer(ada, follow_up.id, sample::ANSWER)).await;
    let progress = read(store, &made).await.progress;
    assert_eq!((progress.answered, progress.evaluated), (2, 0));
    for second in 1..3 {
        let claim = claimed(store, second).await;
        let outcome = Outcome::Completed(Box::new(sample::assessment()));
        assert!(finish(store, claim, outcome, second).await);
    }
    let progress = store.interviews(ada, None, 9).await.unwrap()[0].progress;
    assert_eq!((progress.questions, progress.answered, progress.evaluated), (3, 2, 2));
    let answers = store.latest_answers(made.id).await.unwrap();
    let answered: Vec<_> = answers.iter().map(|answer| answer.question_id).collect();
    assert_eq!(answered, [follow_up.id, made.questions[1].id], "in the order of the questions");
    // It is deleted with its question, and no other account can add one.
    let eve = user(store, "eve").await;
    let of_eve = store.add_follow_up(new(eve, made.questions[0].id, "Eve?"), 30).await.unwrap();
    assert_eq!(of_eve, FollowUpAdded::Gone);
    assert!(store.delete_interview(made.id).await.unwrap());
    assert_eq!(store.asked_question(follow_up.id).await.unwrap(), None);
    let gone = store.add_follow_up(new(ada, made.questions[0].id, "Why?"), 30).await.unwrap();
    assert_eq!(gone, FollowUpAdded::Gone);
}

async fn at_once(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 2).await;
    let parent = made.questions[0].id;
    let many = (0..12).map(|number| {
        // Each one twice: a repeated click adds only one.
        store.add_follow_up(new(ada, parent, &format!("{}?", number / 2)), 30)
    });
    let mut ids = HashSet::new();
    for added in join_all(many).await {
        let FollowUpAdded::Added(question) = added.unwrap() else { panic!("not added") };
        ids.insert(question.id);
    }
    assert_eq!(ids.len(), 6);
    let kept = read(store, &made).await;
    assert_eq!((kept.questions.len(), kept.progress.questions), (8, 8));
    let last = store.add_follow_up(new(ada, parent, "More?"), 8).await.unwrap();
    assert_eq!(last, FollowUpAdded::Full);
    assert_eq!(read(store, &made).await.questions.len(), 8);
}

async fn followed(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 1).await;
    let id = made.questions[0].id;
    let caller = key_of(ada);
    let read = async || match store.followed_question(caller, id).await.unwrap() {
        Checked::Live(found) => found.unwrap(),
        Checked::Ended => panic!("a session was checked"),
    };
    let nothing = read().await;
    assert_eq!((nothing.owner, nothing.interview_id, nothing.answered), (ada, made.id, None));
    assert_eq!((nothing.bank_id.as_deref(), nothing.rubric), (Some("concurrency-1"), rubric()));
    answer(store, new_answer(ada, id, sample::ANSWER)).await;
    let claim = claimed(store, 1).await;
    assert!(finish(store, claim, Outcome::Completed(Box::new(sample::assessment())), 1).await);
    // A later answer that is not evaluated yet does not hold it up.
    answer(store, new_answer(ada, id, "Another answer.")).await;
    add(store, ada, id, "Why?").await;
    add(store, ada, id, "How?").await;
    let now = read().await;
    assert_eq!(now.answered, Some((sample::ANSWER.to_owned(), sample::assessment())));
    let asked: Vec<_> = now.follow_ups.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(asked, ["Why?", "How?"]);
    assert_eq!(now.follow_ups[0].rubric, rubric());
    let nowhere = store.followed_question(caller, QuestionId::new(4711)).await.unwrap();
    assert_eq!(nowhere, Checked::Live(None));
}
