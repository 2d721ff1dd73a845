//! Reading a report.

use crate::{
    effect::Effect,
    keys::Context,
    model::{Screen, open::Page},
    msg::Reply,
    problem::{Problem, ProblemKind},
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

#[test]
fn a_report_is_saved_and_it_is_said_where_until_somebody_has_read_it() {
    let mut script = Script::in_report(data::finished(), 0);
    let id = script.model.open.as_ref().unwrap().id;
    script.press("e");
    assert_eq!(script.effects(), [Effect::Export(id)]);
    script.reply(Reply::Exported(Ok("/home/ana/viva-report-7.md".into())));
    let notice = script.model.notice.clone().unwrap();
    assert_eq!(notice.text, "Saved in /home/ana/viva-report-7.md");
    assert!(notice.stays && !notice.is_problem);
    let full = Problem::new(ProblemKind::Local, "The report cannot be saved: no space left");
    script.reply(Reply::Exported(Err(full)));
    let notice = script.model.notice.clone().unwrap();
    assert!(notice.is_problem && notice.text.ends_with("No file was saved."), "{}", notice.text);
}
