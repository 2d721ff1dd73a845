//! Rows of the list that change while the user looks at it, and other parts of the list.

use crate::{
    effect::Effect,
    model::{dashboard::Row, link::Account},
    msg::{Event, Reply, WatchNews},
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

fn watched(script: &mut Script) -> Vec<Vec<Row>> {
    let rows = |effect| match effect {
        Effect::WatchRows(rows) => Some(rows),
        _ => None,
    };
    script.effects().into_iter().filter_map(rows).collect()
}

fn listed() -> Script {
    let mut script = Script::new();
    script.reply(Reply::Connected(Ok(Account::Owner)));
    script.list(data::history());
    script
}

#[test]
fn rows_with_pending_evaluations_are_watched_until_there_are_none() {
    let mut script = listed();
    let row = |evaluated| Row { interview: 4, evaluated };
    assert_eq!(watched(&mut script), [vec![row(0)]]);
    script.list(data::history());
    assert_eq!(watched(&mut script), Vec::<Vec<Row>>::new(), "it is watched already");
    script.quietly().reply(Reply::RowChanged(4));
    assert_eq!(script.effects(), [Effect::LoadInterviews(String::new())]);
    let mut rows = data::history();
    rows[3].progress.as_mut().unwrap().evaluated = 10;
    script.list(rows);
    assert_eq!(watched(&mut script), [Vec::new()]);
}

#[test]
fn at_most_four_rows_are_watched() {
    let row = |id| viva_proto::v1::Interview { id, ..data::history().remove(3) };
    let mut script = Script::new();
    script.list((0..9).map(row).collect());
    assert_eq!(watched(&mut script)[0].len(), 4);
}

#[test]
fn rows_are_watched_again_after_the_server_was_unreachable() {
    let mut script = listed();
    script.quietly();
    let away = Problem::new(ProblemKind::Unreachable, "Unable to reach server.");
    script.reply(Reply::Interviews { first: true, page: Err(away) });
    script.list(data::history());
    assert_eq!(watched(&mut script).len(), 1);
}

#[test]
fn a_row_that_changes_away_from_the_list_notifies_without_focus_and_loads_nothing() {
    let mut script = listed();
    script.press("n").event(Event::Blur).quietly();
    script.reply(Reply::RowChanged(4));
    let told = "An evaluation is ready: Frontend engineer".to_owned();
    assert_eq!(script.effects(), [Effect::Notify(told)]);
}

#[test]
fn scores_are_loaded_if_there_are_any_and_a_bad_reply_keeps_the_last() {
    let mut script = listed();
    assert!(script.effects().contains(&Effect::LoadProgress));
    script.reply(Reply::Progress(Ok(data::development())));
    script.reply(Reply::Progress(Err(Problem::timeout())));
    assert!(script.screen(80, 24).contains("concurrency 4.2 weak"));
    let mut script = Script::new();
    script.list(Vec::new());
    assert!(!script.effects().contains(&Effect::LoadProgress));
}

#[test]
fn an_evaluation_in_the_report_of_an_interview_that_was_left_reloads_the_list() {
    let mut script = Script::in_interview(data::begun());
    script.press("esc").quietly();
    assert!(script.model.open.is_some(), "its answers are still evaluated");
    let mut report = data::begun();
    report.questions[1].answer = Some(data::evaluated(1, 5.9));
    let turn = script.model.open.as_ref().unwrap().turn;
    script.reply(Reply::Report { turn, report: Ok(report) });
    assert_eq!(script.effects(), [Effect::LoadInterviews(String::new()), Effect::Unwatch]);
    assert!(script.model.open.is_none());
}

#[test]
fn the_last_evaluation_of_an_interview_that_was_left_notifies_without_focus() {
    let mut script = Script::in_interview(data::begun());
    script.press("esc").event(Event::Blur).quietly();
    let answer = Box::new(data::evaluated(1, 5.9));
    script.reply(Reply::Watch { interview: 7, news: WatchNews::Answer(answer) });
    let told = "Question 2: 5.9 fair · Rust backend engineer".to_owned();
    let list = Effect::LoadInterviews(String::new());
    assert_eq!(script.effects(), [Effect::Notify(told), list, Effect::Unwatch]);
}
