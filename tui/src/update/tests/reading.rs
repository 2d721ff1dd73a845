//! Reading a report.

use crate::{
    effect::Effect,
    keys::Context,
    model::{Screen, open::Page},
    testing::{Script, data},
};

#[test]
fn arrows_go_through_summary_and_questions_and_round() {
    let mut script = Script::in_report(data::finished(), 0);
    script.press("left");
    assert_eq!(script.model.open.as_ref().unwrap().selected, 5);
    script.press("right").press("l").press("n");
    assert_eq!(script.model.open.as_ref().unwrap().selected, 2);
}

#[test]
fn tab_turns_the_pages() {
    let mut script = Script::in_report(data::finished(), 1);
    let page = |script: &Script| script.model.open.as_ref().unwrap().page;
    let mut pages = Vec::new();
    for _ in 0..3 {
        script.press("tab");
        pages.push(page(&script));
    }
    assert_eq!(pages, [Page::Answer, Page::Example, Page::Points]);
    script.press("backtab");
    assert_eq!(page(&script), Page::Example);
}

#[test]
fn scrolling_stops_at_the_last_line() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("G");
    let last = script.model.open.as_ref().unwrap().page_scroll;
    script.press("j").press("pgdn");
    assert_eq!(script.model.open.as_ref().unwrap().page_scroll, last);
    script.press("k");
    assert_eq!(script.model.open.as_ref().unwrap().page_scroll, last - 1);
}

#[test]
fn a_question_is_answered_again_from_its_report() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("t");
    assert_eq!(
        (script.model.screen, script.model.context()),
        (Screen::Interview, Context::Writing)
    );
    assert_eq!(script.model.open.as_ref().unwrap().current, 2);
}

#[test]
fn leaving_keeps_watching_only_while_something_is_evaluated() {
    let mut script = Script::in_report(data::complete(), 0);
    script.press("esc");
    assert!(script.effects().contains(&Effect::Unwatch));
    let mut script = Script::in_report(data::begun(), 0);
    script.press("q");
    assert!(!script.effects().contains(&Effect::Unwatch));
    assert_eq!(script.model.being_evaluated(), 1);
}
