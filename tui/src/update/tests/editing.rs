//! Selecting, copying and pasting in the text in front.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    effect::Effect,
    msg::Event,
    testing::{Script, data},
};

fn mark(script: &mut Script, steps: usize) {
    for _ in 0..steps {
        script.event(Event::Key(KeyEvent::new(KeyCode::Left, KeyModifiers::SHIFT)));
    }
}

fn text(script: &Script) -> String {
    script.model.open.as_ref().unwrap().editor().unwrap().text()
}

#[test]
fn ctrl_c_copies_the_selection_and_quits_only_without_one() {
    let mut script = Script::in_interview(data::begun());
    script.types("threads wait");
    mark(&mut script, 4);
    script.quietly().press("ctrl-c");
    assert!(script.effects().contains(&Effect::Copy("wait".into())));
    assert_eq!(script.model.leaving, None);
    script.press("ctrl-c");
    assert!(script.model.leaving.is_some(), "nothing is selected any more");
    script.press("ctrl-v");
    assert_eq!(text(&script), "threads waitwait");
}

#[test]
fn cut_text_can_be_pasted_elsewhere_and_one_undo_restores_it() {
    let mut script = Script::in_interview(data::begun());
    script.types("threads wait");
    mark(&mut script, 5);
    script.quietly().press("ctrl-x");
    assert_eq!(script.effects(), [Effect::Copy(" wait".into())]);
    assert_eq!(text(&script), "threads");
    script.press("ctrl-z");
    assert_eq!(text(&script), "threads wait");
    script.press("f7").press("ctrl-v").quietly().press("esc").press("ctrl-v");
    assert_eq!(text(&script), "threads wait wait");
}

#[test]
fn with_nothing_copied_the_terminals_own_paste_is_named() {
    let mut script = Script::in_interview(data::begun());
    script.press("alt-c").press("ctrl-v");
    assert!(script.model.notice.as_ref().unwrap().text.contains("your terminal pastes"));
    assert_eq!(text(&script), "");
}
