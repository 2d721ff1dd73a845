//! Promises about calls: they find what is stored, and nothing once their session has ended.

use std::time::Duration;

use futures::FutureExt;

use super::{
    Promise,
    accounts::MANY,
    promise,
    world::{
        START, answer, at, claimed, finish, interview, new_answer, new_interview, proven, request,
        token, user,
    },
};
use crate::{
    domain::{
        account::Caller,
        api_key::{Bearer, KeyHolder, Scope, Scopes},
        client_label::ClientLabel,
        id::{AnswerId, ApiKeyId, InterviewId, UserId},
        interview::Interview,
        sample,
        throttle::Rate,
    },
    storage::{
        Store,
        answers::Submission,
        calls::{BeforeCreation, Checked, OwnAccount, Submitted},
        interviews::Creation,
        queue::Outcome,
        throttles::LimitedAttempt,
    },
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("a call finds what is stored", |s| finds(s).boxed()),
        promise("a call by a session that has ended finds and does nothing", |s| ended(s).boxed()),
        promise("a call submits only to its own account's questions", |s| submits(s).boxed()),
        promise("what must be known before an interview is created is found", |s| {
            before(s).boxed()
        }),
        promise("a sign-in returns the attempts taken for it", |s| gives_back(s).boxed()),
    ]
}

/// An account that is signed in.
async fn caller(store: &dyn Store, name: &str) -> Bearer {
    let user_id = user(store, name).await;
    let byte = u8::try_from(name.len()).unwrap();
    let opened = store.open_session(proven(user_id), token(byte, at(100)), START, MANY).await;
    Bearer::Session(Caller { user_id, session_id: opened.unwrap().unwrap() })
}

/// A key of that account; these tests do not need it to exist.
fn key(user_id: UserId) -> Bearer {
    let scopes = Scopes::of(Scope::ALL);
    Bearer::Key(KeyHolder { user_id, key_id: ApiKeyId::new(1), scopes })
}

/// An interview of three questions, of which one is evaluated and one is waiting.
async fn practised(store: &dyn Store, user_id: UserId) -> (Interview, AnswerId) {
    let made = interview(store, user_id, 3).await;
    let first = answer(store, new_answer(user_id, made.questions[1].id, sample::ANSWER)).await;
    let claim = claimed(store, 1).await;
    assert!(finish(store, claim, Outcome::Completed(Box::new(sample::assessment())), 2).await);
    answer(store, new_answer(user_id, made.questions[2].id, "It waits.")).await;
    (store.interview(made.id).await.unwrap().unwrap(), first)
}

async fn finds(store: &dyn Store) {
    let ada = caller(store, "ada").await;
    let user_id = ada.user_id();
    let (made, first) = practised(store, user_id).await;
    let newer = interview(store, user_id, 1).await;
    for ada in [ada, key(user_id)] {
        let account = store.user(user_id).await.unwrap();
        let account = account.map(|user| OwnAccount { user, shares_name: false });
        assert_eq!(store.account_of(ada).await.unwrap(), Checked::Live(account));
        let list = store.interviews(user_id, None, 9).await.unwrap();
        assert_eq!(store.interviews_of(ada, None, 9).await.unwrap(), Checked::Live(list.clone()));
        let older = store.interviews_of(ada, Some(newer.id), 9).await.unwrap();
        assert_eq!(older, Checked::Live(list[1..].to_vec()));
        let none = store.interviews_of(ada, Some(made.id), 9).await.unwrap();
        assert_eq!(none, Checked::Live(Vec::new()));
        let found = store.interview_for(ada, made.id).await.unwrap();
        assert_eq!(found, Checked::Live(Some(made.clone())));
        let answers = store.latest_answers(made.id).await.unwrap();
        assert_eq!(answers.len(), 2);
        let report = store.answered_interview_for(ada, made.id).await.unwrap();
        assert_eq!(report, Checked::Live(Some((made.clone(), answers))));
        let status = store.answer(first).await.unwrap();
        assert_eq!(store.answer_for(ada, first).await.unwrap(), Checked::Live(status));
        let graded = store.graded_answers(user_id).await.unwrap();
        assert_eq!(graded.len(), 1);
        let Checked::Live((found, totals)) = store.graded_answers_of(ada, 0, 0).await.unwrap()
        else {
            panic!("the session has ended")
        };
        assert_eq!((found, totals.answers), (graded, 2));
        let nowhere = InterviewId::new(4711);
        assert_eq!(store.interview_for(ada, nowhere).await.unwrap(), Checked::Live(None));
        let no_report = store.answered_interview_for(ada, nowhere).await.unwrap();
        assert_eq!(no_report, Checked::Live(None));
        let no_answer = store.answer_for(ada, AnswerId::new(4711)).await.unwrap();
        assert_eq!(no_answer, Checked::Live(None));
    }
}

async fn ended(store: &dyn Store) {
    let ada = caller(store, "ada").await;
    let (made, first) = practised(store, ada.user_id()).await;
    // Neither a session that has ended, nor one of another account.
    let bob = Bearer::Session(Caller {
        user_id: user(store, "bob").await,
        session_id: ada.session_id().unwrap(),
    });
    store.end_session(ada.session_id().unwrap(), at(3)).await.unwrap();
    for nobody in [ada, bob] {
        assert_eq!(store.account_of(nobody).await.unwrap(), Checked::Ended);
        assert_eq!(store.interviews_of(nobody, None, 9).await.unwrap(), Checked::Ended);
        assert_eq!(store.interview_for(nobody, made.id).await.unwrap(), Checked::Ended);
        assert_eq!(store.answered_interview_for(nobody, made.id).await.unwrap(), Checked::Ended);
        assert_eq!(store.answer_for(nobody, first).await.unwrap(), Checked::Ended);
        assert_eq!(store.graded_answers_of(nobody, 0, 0).await.unwrap(), Checked::Ended);
        assert_eq!(store.before_creation(nobody, None).await.unwrap(), Checked::Ended);
        let new = new_answer(nobody.user_id(), made.questions[0].id, "Too late for this one.");
        assert_eq!(store.submit(nobody, made.id, new).await.unwrap(), Checked::Ended);
    }
    assert_eq!(store.latest_answers(made.id).await.unwrap().len(), 2);
}

async fn submits(store: &dyn Store) {
    let (ada, other) = (caller(store, "ada").await, caller(store, "other").await);
    let made = interview(store, ada.user_id(), 2).await;
    let another = interview(store, ada.user_id(), 1).await;
    let question = made.questions[1].id;
    let submit = async |who: Bearer, interview, question| {
        let new = new_answer(who.user_id(), question, "some answer");
        match store.submit(who, interview, new).await.unwrap() {
            Checked::Live(submitted) => submitted,
            Checked::Ended => panic!("the session has ended"),
        }
    };
    let nowhere = InterviewId::new(4711);
    assert_eq!(submit(ada, nowhere, question).await, Submitted::NoInterview);
    let gone = Submitted::Done(Submission::QuestionGone);
    assert_eq!(submit(ada, another.id, question).await, gone);
    assert_eq!(submit(other, another.id, question).await, gone, "existence before ownership");
    assert_eq!(submit(other, made.id, question).await, Submitted::Denied);
    assert!(store.latest_answers(made.id).await.unwrap().is_empty());
    let Submitted::Done(Submission::Stored(id)) = submit(ada, made.id, question).await else {
        panic!()
    };
    let kept = store.answer(id).await.unwrap().unwrap();
    assert_eq!((kept.interview_id, kept.owner), (made.id, ada.user_id()));
    let Submitted::Done(Submission::Stored(again)) =
        submit(key(ada.user_id()), made.id, question).await
    else {
        panic!()
    };
    assert_ne!(again, id, "without a key, each is a separate answer");
}

async fn before(store: &dyn Store) {
    let ada = caller(store, "ada").await;
    let mut new = new_interview(ada.user_id(), 2);
    new.request = Some(request("key", 1));
    let free = store.before_creation(ada, new.request.as_ref()).await.unwrap();
    assert_eq!(free, Checked::Live(BeforeCreation::Asked(Vec::new())));
    let Creation::Created(made) = store.create_interview(new).await.unwrap() else { panic!() };
    let known = store.before_creation(ada, Some(&request("key", 1))).await.unwrap();
    let before = |creation| Checked::Live(BeforeCreation::Known(Box::new(creation)));
    assert_eq!(known, before(Creation::Repeated(made)));
    let reused = store.before_creation(ada, Some(&request("key", 2))).await.unwrap();
    assert_eq!(reused, before(Creation::KeyReused));
    let Checked::Live(BeforeCreation::Asked(mut asked)) =
        store.before_creation(ada, None).await.unwrap()
    else {
        panic!()
    };
    asked.sort();
    assert_eq!(asked, [("concurrency-1".to_owned(), START), ("concurrency-2".to_owned(), START)]);
}

async fn gives_back(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let rate = Rate { attempts: 1, refill: Duration::from_hours(1) };
    let attempts: Vec<_> = [3, 1, 2].map(|byte| LimitedAttempt { key: [byte; 32], rate }).into();
    assert_eq!(store.take(attempts.clone(), START).await.unwrap(), None);
    assert!(store.take(attempts[..1].to_vec(), START).await.unwrap().is_some());
    let back = attempts[..2].to_vec();
    let unknown = ClientLabel::default();
    let opened = store.sign_in(proven(ada), token(1, at(9)), START, MANY, back.clone(), unknown);
    let session = opened.await.unwrap().unwrap();
    assert_eq!(store.live_session(session).await.unwrap(), Some(ada));
    assert_eq!(store.take(back, START).await.unwrap(), None);
    assert!(store.take(attempts[2..].to_vec(), START).await.unwrap().is_some(), "it was spent");
}
