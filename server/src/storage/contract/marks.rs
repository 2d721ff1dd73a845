//! Promises about marks on questions.

use futures::{FutureExt, future::join_all};

use super::{
    Promise, promise,
    world::{START, at, interview, new_interview, user},
};
use crate::{
    domain::{
        id::{MarkId, QuestionId, UserId},
        interview::Interview,
        mark::{Mark, MarkChange, MarkTarget, Markable, MarkedQuestion, Wish, Wishes},
        question::QuestionOrigin,
    },
    storage::{Store, interviews::Creation, marks::Listed},
};

pub(super) fn promises() -> Vec<Promise> {
    vec![
        promise("a mark comes back with its question and in the list", |s| comes_back(s).boxed()),
        promise(
            "a change leaves the rest of a mark as it is, and repeating it changes nothing",
            |s| changed(s).boxed(),
        ),
        promise("a question of the bank has one mark in all interviews", |s| of_bank(s).boxed()),
        promise("the mark of a question of the bank outlives its interview", |s| {
            outlives(s).boxed()
        }),
        promise("the mark of any other question is deleted with it", |s| goes(s).boxed()),
        promise("a wish to be asked soon ends once it is asked", |s| served(s).boxed()),
        promise("marks are listed page by page, each once", |s| pages(s).boxed()),
        promise("a mark that has become empty is kept but not listed", |s| emptied(s).boxed()),
        promise("many changes at once make one mark, and none is lost", |s| at_once(s).boxed()),
        promise("nobody can mark another account's question", |s| strangers(s).boxed()),
    ]
}

fn starred(starred: bool) -> MarkChange {
    MarkChange { starred: Some(starred), ..MarkChange::default() }
}

fn noted(note: &str) -> MarkChange {
    MarkChange { note: Some(note.into()), ..MarkChange::default() }
}

fn wishing(wish: Wish) -> MarkChange {
    MarkChange { wish: Some(wish), ..MarkChange::default() }
}

async fn set(
    store: &dyn Store,
    user: UserId,
    question: QuestionId,
    change: MarkChange,
    seconds: u64,
) -> Mark {
    let target = MarkTarget::Question(question);
    store.set_mark(user, target, change, at(seconds)).await.unwrap().unwrap()
}

async fn listed(store: &dyn Store, user: UserId) -> Vec<MarkedQuestion> {
    store.marks(user, Listed::Telling, None, 99).await.unwrap()
}

/// An interview of one question that is not of the bank.
async fn written(store: &dyn Store, user: UserId) -> Interview {
    let mut new = new_interview(user, 1);
    new.questions[0].origin = QuestionOrigin::Model;
    new.questions[0].bank_id = None;
    match store.create_interview(new).await.unwrap() {
        Creation::Created(interview) => interview,
        other => panic!("{other:?}"),
    }
}

async fn comes_back(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 2).await;
    let question = &made.questions[1];
    let change = MarkChange {
        note: Some(" Ask\nwhy. ".into()),
        starred: Some(true),
        wish: Some(Wish::NotAgain),
    };
    let mark = set(store, ada, question.id, change, 5).await;
    assert_eq!(
        (mark.note.as_str(), mark.starred, mark.wish),
        (" Ask\nwhy. ", true, Wish::NotAgain)
    );
    assert_eq!(mark.changed_at, at(5));
    let read = store.interview(made.id).await.unwrap().unwrap();
    assert_eq!(read.questions[0].mark, None);
    assert_eq!(read.questions[1].mark, Some(mark.clone()));
    let all = listed(store, ada).await;
    let expected = MarkedQuestion {
        mark,
        bank_id: Some("concurrency-2".into()),
        asked_as: Some((made.id, question.id)),
        text: question.text.clone(),
        topic: question.topic.clone(),
        level: made.level,
        origin: QuestionOrigin::Bank,
    };
    assert_eq!(all, [expected]);
    let markable = Markable { owner: ada, is_of_bank: true };
    for target in [MarkTarget::Question(question.id), MarkTarget::Mark(all[0].mark.id)] {
        assert_eq!(store.markable(target).await.unwrap(), Some(markable));
    }
}

async fn changed(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let question = interview(store, ada, 1).await.questions[0].id;
    let first = set(store, ada, question, noted("Why?"), 1).await;
    let second = set(store, ada, question, starred(true), 2).await;
    assert_eq!(second, Mark { starred: true, changed_at: at(2), ..first });
    assert_eq!(set(store, ada, question, starred(true), 3).await, second, "not even the time");
    let third = set(store, ada, question, wishing(Wish::AgainSoon), 4).await;
    assert_eq!((third.note.as_str(), third.starred, third.wish), ("Why?", true, Wish::AgainSoon));
    let target = MarkTarget::Mark(third.id);
    let last = store.set_mark(ada, target, noted(""), at(5)).await.unwrap().unwrap();
    assert_eq!(last, Mark { note: String::new(), changed_at: at(5), ..third });
}

async fn of_bank(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let first = interview(store, ada, 1).await;
    let mark = set(store, ada, first.questions[0].id, starred(true), 1).await;
    let second = interview(store, ada, 1).await;
    assert_eq!(second.questions[0].mark, Some(mark.clone()), "the new interview has it");
    let noted = set(store, ada, second.questions[0].id, noted("Again!"), 2).await;
    assert_eq!(noted.id, mark.id);
    let first = store.interview(first.id).await.unwrap().unwrap();
    assert_eq!(first.questions[0].mark, Some(noted));
    assert_eq!(listed(store, ada).await[0].asked_as, Some((second.id, second.questions[0].id)));
    assert_eq!(interview(store, bob, 1).await.questions[0].mark, None);
}

async fn outlives(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 1).await;
    let mark = set(store, ada, made.questions[0].id, noted("Keep me."), 1).await;
    assert!(store.delete_interview(made.id).await.unwrap());
    let left = listed(store, ada).await;
    assert_eq!((left.len(), &left[0].mark, left[0].asked_as), (1, &mark, None));
    assert_eq!((left[0].text.as_str(), left[0].level), ("Question 1?", made.level));
    let target = MarkTarget::Mark(mark.id);
    let changed = store.set_mark(ada, target, starred(true), at(2)).await.unwrap().unwrap();
    let again = interview(store, ada, 1).await;
    assert_eq!(again.questions[0].mark, Some(changed));
    assert_eq!(listed(store, ada).await[0].asked_as, Some((again.id, again.questions[0].id)));
}

async fn goes(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = written(store, ada).await;
    let question = made.questions[0].id;
    let mark = set(store, ada, question, wishing(Wish::NotAgain), 1).await;
    let other = written(store, ada).await;
    assert_eq!(other.questions[0].mark, None, "another question, though the words are the same");
    let markable = store.markable(MarkTarget::Question(question)).await.unwrap().unwrap();
    assert!(!markable.is_of_bank);
    let wishes = store.wishes(ada).await.unwrap();
    let texts = vec!["Question 1?".to_owned()];
    assert_eq!(wishes, Wishes { not_again_texts: texts, ..Wishes::default() });
    assert_eq!(listed(store, ada).await[0].asked_as, Some((made.id, question)));
    assert!(store.delete_interview(made.id).await.unwrap());
    assert!(store.marks(ada, Listed::All, None, 9).await.unwrap().is_empty());
    assert_eq!(store.markable(MarkTarget::Mark(mark.id)).await.unwrap(), None);
    for target in [MarkTarget::Mark(mark.id), MarkTarget::Question(question)] {
        assert_eq!(store.set_mark(ada, target, starred(true), START).await.unwrap(), None);
    }
}

async fn served(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let made = interview(store, ada, 3).await;
    let id = |at: usize| made.questions[at].id;
    set(store, ada, id(0), wishing(Wish::AgainSoon), 1).await;
    set(store, ada, id(0), starred(true), 1).await;
    set(store, ada, id(1), wishing(Wish::NotAgain), 1).await;
    set(store, ada, id(2), wishing(Wish::AgainSoon), 1).await;
    let wishes = store.wishes(ada).await.unwrap();
    assert_eq!(wishes.not_again, ["concurrency-2"]);
    assert_eq!(wishes.again_soon, ["concurrency-3", "concurrency-1"]);
    assert_eq!(store.wishes(bob).await.unwrap(), Wishes::default());
    // Bob is asked all of them, Ada the first two.
    interview(store, bob, 3).await;
    assert_eq!(store.wishes(ada).await.unwrap(), wishes);
    let again = interview(store, ada, 2).await;
    let left = store.wishes(ada).await.unwrap();
    assert_eq!((left.again_soon, left.not_again), (vec!["concurrency-3".into()], wishes.not_again));
    let mark = again.questions[0].mark.as_ref().unwrap();
    assert_eq!((mark.starred, mark.wish), (true, Wish::None));
    assert_eq!(mark.changed_at, at(1), "its owner changed nothing");
}

async fn pages(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let made = interview(store, ada, 5).await;
    let mut ids = Vec::new();
    for question in &made.questions {
        ids.push(set(store, ada, question.id, starred(true), 1).await.id);
    }
    ids.reverse();
    let other = interview(store, bob, 1).await.questions[0].id;
    set(store, bob, other, starred(true), 1).await;
    let (mut seen, mut last) = (Vec::new(), None);
    loop {
        let page = store.marks(ada, Listed::Telling, last, 2).await.unwrap();
        seen.extend(page.iter().map(|marked| marked.mark.id));
        last = page.last().map(|marked| marked.mark.id);
        if last.is_none() {
            break;
        }
    }
    assert_eq!(seen, ids);
}

async fn emptied(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 1).await;
    let mark = set(store, ada, made.questions[0].id, starred(true), 1).await;
    set(store, ada, made.questions[0].id, starred(false), 2).await;
    assert!(listed(store, ada).await.is_empty());
    assert_eq!(store.interview(made.id).await.unwrap().unwrap().questions[0].mark, None);
    let all = store.marks(ada, Listed::All, None, 9).await.unwrap();
    assert_eq!((all.len(), all[0].mark.id), (1, mark.id));
    let again = set(store, ada, made.questions[0].id, noted("Back."), 3).await;
    assert_eq!(again.id, mark.id);
}

async fn at_once(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let question = interview(store, ada, 1).await.questions[0].id;
    let changes = (0..18).map(|at| match at % 3 {
        0 => starred(true),
        1 => noted("Why?"),
        _ => wishing(Wish::AgainSoon),
    });
    let sent = changes.map(|change| set(store, ada, question, change, 1));
    let marks = join_all(sent).await;
    assert!(marks.iter().all(|mark| mark.id == marks[0].id));
    let [marked] = listed(store, ada).await.try_into().unwrap();
    let mark = marked.mark;
    assert_eq!((mark.starred, mark.note.as_str(), mark.wish), (true, "Why?", Wish::AgainSoon));
}

async fn strangers(store: &dyn Store) {
    let (ada, bob) = (user(store, "ada").await, user(store, "bob").await);
    let question = interview(store, ada, 1).await.questions[0].id;
    let mark = set(store, ada, question, starred(true), 1).await;
    let nothing = [
        (bob, MarkTarget::Question(question)),
        (bob, MarkTarget::Mark(mark.id)),
        (ada, MarkTarget::Question(QuestionId::new(4711))),
        (ada, MarkTarget::Mark(MarkId::new(4711))),
        (UserId::new(4711), MarkTarget::Question(question)),
    ];
    for (who, target) in nothing {
        assert_eq!(store.set_mark(who, target, noted("x"), START).await.unwrap(), None);
    }
    assert!(store.marks(bob, Listed::All, None, 9).await.unwrap().is_empty());
    assert_eq!(listed(store, ada).await[0].mark, mark);
    assert_eq!(store.markable(MarkTarget::Question(QuestionId::new(4711))).await.unwrap(), None);
}
