//! What is typed reaches the disk.

use crate::{
    drafts::{Draft, DraftId, Stage},
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

#[test]
fn a_draft_is_saved_half_a_second_after_the_first_unsaved_key() {
    let mut script = Script::in_interview(data::begun());
    script.types("a").wait(300).types("b").wait(199);
    assert_eq!(saved(&mut script), [""; 0]);
    script.wait(1);
    assert_eq!(saved(&mut script), ["ab"], "even if the last key is newer");
    script.wait(60_000);
    assert_eq!(saved(&mut script), [""; 0], "what is saved is not saved again");
}

#[test]
fn a_draft_counts_as_saved_only_once_it_is_on_disk() {
    let mut script = Script::in_interview(data::begun());
    script.types("text").wait(600);
    assert!(!script.screen(80, 24).contains("saved"));
    let id = DraftId { interview: 7, question: 72 };
    let at = script.model.now.as_millisecond();
    script.reply(Reply::DraftSaved(id, Ok(at)));
    assert!(script.screen(80, 24).contains("saved 14:02:31"));
}

#[test]
fn a_draft_is_saved_at_once_whenever_one_turns_away() {
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
fn a_draft_of_an_earlier_run_is_there_again() {
    let draft = Draft {
        id: DraftId { interview: 7, question: 72 },
        key: "earlier".into(),
        stage: Stage::Writing,
        text: "what was typed before".into(),
        elapsed_ms: 61_000,
        saved_at_ms: 0,
    };
    let mut script = Script::at_dashboard(data::history());
    script.reply(Reply::Drafts(Ok(vec![draft]))).press("enter");
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
    script.reply(Reply::Drafts(Ok(vec![draft.clone()])));
    assert_eq!(script.effects(), [Effect::Submit(draft.clone())]);
    script.reply(Reply::Submitted(draft.id, Ok(1)));
    assert!(script.model.journal.drafts.is_empty());
}

#[test]
fn ctrl_c_quits_only_when_pressed_twice_in_two_seconds() {
    let mut script = Script::at_dashboard(data::history());
    script.press("ctrl-c").wait(2_000).press("ctrl-c").press("j").press("ctrl-c");
    assert_eq!(script.effects(), []);
    script.press("ctrl-c");
    assert_eq!(script.effects(), [Effect::Quit]);
}
