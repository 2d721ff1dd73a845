//! Typed text reaches the disk.

use crate::{
    drafts::{Draft, DraftId, Kept, Ownership, Saved, Stage},
    effect::Effect,
    msg::{Event, Reply},
    testing::{Script, data},
};

fn saved(script: &mut Script) -> Vec<String> {
    let text = |effect| match effect {
        Effect::SaveDraft(draft) => Some(draft.text),
        _ => None,
    };
    script.effects().into_iter().filter_map(text).collect()
}

/// A draft on disk that this process does not continue with.
fn beside(draft: Draft) -> Kept {
    let name = format!("{}-{}.json", draft.id.interview, draft.text.len());
    Kept { draft, name, ownership: Ownership::Beside }
}

#[test]
fn a_draft_is_saved_half_a_second_after_the_first_unsaved_key() {
    let mut script = Script::in_interview(data::begun());
    script.types("a").wait(300).types("b").wait(199);
    assert_eq!(saved(&mut script), [""; 0]);
    script.wait(1);
    assert_eq!(saved(&mut script), ["ab"], "even if the last key is newer");
    script.wait(60_000);
    assert_eq!(saved(&mut script), [""; 0], "a saved draft is not saved again");
}

#[test]
fn a_draft_counts_as_saved_only_once_it_is_on_disk() {
    let mut script = Script::in_interview(data::begun());
    script.types("text").wait(600);
    assert!(!script.screen(80, 24).contains("saved"));
    let id = DraftId { interview: 7, question: 72 };
    let at_ms = script.model.now.as_millisecond();
    script.reply(Reply::DraftSaved(id, Ok(Saved { at_ms, others: Vec::new() })));
    assert!(script.screen(80, 24).contains("saved 14:02:31"));
}

#[test]
fn a_draft_is_saved_immediately_on_every_way_out() {
    let ways: [fn(&mut Script) -> &mut Script; 9] = [
        |s| s.press("esc"),
        |s| s.press("ctrl-n"),
        |s| s.press("ctrl-s"),
        |s| s.press("ctrl-c"),
        |s| s.press("ctrl-e"),
        |s| s.types(" and more").press("ctrl-d"),
        |s| s.event(Event::Blur),
        |s| s.event(Event::Stop),
        |s| s.event(Event::Terminate),
    ];
    for (at, way) in ways.iter().enumerate() {
        let mut script = Script::in_interview(data::begun());
        script.types("text");
        way(&mut script);
        assert_eq!(saved(&mut script).len(), 1, "way {at}");
    }
}

#[test]
fn a_draft_of_an_earlier_run_is_shown_again() {
    let draft = Draft {
        id: DraftId { interview: 7, question: 72 },
        key: "earlier".into(),
        stage: Stage::Writing,
        text: "what was typed before".into(),
        elapsed_ms: 61_000,
        saved_at_ms: 0,
    };
    let mut script = Script::at_dashboard(data::history());
    script.reply(Reply::Drafts(Ok(vec![beside(draft)]))).press("enter");
    script.reply(Reply::Report { turn: 1, report: Ok(data::begun()) });
    let open = script.model.open.as_ref().unwrap();
    assert_eq!(open.editor().unwrap().text(), "what was typed before");
    assert_eq!(open.elapsed_ms(), 61_000);
    script.quietly().press("ctrl-d").press("enter");
    let key = script.effects().into_iter().find_map(|effect| match effect {
        Effect::Submit(draft) => Some(draft.key),
        _ => None,
    });
    assert_eq!(key.as_deref(), Some("earlier"));
}

#[test]
fn a_submission_that_an_earlier_run_did_not_finish_is_repeated_with_its_key() {
    let draft = Draft {
        id: DraftId { interview: 3, question: 30 },
        key: "earlier".into(),
        stage: Stage::Submitting,
        text: "an answer of unknown fate".into(),
        elapsed_ms: 0,
        saved_at_ms: 0,
    };
    let mut script = Script::at_dashboard(data::history());
    script.reply(Reply::Drafts(Ok(vec![beside(draft.clone())])));
    let held = Effect::HoldDraft(beside(draft.clone()));
    assert_eq!(script.effects(), [held, Effect::Submit(draft.clone())]);
    script.reply(Reply::Submitted(draft.id, Ok(1)));
    assert!(script.model.drafts.by_id.is_empty());
}

#[test]
fn ctrl_c_quits_only_when_pressed_twice_in_two_seconds() {
    let mut script = Script::at_dashboard(data::history());
    script.press("ctrl-c").wait(2_000).press("ctrl-c").press("j").press("ctrl-c");
    assert_eq!(script.effects(), []);
    script.press("ctrl-c");
    assert_eq!(script.effects(), [Effect::Quit]);
}

const ID: DraftId = DraftId { interview: 7, question: 72 };

/// A text that another window has saved for the question in front.
fn theirs(text: &str, ownership: Ownership) -> Kept {
    let draft = Draft {
        id: ID,
        key: "theirs".into(),
        stage: Stage::Writing,
        text: text.into(),
        elapsed_ms: 0,
        saved_at_ms: 5,
    };
    Kept { draft, name: format!("{text}.json"), ownership }
}

fn text(script: &Script) -> String {
    script.model.open.as_ref().unwrap().editor().unwrap().text()
}

#[test]
fn the_message_about_another_text_goes_once_its_question_is_left() {
    let mut script = Script::in_interview(data::begun());
    script.types("mine").wait(600).quietly();
    let others = vec![theirs("theirs", Ownership::Instead)];
    script.reply(Reply::DraftSaved(ID, Ok(Saved { at_ms: 9, others })));
    let told = script.model.notice.as_ref().unwrap().text.clone();
    assert!(told.starts_with("Another window has saved a different text here."), "{told}");
    script.press("alt-p");
    assert!(script.model.notice.is_none(), "{:?}", script.model.notice);
}

#[test]
fn a_text_from_another_window_is_announced_and_a_key_switches_back_and_forth() {
    let mut script = Script::in_interview(data::begun());
    script.types("mine").wait(600);
    let others = vec![theirs("theirs", Ownership::Instead)];
    script.reply(Reply::DraftSaved(ID, Ok(Saved { at_ms: 9, others })));
    let told = script.model.notice.as_ref().unwrap().text.clone();
    assert!(told.contains("Both are kept: Ctrl+O"), "{told}");
    assert!(script.press("esc").screen(80, 24).contains("another text is kept: Ctrl+O"));
    script.quietly().press("ctrl-o");
    assert_eq!(text(&script), "theirs");
    let effects: [Effect; 3] = script.effects().try_into().unwrap();
    let [Effect::SaveDraft(mine), Effect::HoldDraft(held), Effect::LoadDrafts] = effects else {
        panic!("mine is saved, theirs is held, and both are looked for");
    };
    assert_eq!((mine.text.as_str(), held.draft.text.as_str()), ("mine", "theirs"));
    // The save names theirs as the other text, since it was ordered before the exchange.
    let others = vec![held.clone()];
    script.reply(Reply::DraftSaved(ID, Ok(Saved { at_ms: 10, others })));
    assert!(script.model.drafts.others(ID).is_empty(), "a text is not kept beside itself");
    // Their state on disk after the switch.
    let mine = Kept { draft: mine, name: "mine.json".into(), ownership: Ownership::Beside };
    let theirs = Kept { ownership: Ownership::Own, ..held };
    script.reply(Reply::Drafts(Ok(vec![mine, theirs])));
    assert!(script.model.notice.is_none(), "the user knows already");
    script.press("ctrl-o");
    assert_eq!(text(&script), "mine");
}

#[test]
fn an_unedited_draft_is_replaced_by_what_another_window_wrote() {
    let mut script = Script::at_dashboard(data::history());
    script.reply(Reply::Drafts(Ok(vec![theirs("as it was read", Ownership::Beside)])));
    script.press("enter").reply(Reply::Report { turn: 1, report: Ok(data::begun()) });
    script.quietly().event(Event::Focus);
    assert_eq!(script.effects(), [Effect::LoadDrafts]);
    let newer = theirs("as it was read, and more", Ownership::Instead);
    script.reply(Reply::Drafts(Ok(vec![newer.clone()])));
    assert_eq!(text(&script), "as it was read, and more");
    assert_eq!(script.effects(), [Effect::HoldDraft(newer)]);
    assert!(script.model.notice.is_none(), "nothing is kept beside it");
}

#[test]
fn text_typed_here_is_kept_and_saved_beside_what_replaced_it() {
    let mut script = Script::in_interview(data::begun());
    script.types("mine").wait(600).quietly();
    script.reply(Reply::Drafts(Ok(vec![theirs("theirs", Ownership::Instead)])));
    assert_eq!(text(&script), "mine");
    assert_eq!(saved(&mut script), ["mine"]);
    assert!(script.model.notice.is_some());
}

#[test]
fn text_typed_while_the_drafts_are_loaded_is_kept() {
    let mut script = Script::in_interview(data::begun());
    script.types("typed at once").quietly();
    script.reply(Reply::Drafts(Ok(vec![theirs("from before", Ownership::Beside)])));
    assert_eq!(text(&script), "typed at once");
    assert!(script.model.notice.is_some());
    assert_eq!(script.model.drafts.others(ID).len(), 1);
}
