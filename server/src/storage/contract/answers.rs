//! Promises about answers.

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{START, answer, at, claim, claimed, finish, interview, new_answer, queued, user},
};
use crate::{
    domain::{
        api_key::{Bearer, KeyHolder, Scope, Scopes},
        evaluation::EvaluationState,
        history::GradedAnswer,
        id::{AnswerId, ApiKeyId, QuestionId},
        sample,
        timing::Withheld,
    },
    storage::{
        Store,
        answers::{NewAnswer, Retried, Submission},
        calls::Checked,
        queue::Outcome,
    },
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an account's answers are added up, by its own days", |s| totals(s).boxed()),
        promise("an answer and its pending evaluation are stored together", |s| {
            together(s).boxed()
        }),
        promise("text is stored byte for byte", |s| to_the_byte(s).boxed()),
        promise("one key stores one answer, however often it is sent at once", |s| {
            one_key(s).boxed()
        }),
        promise("attempts count up, and the latest is shown", |s| latest(s).boxed()),
        promise("answers that come at once have attempt numbers of their own", |s| {
            numbered(s).boxed()
        }),
        promise("a key belongs to one answer, even to many questions at once", |s| {
            one_key_for_many(s).boxed()
        }),
        promise("an interview that is deleted while it is being answered leaves nothing", |s| {
            deleted_meanwhile(s).boxed()
        }),
        promise("an answer to a question that does not exist is not stored", |s| {
            no_question(s).boxed()
        }),
        promise(
            "a history has the latest answers that are evaluated, and only the account's own",
            |s| history(s).boxed(),
        ),
        promise("only a failed evaluation is queued again, and only once", |s| retry(s).boxed()),
    ]
}

async fn together(store: &dyn Store) {
    let (ada, interview, id) = queued(store, "ada").await;
    let owned = store.answer(id).await.unwrap().unwrap();
    assert_eq!((owned.interview_id, owned.owner), (interview.id, ada));
    assert_eq!((owned.answer.submitted_at, owned.answer.attempt), (START, 1));
    assert_eq!(owned.answer.reference, "A mutex lets one thread in at a time.");
    let pending = EvaluationState::Pending { next_attempt_at: None, last_fault: None };
    assert_eq!((owned.answer.evaluation.state, owned.answer.evaluation.attempts), (pending, 0));
    assert_eq!(store.next_due().await.unwrap(), Some(START));
    assert_eq!(store.answer(AnswerId::new(4711)).await.unwrap(), None);
}

async fn to_the_byte(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let question = interview(store, ada, 1).await.questions[0].id;
    let text = " \u{1}\u{1b}[2J \r\n\t\u{202e}語\u{1f980}\u{feff}'; DROP TABLE users; -- ";
    let id = answer(store, new_answer(ada, question, text)).await;
    assert_eq!(store.answer(id).await.unwrap().unwrap().answer.text, text);
}

async fn one_key(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let questions = interview(store, ada, 2).await.questions;
    let mut new = new_answer(ada, questions[0].id, "some answer");
    new.idempotency_key = Some("key".into());
    let submits = join_all((0..20).map(|_| store.submit_answer(new.clone()))).await;
    let submits: Vec<Submission> = submits.into_iter().map(Result::unwrap).collect();
    let stored = submits.iter().filter(|s| matches!(s, Submission::Stored(_))).count();
    let repeated = submits.iter().filter(|s| matches!(s, Submission::Repeated(_))).count();
    assert_eq!((stored, repeated), (1, 19));
    let mut other_text = new.clone();
    other_text.text = "another answer".into();
    assert_eq!(store.submit_answer(other_text).await.unwrap(), Submission::KeyReused);
    let mut other_question = new.clone();
    other_question.question_id = questions[1].id;
    assert_eq!(store.submit_answer(other_question).await.unwrap(), Submission::KeyReused);
    let theirs = interview(store, bob, 1).await.questions[0].id;
    let mut of_another = new_answer(bob, theirs, "some answer");
    of_another.idempotency_key = Some("key".into());
    assert!(matches!(store.submit_answer(of_another).await.unwrap(), Submission::Stored(_)));
}

async fn latest(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 2).await;
    for (question, text) in [(1, "second question"), (0, "first try"), (0, "second try")] {
        answer(store, new_answer(ada, made.questions[question].id, text)).await;
    }
    let shown = store.latest_answers(made.id).await.unwrap();
    let shown: Vec<_> = shown.iter().map(|a| (a.text.as_str(), a.attempt)).collect();
    assert_eq!(shown, [("second try", 2), ("second question", 1)]);
}

async fn numbered(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let question = interview(store, ada, 1).await.questions[0].id;
    let new = new_answer(ada, question, "some answer");
    let submits = join_all((0..20).map(|_| store.submit_answer(new.clone()))).await;
    let mut attempts = Vec::new();
    for submit in submits {
        let Submission::Stored(id) = submit.unwrap() else { panic!() };
        attempts.push(store.answer(id).await.unwrap().unwrap().answer.attempt);
    }
    attempts.sort_unstable();
    assert_eq!(attempts, (1..=20).collect::<Vec<_>>());
}

async fn one_key_for_many(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let questions = interview(store, ada, 10).await.questions;
    let submits = questions.iter().map(|question| {
        let mut new = new_answer(ada, question.id, "some answer");
        new.idempotency_key = Some("key".into());
        store.submit_answer(new)
    });
    let submits: Vec<_> = join_all(submits).await.into_iter().map(Result::unwrap).collect();
    let stored = submits.iter().filter(|s| matches!(s, Submission::Stored(_))).count();
    let reused = submits.iter().filter(|s| **s == Submission::KeyReused).count();
    assert_eq!((stored, reused), (1, 9));
}

async fn deleted_meanwhile(store: &dyn Store) {
    let ada = user(store, "ada").await;
    for _ in 0..5 {
        let made = interview(store, ada, 1).await;
        let new = new_answer(ada, made.questions[0].id, "some answer");
        let submits = join_all((0..10).map(|_| store.submit_answer(new.clone())));
        let (submits, deleted) = tokio::join!(submits, store.delete_interview(made.id));
        assert!(deleted.unwrap());
        for submit in submits {
            let submit = submit.unwrap();
            assert!(matches!(submit, Submission::Stored(_) | Submission::QuestionGone));
        }
    }
    assert_eq!(store.next_due().await.unwrap(), None, "the queue is empty");
}

async fn no_question(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let gone = store.submit_answer(new_answer(ada, QuestionId::new(4711), "some answer")).await;
    assert_eq!(gone.unwrap(), Submission::QuestionGone);
}

async fn history(store: &dyn Store) {
    let (ada, first, _) = queued(store, "ada").await;
    let second = interview(store, ada, 3).await;
    let (_, _, _) = queued(store, "bob").await;
    let text = sample::ANSWER;
    answer(store, new_answer(ada, second.questions[2].id, text)).await;
    answer(store, new_answer(ada, second.questions[0].id, text)).await;
    assert_eq!(store.graded_answers(ada).await.unwrap(), []);
    while let Some(job) = claim(store, 1).await {
        let done = Outcome::Completed(Box::new(sample::assessment()));
        assert!(finish(store, job.claim, done, 2).await);
    }
    // A newer answer that is not evaluated yet takes its question out.
    answer(store, new_answer(ada, first.questions[0].id, text)).await;
    let graded = store.graded_answers(ada).await.unwrap();
    let kept = GradedAnswer {
        interview_id: second.id,
        role: "Backend engineer".into(),
        created_at: START,
        topic: "concurrency".into(),
        grader: sample::assessment().grader.clone(),
        scores: sample::assessment().scores,
        withheld: Withheld::default(),
        range: sample::assessment().range,
    };
    assert!(kept.range.is_some());
    assert_eq!(graded, [kept.clone(), kept]);
}

async fn totals(store: &dyn Store) {
    const HOUR: u64 = 3600;
    let ada = user(store, "ada").await;
    let scopes = Scopes::of([Scope::Read]);
    let caller = Bearer::Key(KeyHolder { user_id: ada, key_id: ApiKeyId::new(1), scopes });
    let first_day = START.micros() / 86_400_000_000;
    let of_week = async |ahead: i64, from: i64| {
        let graded = store.graded_answers_of(caller, ahead, first_day + from).await.unwrap();
        let Checked::Live((_, totals)) = graded else { panic!("a key has no session") };
        totals
    };
    let of = async |ahead: i64| {
        let totals = of_week(ahead, 0).await;
        (totals.answers, totals.duration_ms, totals.active_days)
    };
    assert_eq!(of(0).await, (0, 0, 0));
    let question = interview(store, ada, 1).await.questions[0].id;
    queued(store, "bob").await;
    // It begins at 8 in the morning; the second is on the same day, the third at 2 of the next.
    for (hours, duration_ms) in [(0, 1500), (15, 0), (18, 90_000)] {
        let submitted_at = at(hours * HOUR);
        let new = new_answer(ada, question, sample::ANSWER);
        answer(store, NewAnswer { submitted_at, duration_ms, ..new }).await;
    }
    assert_eq!(of(0).await, (3, 91_500, 2));
    let hours = |hours: i64| hours * 3_600_000_000;
    assert_eq!(of(hours(-3)).await.2, 1, "the third is late the day before");
    assert_eq!(of(hours(2)).await.2, 2);
    let week = async |ahead: i64, from: i64| {
        let totals = of_week(ahead, from).await;
        (totals.week_answers, totals.week_duration_ms)
    };
    assert_eq!(week(0, 0).await, (3, 91_500));
    assert_eq!(week(0, 1).await, (1, 90_000));
    assert_eq!(week(hours(2), 1).await, (2, 90_000), "the second is early the next day");
    assert_eq!(week(0, 2).await, (0, 0));
}

async fn retry(store: &dyn Store) {
    let (_, _, id) = queued(store, "ada").await;
    assert_eq!(store.retry_evaluation(id, at(1)).await.unwrap(), Retried::NotFailed);
    let claim = claimed(store, 1).await;
    finish(store, claim, Outcome::Failed("no key".into()), 2).await;
    let retries = join_all((0..20).map(|_| store.retry_evaluation(id, at(3)))).await;
    let queued = retries.into_iter().filter(|r| matches!(r, Ok(Retried::Queued))).count();
    assert_eq!(queued, 1);
    let evaluation = store.answer(id).await.unwrap().unwrap().answer.evaluation;
    assert!(evaluation.is_pending() && evaluation.attempts == 0);
    let late = finish(store, claim, Outcome::Failed("late".into()), 4).await;
    assert!(!late, "a worker from before the failure writes nothing into the new evaluation");
    let gone = store.retry_evaluation(AnswerId::new(4711), at(1)).await.unwrap();
    assert_eq!(gone, Retried::Gone);
}
