//! Saved copies are shown while the server is unreachable.

use viva_proto::v1::ListInterviewsResponse;

use crate::{
    effect::Effect,
    model::{Screen, link::Account},
    msg::Reply,
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

fn away() -> Problem {
    Problem::new(ProblemKind::Unreachable, "Unable to reach server. Please try again later.")
}

fn kept_list() -> Reply {
    let interviews = data::history();
    Reply::KeptInterviews(ListInterviewsResponse { interviews, next_page_token: String::new() })
}

fn offline() -> Script {
    let mut script = Script::on(Some("viva.example.org"));
    script.reply(Reply::Connected(Ok(Account::Named("ana".into()))));
    script.reply(kept_list());
    script.reply(Reply::Interviews { first: true, page: Err(away()) });
    script
}

#[test]
fn saved_copies_of_the_list_and_a_report_are_shown() {
    let mut script = offline();
    let seen = script.screen(80, 24);
    assert!(seen.contains("Rust backend engineer") && seen.contains("reconnecting"), "{seen}");
    script.press("r").quietly();
    script.reply(Reply::KeptReport { turn: 1, report: Box::new(data::finished()) });
    script.reply(Reply::Report { turn: 1, report: Err(away()) });
    let seen = script.screen(80, 24);
    assert!(
        seen.contains("6.5 fair") && seen.contains("as it was when it was last loaded"),
        "{seen}"
    );
    assert_eq!(script.model.screen, Screen::Report);
    assert!(!script.effects().contains(&Effect::Watch(7)), "there is no stream while offline");
}

#[test]
fn newer_data_from_the_server_replaces_the_copy_and_is_watched() {
    let mut script = offline();
    script.press("r");
    script.reply(Reply::KeptReport { turn: 1, report: Box::new(data::begun()) }).quietly();
    // The first reply after an interruption reloads everything.
    script.reply(Reply::Report { turn: 1, report: Ok(data::finished()) });
    script.reply(Reply::Report { turn: 2, report: Ok(data::finished()) });
    assert!(script.effects().contains(&Effect::Watch(7)));
    script.reply(Reply::KeptReport { turn: 1, report: Box::new(data::begun()) });
    let open = script.model.open.as_ref().unwrap();
    assert_eq!(open.report.as_ref(), Some(&data::finished()), "the old copy changes nothing");
}

#[test]
fn a_newer_list_is_not_replaced_by_a_saved_copy() {
    let mut script = Script::at_dashboard(vec![data::listed(&data::fresh())]);
    script.reply(kept_list());
    assert_eq!(script.model.dashboard.interviews.len(), 1);
}
