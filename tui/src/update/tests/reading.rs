//! Reading a report.

use crate::{
    effect::Effect,
    keys::Context,
    model::{Screen, open::Page},
    msg::{Reply, WatchNews},
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

#[test]
fn arrows_go_through_summary_and_questions_and_wrap_around() {
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
    assert_eq!((script.model.screen, script.model.context()), (Screen::Report, Context::Again));
    script.press("enter");
    assert_eq!(
        (script.model.screen, script.model.context()),
        (Screen::Interview, Context::Writing)
    );
    assert_eq!(script.model.open.as_ref().unwrap().current, 2);
}

#[test]
fn digits_go_to_questions_and_each_keeps_its_position() {
    let mut script = Script::in_report(data::finished(), 0);
    let place = |script: &Script| {
        let open = script.model.open.as_ref().unwrap();
        (open.selected, open.page_scroll)
    };
    script.press("3").press("j").press("j");
    assert_eq!(place(&script), (3, 2));
    script.press("1").press("9");
    assert_eq!(place(&script), (1, 0), "there is no ninth question");
    script.press("3");
    assert_eq!(place(&script), (3, 2));
    script.press("0");
    assert_eq!(place(&script), (0, 0));
}

#[test]
fn every_way_back_leads_to_the_same_position() {
    let mut script = Script::in_report(data::complete(), 3);
    script.press("j").press("t").press("enter").press("esc");
    assert_eq!(script.model.screen, Screen::Report);
    let place = |script: &Script| {
        let open = script.model.open.as_ref().unwrap();
        (open.selected, open.page_scroll)
    };
    assert_eq!(place(&script), (3, 1));
    script.press("esc").press("r");
    script.reply(Reply::Report { turn: 1, report: Ok(data::complete()) });
    assert_eq!(place(&script), (3, 1), "after a visit to the list");
    script.press("p").press("1").paste(" And more.").press("ctrl-d").press("enter");
    assert_eq!(
        (script.model.screen, place(&script)),
        (Screen::Report, (3, 0)),
        "there is something new to read"
    );
}

#[test]
fn the_report_of_an_answer_is_copied_as_text() {
    let mut script = Script::in_report(data::finished(), 3);
    script.press("y");
    let effects = script.effects();
    let Some(Effect::Copy(text)) = effects.last() else { panic!("{effects:?}") };
    assert!(text.starts_with("A service keeps a cache behind a mutex."), "{text}");
    assert!(text.contains("✗ Splits the lock") && text.contains("Your answer, 28 words"), "{text}");
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
fn a_report_is_saved_and_the_message_with_its_path_stays_until_closed() {
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

/// The user reads an answer whose evaluation is pending. `reply` brings it, and the report grows
/// above the user's position.
fn grown_above_the_answer(reply: Reply) -> Script {
    let mut report = data::finished();
    report.questions[0].answer = Some(data::pending(0));
    let mut script = Script::in_report(report, 1);
    script.model.size = (80, 16);
    script.press("tab");
    let before = script.model.open.as_ref().unwrap().page_scroll;
    script.reply(reply);
    let after = script.model.open.as_ref().unwrap().page_scroll;
    assert!(after > before, "{before} {after}");
    script
}

#[test]
fn the_answer_stays_in_view_when_its_evaluation_arrives_above() {
    let news = WatchNews::Answer(Box::new(data::evaluated(0, 7.4)));
    let mut script = grown_above_the_answer(Reply::Watch { interview: 7, news });
    assert!(script.screen(80, 16).contains("Your answer, 28 words"));
}

#[test]
fn the_answer_stays_in_view_when_the_report_is_reloaded() {
    grown_above_the_answer(Reply::Report { turn: 1, report: Ok(data::finished()) });
}
