//! Promises about real mode: when an interview ends, and who follows up in it.

use futures::{FutureExt, future::join_all};

use super::{
    Promise,
    follow_ups::key_of,
    promise,
    world::{
        START, answer, at, claim, claimed, finish, interview, new_answer, new_interview, rubric,
        user,
    },
};
use crate::{
    domain::{
        follow_up::NewFollowUp,
        id::{QuestionId, UserId},
        interview::Interview,
        sample,
        timing::{Conditions, Mode, Timing},
    },
    storage::{
        Store, answers::NewAnswer, calls::Checked, follow_ups::FollowUpAdded, interviews::Creation,
        queue::Outcome,
    },
};

const HALF_AN_HOUR: Conditions = Conditions { mode: Mode::Real, minutes: 30, question_minutes: 5 };

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("an interview keeps its mode and limits", |s| keeps_its_conditions(s).boxed()),
        promise("only a real interview can be ended, and only once", |s| ended_once(s).boxed()),
        promise("the answer to the last open question ends a real interview", |s| {
            ended_by_answers(s).boxed()
        }),
        promise("only an answer after the end is late", |s| late(s).boxed()),
        promise("answers are withheld until the end wherever they are read", |s| {
            withheld(s).boxed()
        }),
        promise("what was answered in a real interview is remembered after its end", |s| {
            remembered(s).boxed()
        }),
        promise("the interviewer adds a follow-up while a real interview is running", |s| {
            interjects(s).boxed()
        }),
        promise("of follow-ups that the interviewer adds at once, one is kept", |s| {
            one_at_a_time(s).boxed()
        }),
        promise("only answers in a real interview are followed up", |s| followed(s).boxed()),
    ]
}

async fn real(store: &dyn Store, user: UserId, questions: usize) -> Interview {
    let mut new = new_interview(user, questions);
    new.conditions = HALF_AN_HOUR;
    match store.create_interview(new).await.unwrap() {
        Creation::Created(interview) => interview,
        other => panic!("{other:?}"),
    }
}

async fn timing(store: &dyn Store, interview: &Interview) -> Timing {
    let kept = store.interview(interview.id).await.unwrap().unwrap();
    let listed = store.interviews(interview.user_id, None, 9).await.unwrap();
    let listed = listed.iter().find(|listed| listed.id == interview.id).unwrap();
    assert_eq!(listed.timing, kept.timing, "a list says the same");
    kept.timing
}

fn submitted(user: UserId, question: QuestionId, second: u64) -> NewAnswer {
    let submitted_at = at(second);
    NewAnswer { submitted_at, duration_ms: 1234, ..new_answer(user, question, sample::ANSWER) }
}

async fn keeps_its_conditions(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = real(store, ada, 2).await;
    assert_eq!(made.timing, Timing::beginning(HALF_AN_HOUR, START));
    assert_eq!(timing(store, &made).await, made.timing);
    let study = interview(store, ada, 1).await;
    assert_eq!(study.timing, Timing::beginning(Conditions::default(), START));
    assert_eq!(timing(store, &study).await, study.timing);
    let asked_at = at(7);
    answer(store, submitted(ada, made.questions[0].id, 7)).await;
    assert_eq!(timing(store, &made).await, Timing { asked_at, ..made.timing });
}

async fn ended_once(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = real(store, ada, 2).await;
    for second in [60, 90] {
        assert_eq!(store.end_interview(ada, made.id, at(second)).await.unwrap(), Some(at(60)));
    }
    assert_eq!(timing(store, &made).await.ended_at, Some(at(60)));
    let over = real(store, ada, 1).await;
    let end = store.end_interview(ada, over.id, at(9999)).await.unwrap();
    assert_eq!(end, over.timing.ends_at, "it ended by itself");
    let study = interview(store, ada, 1).await;
    assert_eq!(store.end_interview(ada, study.id, at(1)).await.unwrap(), None);
    assert!(store.delete_interview(made.id).await.unwrap());
    assert_eq!(store.end_interview(ada, made.id, at(1)).await.unwrap(), None);
    let at_once = real(store, ada, 1).await;
    let ends =
        join_all((1..=8).map(|second| store.end_interview(ada, at_once.id, at(second)))).await;
    let ends: Vec<_> = ends.into_iter().map(Result::unwrap).collect();
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
}

async fn ended_by_answers(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = real(store, ada, 2).await;
    for second in [1, 2] {
        answer(store, submitted(ada, made.questions[0].id, second)).await;
        assert_eq!(timing(store, &made).await.ended_at, None, "a question is open");
    }
    answer(store, submitted(ada, made.questions[1].id, 3)).await;
    assert_eq!(timing(store, &made).await.ended_at, Some(at(3)));
    answer(store, submitted(ada, made.questions[1].id, 4)).await;
    assert_eq!(timing(store, &made).await.ended_at, Some(at(3)), "the first end stays");
    let study = interview(store, ada, 1).await;
    answer(store, submitted(ada, study.questions[0].id, 1)).await;
    assert_eq!(timing(store, &study).await.ended_at, None);
    let over = real(store, ada, 1).await;
    answer(store, submitted(ada, over.questions[0].id, 9999)).await;
    assert_eq!(timing(store, &over).await.ended_at, None, "its time was up before");
}

async fn late(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = real(store, ada, 1).await;
    let question = made.questions[0].id;
    let in_time = answer(store, submitted(ada, question, 3)).await;
    let again = answer(store, submitted(ada, question, 4)).await;
    for (id, is_late) in [(in_time, false), (again, true)] {
        let kept = store.answer(id).await.unwrap().unwrap().answer;
        assert_eq!((kept.is_late, kept.duration_ms), (is_late, 1234));
    }
    let over = real(store, ada, 2).await;
    let id = answer(store, submitted(ada, over.questions[0].id, 9999)).await;
    assert!(store.answer(id).await.unwrap().unwrap().answer.is_late);
    let study = interview(store, ada, 1).await;
    let id = answer(store, submitted(ada, study.questions[0].id, 9999)).await;
    assert!(!store.answer(id).await.unwrap().unwrap().answer.is_late);
    let kept = store.kept_interview_after(ada, None).await.unwrap().unwrap();
    let lateness: Vec<_> = kept.questions[0].answers.iter().map(|one| one.is_late).collect();
    assert_eq!(lateness, [false, true]);
}

async fn withheld(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = real(store, ada, 2).await;
    let id = made.questions[0].id;
    let given = answer(store, submitted(ada, id, 1)).await;
    let caller = key_of(ada);
    for is_ended in [false, true] {
        if is_ended {
            store.end_interview(ada, made.id, at(2)).await.unwrap();
        }
        let Checked::Live(Some(helped)) = store.helped_question(caller, id).await.unwrap() else {
            panic!()
        };
        let Checked::Live(Some(attempts)) = store.attempts_at(caller, id).await.unwrap() else {
            panic!()
        };
        let all = [
            helped.withheld,
            attempts.withheld,
            store.asked_question(id).await.unwrap().unwrap().withheld,
            store.answered_question(id).await.unwrap().unwrap().withheld,
            store.answer(given).await.unwrap().unwrap().withheld,
            timing(store, &made).await.withheld(),
        ];
        for withheld in all {
            assert_eq!(withheld.at(at(3)), !is_ended);
            assert!(!withheld.at(at(30 * 60)));
        }
    }
}

async fn remembered(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = real(store, ada, 2).await;
    let given = answer(store, submitted(ada, made.questions[0].id, 1)).await;
    let outcome = Outcome::Completed(Box::new(sample::assessment()));
    assert!(finish(store, claimed(store, 2).await, outcome, 2).await);
    let news = async |second| {
        let known = store.memory_of(key_of(ada), at(second)).await.unwrap();
        let Checked::Live(known) = known else { panic!("the session has ended") };
        let answers = store.answers_to_remember(ada, at(second), 9).await.unwrap();
        assert_eq!(known.has_news, !answers.is_empty());
        answers.into_iter().map(|answer| answer.id).collect::<Vec<_>>()
    };
    assert_eq!(news(3).await, []);
    assert_eq!(news(30 * 60).await, [given], "its time is up");
    store.end_interview(ada, made.id, at(4)).await.unwrap();
    assert_eq!(news(4).await, [given]);
}

fn new(user_id: UserId, parent_id: QuestionId, text: &str) -> NewFollowUp {
    NewFollowUp { user_id, parent_id, text: text.into(), rubric: rubric() }
}

async fn interjects(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = real(store, ada, 2).await;
    let id = made.questions[0].id;
    let add = async |before, second| {
        store.interject(new(ada, id, &format!("{before}?")), before, at(second)).await.unwrap()
    };
    assert_eq!(add(1, 1).await, FollowUpAdded::TooLate, "the question has no follow-up yet");
    let FollowUpAdded::Added(first) = add(0, 1).await else { panic!("not added") };
    assert_eq!((first.parent_id, first.order), (Some(id), 2));
    let parent = store.answered_question(first.id).await.unwrap().unwrap();
    assert_eq!((parent.id, parent.follow_ups.len()), (id, 1));
    assert!(!parent.follow_ups[0].is_answered);
    answer(store, submitted(ada, first.id, 2)).await;
    assert!(store.answered_question(id).await.unwrap().unwrap().follow_ups[0].is_answered);
    store.end_interview(ada, made.id, at(3)).await.unwrap();
    assert_eq!(add(1, 3).await, FollowUpAdded::TooLate);
    let over = real(store, ada, 1).await;
    let late = store.interject(new(ada, over.questions[0].id, "Why?"), 0, at(30 * 60)).await;
    assert_eq!(late.unwrap(), FollowUpAdded::TooLate);
    let study = interview(store, ada, 1).await;
    let of_study = store.interject(new(ada, study.questions[0].id, "Why?"), 0, at(1)).await;
    assert_eq!(of_study.unwrap(), FollowUpAdded::TooLate);
    assert_eq!(store.answered_question(QuestionId::new(4711)).await.unwrap(), None);
}

async fn one_at_a_time(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = real(store, ada, 2).await;
    let id = made.questions[0].id;
    let many = (0..8).map(|number| store.interject(new(ada, id, &format!("{number}?")), 0, at(1)));
    let added = join_all(many).await.into_iter().map(Result::unwrap);
    let added = added.filter(|added| matches!(added, FollowUpAdded::Added(_))).count();
    let kept = store.interview(made.id).await.unwrap().unwrap();
    assert_eq!((added, kept.questions.len(), kept.progress.questions), (1, 3, 3));
}

async fn followed(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = real(store, ada, 2).await;
    answer(store, submitted(ada, made.questions[0].id, 1)).await;
    let job = claim(store, 2).await.unwrap();
    assert_eq!(job.followed, Some(made.questions[0].id));
    let study = interview(store, ada, 1).await;
    answer(store, submitted(ada, study.questions[0].id, 3)).await;
    assert_eq!(claim(store, 4).await.unwrap().followed, None);
}
