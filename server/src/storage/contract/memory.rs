//! Promises about what accounts remember.

use futures::{FutureExt, future::join_all};

use super::{
    Promise,
    follow_ups::key_of,
    promise,
    world::{START, answer, at, claimed, finish, interview, new_answer, proven, queued, user},
};
use crate::{
    domain::{
        day::Day,
        id::{AnswerId, PointId, QuestionId, UserId},
        interview::Interview,
        memory::{PointKey, PointState, Rating, Trace},
        sample,
        text::IdempotencyKey,
    },
    storage::{
        Store,
        calls::Checked,
        help::Showing,
        memory::{KeptReview, KnownMemory, Learnt, NewReview, PointChange, ReviewAdded},
        queue::Outcome,
    },
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an evaluation is taken into the memory once", |s| once(s).boxed()),
        promise("of many calls that take the same points at once, one succeeds", |s| {
            at_once(s).boxed()
        }),
        promise("an answer after a hint or the shown one is not at first sight", |s| {
            at_first_sight(s).boxed()
        }),
        promise("a review is stored with its point's new state, once per key", |s| {
            reviewed(s).boxed()
        }),
        promise("a change that was computed from an older memory is not made", |s| {
            stale(s).boxed()
        }),
        promise("a point that is put off or forgotten stays so, whatever is learnt", |s| {
            changed(s).boxed()
        }),
        promise("a point outlives its interview and is deleted with its account", |s| {
            gone(s).boxed()
        }),
        promise("a time zone is set once, and changed on request", |s| zone(s).boxed()),
    ]
}

async fn memory(store: &dyn Store, user: UserId) -> KnownMemory {
    match store.memory_of(key_of(user), at(99)).await.unwrap() {
        Checked::Live(known) => known,
        Checked::Ended => panic!("the session has ended"),
    }
}

fn key(point_id: &str) -> PointKey {
    PointKey { bank_id: "concurrency-1".into(), point_id: point_id.into() }
}

fn state(question_id: QuestionId, rated_on: i32) -> PointState {
    PointState {
        trace: Trace { stability: 2.5, difficulty: 5.25 },
        rated_on: Day::new(rated_on),
        due_on: Day::new(rated_on + 3),
        reviewed_on: None,
        prompt: 0,
        ratings: 1,
        question_id: Some(question_id),
    }
}

/// An account with an answer that is evaluated.
async fn evaluated(store: &dyn Store, name: &str) -> (UserId, Interview, AnswerId) {
    let (ada, made, id) = queued(store, name).await;
    let claim = claimed(store, 1).await;
    assert!(finish(store, claim, Outcome::Completed(Box::new(sample::assessment())), 2).await);
    (ada, made, id)
}

/// The same with two points in its memory; returns the first.
async fn learnt(store: &dyn Store) -> (UserId, Interview, PointId) {
    let (ada, made, id) = evaluated(store, "ada").await;
    let question = made.questions[0].id;
    let points = ["wait", "hold"].map(|point| (key(point), state(question, 100))).into();
    assert!(store.remember(ada, 0, Learnt { answers: vec![id], points }).await.unwrap());
    (ada, made, memory(store, ada).await.points[0].id)
}

fn review(answer: &str) -> KeptReview {
    KeptReview {
        reviewed_at: at(9),
        prompt: 2,
        answer: answer.into(),
        rating: Rating::Hard,
        coverage: 0.5,
        evidence: "wait".into(),
        correction: "It does not.".into(),
        due_on: Day::new(107),
    }
}

fn new_review(point_id: PointId, answer: &str, key: Option<&str>) -> NewReview {
    let state = PointState {
        rated_on: Day::new(105),
        due_on: Day::new(107),
        reviewed_on: Some(Day::new(105)),
        prompt: 2,
        ratings: 2,
        ..state(QuestionId::new(0), 0)
    };
    let key = key.map(|key| IdempotencyKey::parse(key).unwrap().unwrap());
    let time_zone = Some("Europe/Berlin".to_owned());
    NewReview { point_id, state, review: review(answer), key, time_zone }
}

async fn once(store: &dyn Store) {
    let (ada, made, id) = queued(store, "ada").await;
    assert!(!memory(store, ada).await.has_news, "it is not evaluated yet");
    assert_eq!(store.answers_to_remember(ada, at(99), 9).await.unwrap(), []);
    let claim = claimed(store, 1).await;
    assert!(finish(store, claim, Outcome::Completed(Box::new(sample::assessment())), 2).await);
    let known = memory(store, ada).await;
    assert!(known.has_news && known.points.is_empty());
    let news = store.answers_to_remember(ada, at(99), 9).await.unwrap();
    let [found] = &news[..] else { panic!("{news:?}") };
    let question = &made.questions[0];
    assert_eq!((found.id, found.question_id, &found.question), (id, question.id, &question.text));
    assert_eq!(found.bank_id.as_deref(), Some("concurrency-1"));
    assert_eq!((found.answered_at, found.is_first_sight), (START, true));
    assert_eq!(found.assessment, Some(sample::assessment()));

    let points = vec![(key("wait"), state(question.id, 100))];
    let learnt = Learnt { answers: vec![id], points: points.clone() };
    assert!(store.remember(ada, known.revision, learnt).await.unwrap());
    let known = memory(store, ada).await;
    assert!(!known.has_news);
    assert_eq!(store.answers_to_remember(ada, at(99), 9).await.unwrap(), []);
    let [point] = &known.points[..] else { panic!("{known:?}") };
    assert_eq!((point.key.clone(), point.state.clone()), points[0]);
    assert!(!point.is_forgotten);
    // No other account has any of it.
    let eve = user(store, "eve").await;
    assert_eq!(memory(store, eve).await.points, []);
    assert_eq!(store.owner_of_point(point.id).await.unwrap(), Some(ada));
    assert_eq!(store.owner_of_point(PointId::new(4711)).await.unwrap(), None);
}

async fn at_once(store: &dyn Store) {
    let (ada, made, id) = evaluated(store, "ada").await;
    let question = made.questions[0].id;
    let learn = |ratings| {
        let state = PointState { ratings, ..state(question, 100) };
        store.remember(ada, 0, Learnt { answers: vec![id], points: vec![(key("wait"), state)] })
    };
    let done = join_all((1..=12).map(learn)).await;
    let took: Vec<_> = done.into_iter().map(Result::unwrap).collect();
    assert_eq!(took.iter().filter(|took| **took).count(), 1);
    let known = memory(store, ada).await;
    let winner = i32::try_from(took.iter().position(|took| *took).unwrap()).unwrap() + 1;
    assert_eq!((known.revision, known.points[0].state.ratings), (1, winner));
}

async fn at_first_sight(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 4).await;
    let [plain, hinted, shown, twice] = [0, 1, 2, 3].map(|at: usize| made.questions[at].id);
    store.note_hints(hinted, 1).await.unwrap();
    assert!(matches!(store.show_answer(ada, shown, at(1)).await.unwrap(), Showing::Shown(_)));
    for question in [plain, hinted, shown, twice, twice] {
        answer(store, new_answer(ada, question, sample::ANSWER)).await;
        let claim = claimed(store, 2).await;
        assert!(finish(store, claim, Outcome::Completed(Box::new(sample::assessment())), 2).await);
    }
    let failing = interview(store, ada, 1).await.questions[0].id;
    answer(store, new_answer(ada, failing, sample::ANSWER)).await;
    let claim = claimed(store, 3).await;
    assert!(finish(store, claim, Outcome::Failed("no key".into()), 3).await);
    let news = store.answers_to_remember(ada, at(99), 9).await.unwrap();
    let seen: Vec<_> = news.iter().map(|one| (one.question_id, one.is_first_sight)).collect();
    let expected = [(plain, true), (hinted, false), (shown, false), (twice, true), (twice, false)];
    assert_eq!(seen, expected);
    assert_eq!(store.answers_to_remember(ada, at(99), 2).await.unwrap(), news[..2]);
}

async fn reviewed(store: &dyn Store) {
    let (ada, made, id) = learnt(store).await;
    let other = memory(store, ada).await.points[1].id;
    let add = |revision, new| store.add_review(ada, revision, new);
    let first = add(1, new_review(id, "They wait.", Some("k"))).await.unwrap();
    assert_eq!(first, ReviewAdded::Added);
    let known = memory(store, ada).await;
    let kept = &known.points[0].state;
    assert_eq!((kept.rated_on, kept.due_on), (Day::new(105), Day::new(107)));
    assert_eq!((kept.reviewed_on, kept.prompt, kept.ratings), (Some(Day::new(105)), 2, 2));
    assert_eq!(kept.question_id, Some(made.questions[0].id), "it stays the same question");
    assert_eq!(known.time_zone.as_deref(), Some("Europe/Berlin"));
    // Again under its key, from an older memory, as after a lost reply.
    let again = add(1, new_review(id, "They wait.", Some("k"))).await.unwrap();
    assert_eq!(again, ReviewAdded::Repeated(review("They wait.")));
    for (point, text) in [(id, "Another answer."), (other, "They wait.")] {
        let refused = add(2, new_review(point, text, Some("k"))).await.unwrap();
        assert_eq!(refused, ReviewAdded::KeyReused);
    }
    // Another account may use the same key.
    let eve = user(store, "eve").await;
    assert_eq!(memory(store, eve).await.revision, 0);
    assert_eq!(add(2, new_review(other, "", None)).await.unwrap(), ReviewAdded::Added);
    let listed = store.kept_reviews_after(ada, 0, 9).await.unwrap();
    let told: Vec<_> = listed.iter().map(|one| (one.key.clone(), one.review.clone())).collect();
    assert_eq!(told, [(key("wait"), review("They wait.")), (key("hold"), review(""))]);
    let rest = store.kept_reviews_after(ada, listed[0].id, 9).await.unwrap();
    assert_eq!(rest, listed[1..]);
    assert_eq!(store.kept_reviews_after(eve, 0, 9).await.unwrap(), []);
}

async fn stale(store: &dyn Store) {
    let (ada, made, id) = learnt(store).await;
    let reviews = (0..10).map(|_| store.add_review(ada, 1, new_review(id, "They wait.", None)));
    let done = join_all(reviews).await;
    let added = done.into_iter().filter(|one| matches!(one, Ok(ReviewAdded::Added))).count();
    assert_eq!(added, 1, "each of the others was computed from an older state");
    let before = memory(store, ada).await;
    let points = vec![(key("new"), state(made.questions[0].id, 100))];
    let learnt = Learnt { answers: Vec::new(), points };
    assert!(!store.remember(ada, 1, learnt).await.unwrap());
    let change = PointChange::DueOn(Day::new(500));
    assert!(!store.change_point(ada, 1, id, change, Some("UTC".into())).await.unwrap());
    assert_eq!(memory(store, ada).await, before);
    assert_eq!(store.kept_reviews_after(ada, 0, 99).await.unwrap().len(), 1);
}

async fn changed(store: &dyn Store) {
    let (ada, made, id) = learnt(store).await;
    let zone = || Some("Asia/Tokyo".to_owned());
    let due = PointChange::DueOn(Day::new(120));
    assert!(store.change_point(ada, 1, id, due, zone()).await.unwrap());
    assert!(store.change_point(ada, 2, id, PointChange::Forgotten(true), None).await.unwrap());
    let known = memory(store, ada).await;
    let (first, second) = (&known.points[0], &known.points[1]);
    assert_eq!((first.state.due_on, first.is_forgotten), (Day::new(120), true));
    assert_eq!((second.state.due_on, second.is_forgotten), (Day::new(103), false));
    assert_eq!(known.time_zone, zone());
    let points = vec![(key("wait"), state(made.questions[0].id, 200))];
    let learnt = Learnt { answers: Vec::new(), points };
    assert!(store.remember(ada, known.revision, learnt).await.unwrap());
    let known = memory(store, ada).await;
    assert_eq!(known.points.len(), 2);
    assert_eq!(known.points[0].state.rated_on, Day::new(200));
    assert!(known.points[0].is_forgotten);
    let undo = PointChange::Forgotten(false);
    assert!(store.change_point(ada, known.revision, id, undo, None).await.unwrap());
    assert!(!memory(store, ada).await.points[0].is_forgotten);
}

async fn gone(store: &dyn Store) {
    let (ada, made, id) = learnt(store).await;
    let kept = store.add_review(ada, 1, new_review(id, "They wait.", None)).await.unwrap();
    assert_eq!(kept, ReviewAdded::Added);
    assert!(store.delete_interview(made.id).await.unwrap());
    let known = memory(store, ada).await;
    assert_eq!(known.points.len(), 2);
    assert!(known.points.iter().all(|point| point.state.question_id.is_none()));
    assert!(store.delete_account(proven(ada)).await.unwrap());
    assert_eq!(store.memory_of(key_of(ada), at(99)).await.unwrap(), Checked::Ended);
    assert_eq!(store.owner_of_point(id).await.unwrap(), None);
    assert_eq!(store.kept_reviews_after(ada, 0, 9).await.unwrap(), []);
    // A review that was computed before the deletion comes too late.
    let late = store.add_review(ada, 2, new_review(id, "They wait.", None)).await.unwrap();
    assert_eq!(late, ReviewAdded::Changed);
}

async fn zone(store: &dyn Store) {
    let (ada, _, id) = learnt(store).await;
    assert_eq!(store.user(ada).await.unwrap().unwrap().time_zone, None);
    for (revision, name) in [(1, "Asia/Tokyo"), (2, "Europe/Berlin")] {
        let due = PointChange::DueOn(Day::new(120));
        let zone = Some(name.to_owned());
        assert!(store.change_point(ada, revision, id, due, zone).await.unwrap());
        let user = store.user(ada).await.unwrap().unwrap();
        assert_eq!(user.time_zone.as_deref(), Some("Asia/Tokyo"));
    }
    let user = store.set_time_zone(ada, "Europe/Berlin".into()).await.unwrap().unwrap();
    assert_eq!((user.id, user.time_zone.as_deref()), (ada, Some("Europe/Berlin")));
    assert_eq!(memory(store, ada).await.time_zone, user.time_zone);
    assert_eq!(store.set_time_zone(UserId::new(4711), "UTC".into()).await.unwrap(), None);
}
