//! The list of interviews.

use viva_proto::v1::ListInterviewsResponse;

use crate::{
    effect::Effect,
    model::Screen,
    msg::Reply,
    testing::{Script, data},
};

#[test]
fn the_app_starts_with_its_server_its_drafts_and_its_list() {
    let mut script = Script::new();
    script.reply(Reply::Connected(Ok(crate::msg::Account::Owner)));
    assert_eq!(script.effects(), [Effect::LoadDrafts, Effect::LoadInterviews(String::new())]);
    script.list(data::history());
    assert_eq!(script.effects(), [Effect::LoadCard(7)]);
}

#[test]
fn enter_goes_on_or_reads_the_report_when_all_is_answered() {
    let mut script = Script::at_dashboard(data::history());
    script.press("enter");
    assert_eq!(script.model.screen, Screen::Interview);
    assert_eq!(script.effects(), [Effect::LoadReport { interview: 7, turn: 1 }]);
    script.press("esc").quietly().press("j").press("enter");
    assert_eq!(script.model.screen, Screen::Report);
    assert_eq!(script.effects(), [Effect::LoadReport { interview: 6, turn: 1 }]);
}

#[test]
fn a_deletion_is_sent_when_it_can_no_longer_be_taken_back() {
    let mut script = Script::at_dashboard(data::history());
    script.press("x").wait(9_999);
    assert_eq!(script.effects(), []);
    assert_eq!(script.model.dashboard.visible().len(), 4);
    script.wait(1);
    assert_eq!(script.effects(), [Effect::Delete(7)]);
}

#[test]
fn a_deletion_can_be_taken_back() {
    let mut script = Script::at_dashboard(data::history());
    script.press("j").press("x").wait(5_000).press("u").wait(20_000);
    assert_eq!(script.effects(), []);
    assert_eq!(script.model.dashboard.chosen().unwrap().id, 6);
}

#[test]
fn quitting_sends_the_deletion_and_so_does_the_next_one() {
    let mut script = Script::at_dashboard(data::history());
    script.press("x").press("x");
    assert_eq!(script.effects(), [Effect::Delete(7)]);
    script.press("q");
    assert_eq!(script.effects(), [Effect::Delete(6), Effect::Quit]);
}

#[test]
fn scrolling_near_the_end_loads_the_next_page_once() {
    let mut script = Script::at_dashboard(Vec::new());
    let page = |ids: std::ops::Range<i64>, next: &str| {
        let interview = |id| viva_proto::v1::Interview { id, ..data::history()[1].clone() };
        ListInterviewsResponse {
            interviews: ids.map(interview).collect(),
            next_page_token: next.into(),
        }
    };
    script.reply(Reply::Interviews { first: true, page: Ok(page(0..50, "two")) });
    assert_eq!(script.effects(), []);
    script.press("G").press("k");
    assert_eq!(script.effects(), [Effect::LoadInterviews("two".into())]);
    script.reply(Reply::Interviews { first: false, page: Ok(page(49..60, "")) });
    assert_eq!(script.model.dashboard.visible().len(), 60, "one came twice");
    script.press("G");
    assert_eq!(script.effects(), []);
}

#[test]
fn a_filter_narrows_the_list_and_esc_clears_it() {
    let mut script = Script::at_dashboard(data::history());
    script.press("/").types("ENGINEER mid");
    let ids =
        |script: &Script| script.model.dashboard.visible().iter().map(|i| i.id).collect::<Vec<_>>();
    assert_eq!(ids(&script), [6, 4]);
    script.press("enter").press("j").quietly().press("r");
    assert_eq!(script.effects(), [Effect::LoadReport { interview: 4, turn: 1 }]);
    script.press("esc").press("esc");
    assert_eq!(ids(&script).len(), 5);
}

#[test]
fn the_palette_runs_what_it_finds() {
    let mut script = Script::at_dashboard(data::history());
    script.press(":").types("new interview").press("enter");
    assert_eq!(script.model.screen, Screen::NewInterview);
}
