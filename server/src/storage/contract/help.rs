//! Promises about hints given and answers shown.

use futures::FutureExt;

use super::{
    Promise,
    follow_ups::key_of,
    promise,
    world::{answer, at, claimed, finish, interview, new_answer, rubric, user},
};
use crate::{
    domain::{
        help::HelpedQuestion,
        id::{QuestionId, UserId},
        report::Report,
        sample,
    },
    storage::{Store, calls::Checked, help::Showing, queue::Outcome},
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("given hints are counted, and their number never falls", |s| hints(s).boxed()),
        promise("an answer is shown once, and not after an evaluated or waiting answer", |s| {
            shown(s).boxed()
        }),
        promise("what is answered after the answer was shown does not count in the mean", |s| {
            counts_in_no_mean(s).boxed()
        }),
    ]
}

async fn read(store: &dyn Store, user: UserId, id: QuestionId) -> HelpedQuestion {
    match store.helped_question(key_of(user), id).await.unwrap() {
        Checked::Live(Some(found)) => found,
        other => panic!("{other:?}"),
    }
}

async fn hints(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 1).await;
    let id = made.questions[0].id;
    let before = read(store, ada, id).await;
    assert_eq!((before.owner, before.interview_id, before.hints), (ada, made.id, 0));
    assert_eq!((before.bank_id.as_deref(), before.rubric), (Some("concurrency-1"), rubric()));
    store.note_hints(id, 2).await.unwrap();
    store.note_hints(id, 1).await.unwrap();
    assert_eq!(read(store, ada, id).await.hints, 2);
    let kept = store.interview(made.id).await.unwrap().unwrap();
    assert_eq!(kept.questions[0].help.hints, 2);
    let nowhere = store.helped_question(key_of(ada), QuestionId::new(4711)).await.unwrap();
    assert_eq!(nowhere, Checked::Live(None));
}

async fn show(store: &dyn Store, user: UserId, id: QuestionId, second: u64) -> Showing {
    store.show_answer(user, id, at(second)).await.unwrap()
}

async fn shown(store: &dyn Store) {
    let (ada, eve) = (user(store, "ada").await, user(store, "eve").await);
    let made = interview(store, ada, 3).await;
    let [first, second, third] = [0, 1, 2].map(|place: usize| made.questions[place].id);
    assert_eq!(show(store, eve, first, 1).await, Showing::Gone);
    for again in 1..3 {
        let Showing::Shown(question) = show(store, ada, first, again).await else { panic!() };
        let shown = question.help.shown.unwrap();
        assert_eq!((shown.at, shown.reference), (at(1), rubric().reference), "the first stays");
    }
    assert_eq!(store.interview(made.id).await.unwrap().unwrap().progress.shown, 1);
    // A waiting evaluation will bring the answer anyway; a failed one never will.
    answer(store, new_answer(ada, second, sample::ANSWER)).await;
    assert_eq!(show(store, ada, second, 2).await, Showing::Answered);
    let claim = claimed(store, 3).await;
    assert!(finish(store, claim, Outcome::Failed("no key".into()), 3).await);
    assert!(matches!(show(store, ada, second, 4).await, Showing::Shown(_)));
    answer(store, new_answer(ada, third, sample::ANSWER)).await;
    let claim = claimed(store, 5).await;
    assert!(finish(store, claim, Outcome::Completed(Box::new(sample::assessment())), 5).await);
    assert_eq!(show(store, ada, third, 6).await, Showing::Answered);
    let kept = store.interviews(ada, None, 9).await.unwrap();
    assert_eq!(kept[0].progress.shown, 2);
}

async fn counts_in_no_mean(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 2).await;
    show(store, ada, made.questions[0].id, 1).await;
    for question in &made.questions {
        answer(store, new_answer(ada, question.id, sample::ANSWER)).await;
        let claim = claimed(store, 2).await;
        assert!(finish(store, claim, Outcome::Completed(Box::new(sample::assessment())), 2).await);
        let kept = store.interview(made.id).await.unwrap().unwrap();
        let answers = store.latest_answers(made.id).await.unwrap();
        let report = Report::of(kept.clone(), answers, at(9));
        let is_counted = question.id == made.questions[1].id;
        assert_eq!(report.overall_score.is_some(), is_counted);
        assert_eq!(kept.progress.overall_score, report.overall_score);
        assert_eq!(store.graded_answers(ada).await.unwrap().len(), usize::from(is_counted));
    }
}
