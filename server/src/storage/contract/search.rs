//! Promises about search.

use futures::FutureExt;

use super::{
    Promise, promise,
    world::{answer, claimed, finish, interview, new_answer, new_interview, user},
};
use crate::{
    domain::{
        api_key::{Bearer, KeyHolder, Scope, Scopes},
        id::{ApiKeyId, UserId},
        sample,
        search::{SearchCandidate, SearchCursor},
    },
    storage::{Store, calls::Checked, interviews::Creation, queue::Outcome},
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise(
            "a search finds the questions that have every needle, newest interview first",
            |s| finds(s).boxed(),
        ),
        promise("a search continues where a page ended and sees only one account", |s| {
            pages(s).boxed()
        }),
        promise("a search takes every character literally", |s| literally(s).boxed()),
    ]
}

fn key(user_id: UserId) -> Bearer {
    let scopes = Scopes::of(Scope::ALL);
    Bearer::Key(KeyHolder { user_id, key_id: ApiKeyId::new(1), scopes })
}

async fn search(
    store: &dyn Store,
    user_id: UserId,
    needles: &[&str],
    (after, limit): (Option<SearchCursor>, u32),
) -> Vec<SearchCandidate> {
    let needles: Vec<_> = needles.iter().map(|&needle| needle.to_owned()).collect();
    match store.search(key(user_id), &needles, after, limit).await.unwrap() {
        Checked::Live(found) => found,
        Checked::Ended => panic!("a key has no session"),
    }
}

fn texts(found: &[SearchCandidate]) -> Vec<&str> {
    found.iter().map(|found| found.question_text.as_str()).collect()
}

async fn finds(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let older = interview(store, ada, 3).await;
    let newer = interview(store, ada, 1).await;
    let question = |at: usize| older.questions[at].id;
    answer(store, new_answer(ada, question(1), sample::ANSWER)).await;
    let claim = claimed(store, 1).await;
    assert!(finish(store, claim, Outcome::Completed(Box::new(sample::assessment())), 2).await);
    answer(store, new_answer(ada, question(2), "An earlier one.")).await;
    answer(store, new_answer(ada, question(2), "The LATER one, größer.")).await;
    let all = search(store, ada, &["question"], (None, 9)).await;
    let order: Vec<_> = all.iter().map(|found| (found.interview_id, found.order)).collect();
    assert_eq!(order, [(newer.id, 1), (older.id, 1), (older.id, 2), (older.id, 3)]);
    assert!(all[0].answer.is_none());
    assert_eq!(all[0].role, "Backend engineer");
    let graded = all[2].answer.clone().unwrap().graded;
    let assessment = sample::assessment();
    assert_eq!(graded, Some((assessment.grader.clone(), assessment.scores)));
    assert!(all[3].answer.clone().unwrap().graded.is_none(), "it is waiting");

    let both = search(store, ada, &["question 3", "later"], (None, 9)).await;
    assert_eq!(texts(&both), ["Question 3?"], "one in the question, the other in the answer");
    assert_eq!(both[0].answer.clone().unwrap().attempt, 2);
    assert!(search(store, ada, &["earlier"], (None, 9)).await.is_empty(), "the latest answer");
    assert!(search(store, ada, &["question", "nowhere"], (None, 9)).await.is_empty());
    assert_eq!(search(store, ada, &[""], (None, 9)).await.len(), 4, "nothing is ruled out");
    assert_eq!(search(store, ada, &["gr", "er."], (None, 9)).await.len(), 1);
}

async fn pages(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    for user in [ada, bob, ada] {
        interview(store, user, 3).await;
    }
    let all = search(store, ada, &["question"], (None, 100)).await;
    assert_eq!(all.len(), 6);
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page = search(store, ada, &["question"], (after, 2)).await;
        let Some(last) = page.last() else { break };
        after = Some(last.cursor());
        paged.extend(page);
    }
    assert_eq!(paged, all);
}

async fn literally(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let mut new = new_interview(ada, 2);
    new.questions[0].text = "Is 100% of C:\\tmp_1 'ÉTÉ'?".into();
    let Creation::Created(_) = store.create_interview(new).await.unwrap() else { panic!() };
    for there in ["100%", "c:\\tmp_1", "'", "%", "_1", "É"] {
        assert_eq!(search(store, ada, &[there], (None, 9)).await.len(), 1, "{there}");
    }
    for not_there in ["1%0", "tmp%1", "tmp?1", "é", "question 1"] {
        assert_eq!(search(store, ada, &[not_there], (None, 9)).await.len(), 0, "{not_there}");
    }
}
