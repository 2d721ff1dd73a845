//! The list of interviews.

use viva_proto::v1::{ListInterviewsResponse, ShownAnswer};

use crate::{
    drafts::{Draft, DraftId, Kept, Ownership, Stage},
    effect::Effect,
    model::{Screen, dashboard::Row, link::Account},
    msg::Reply,
    testing::{Script, data},
};

#[test]
fn the_app_starts_with_its_server_its_drafts_and_its_list() {
    let mut script = Script::new();
    script.reply(Reply::Connected(Ok(Account::Owner)));
    assert_eq!(script.effects(), [Effect::LoadDrafts, Effect::LoadInterviews(String::new())]);
    script.list(data::history());
    let waits = Row { interview: 4, evaluated: 0 };
    assert_eq!(
        script.effects(),
        [
            Effect::LoadCard(7),
            Effect::LoadProgress,
            Effect::LoadMemory,
            Effect::WatchRows(vec![waits])
        ]
    );
}

#[test]
fn enter_continues_the_interview_or_opens_its_report_if_all_is_answered() {
    let mut script = Script::at_dashboard(data::history());
    script.press("enter");
    assert_eq!(script.model.screen, Screen::Interview);
    let opens = |interview| [Effect::LoadDrafts, Effect::LoadReport { interview, turn: 1 }];
    assert_eq!(script.effects(), opens(7));
    script.press("esc").quietly().press("j").press("enter");
    assert_eq!(script.model.screen, Screen::Report);
    assert_eq!(script.effects(), opens(6));
}

#[test]
fn an_interview_whose_open_questions_were_all_shown_is_not_continued() {
    let mut all = data::history();
    all[0].progress.as_mut().unwrap().shown = 3;
    let mut script = Script::at_dashboard(all);
    script.press("g").press("enter");
    assert_eq!(script.model.screen, Screen::Report);
    script.press("esc");
    let screen = script.screen(80, 24);
    assert!(screen.contains("Continue    Engineering manager"), "{screen}");
}

#[test]
fn a_question_whose_answer_is_being_sent_is_not_open() {
    let mut report = data::complete();
    report.questions[4].answer = None;
    let mut script = Script::at_dashboard(vec![data::listed(&report)]);
    script.reply(Reply::Card(Ok(report.clone())));
    assert!(script.screen(80, 24).contains("question 5 of 5"));
    let draft = Draft {
        id: DraftId { interview: 7, question: 74 },
        key: "k".into(),
        stage: Stage::Submitting,
        text: "A whole answer.".into(),
        elapsed_ms: 0,
        saved_at_ms: 0,
    };
    let kept = Kept { draft, name: "7-74.json".into(), ownership: Ownership::Beside };
    script.reply(Reply::Drafts(Ok(vec![kept])));
    let screen = script.screen(80, 24);
    assert!(screen.contains("every answer is on its way"), "{screen}");
    report.questions[4].question.as_mut().unwrap().shown = Some(ShownAnswer::default());
    let mut script = Script::at_dashboard(vec![data::listed(&report)]);
    script.reply(Reply::Card(Ok(report)));
    let screen = script.screen(80, 24);
    assert!(screen.contains("no question is left") && !screen.contains("on its way"));
}

/// Interviews without any answer.
fn unanswered() -> Vec<viva_proto::v1::Interview> {
    let mut all = data::history();
    for progress in all.iter_mut().filter_map(|interview| interview.progress.as_mut()) {
        (progress.answered, progress.evaluated) = (0, 0);
    }
    all
}

#[test]
fn every_deletion_can_be_undone_until_the_app_ends() {
    let mut script = Script::at_dashboard(unanswered());
    script.press("x").wait(400).press("x").wait(60_000).press("x").wait(60_000);
    assert_eq!(script.model.dashboard.visible().len(), 2);
    assert_eq!(script.effects(), []);
    script.press("u").press("u");
    let ids: Vec<_> = script.model.dashboard.visible().iter().map(|i| i.id).collect();
    assert_eq!(ids.len(), 4);
    assert_eq!(script.model.dashboard.chosen().unwrap().id, ids[0]);
    script.press("q");
    assert_eq!(script.effects(), [Effect::Delete(7), Effect::Quit]);
}

#[test]
fn a_key_that_is_held_down_deletes_one_interview() {
    let mut script = Script::at_dashboard(unanswered());
    for _ in 0..20 {
        script.press("x").wait(30);
    }
    assert_eq!(script.model.dashboard.visible().len(), 4);
}

#[test]
fn deleting_an_answered_interview_asks_once() {
    let mut script = Script::at_dashboard(data::history());
    script.press("j").press("x").wait(400);
    assert_eq!(script.model.dashboard.visible().len(), 5);
    assert!(script.model.notice.is_some());
    // Each interview asks separately.
    script.press("j").press("x").wait(400).press("k").press("x").wait(400);
    assert_eq!(script.model.dashboard.visible().len(), 5);
    script.press("x");
    assert_eq!(script.model.dashboard.visible().len(), 4);
    script.press("u");
    assert_eq!(script.model.dashboard.chosen().unwrap().id, 6);
}

#[test]
fn deleting_an_interview_with_a_draft_asks_once_too() {
    let mut script = Script::at_dashboard(unanswered());
    let draft = Draft {
        id: DraftId { interview: 7, question: 70 },
        key: "k".into(),
        stage: Stage::Writing,
        text: "half an answer".into(),
        elapsed_ms: 0,
        saved_at_ms: 0,
    };
    let kept = Kept { draft, name: "7-70.json".into(), ownership: Ownership::Beside };
    script.reply(Reply::Drafts(Ok(vec![kept]))).press("x").wait(400);
    assert_eq!(script.model.dashboard.visible().len(), 5);
    assert!(script.model.notice.as_ref().unwrap().text.contains("has 1 draft."));
    script.press("x");
    assert_eq!(script.model.dashboard.visible().len(), 4);
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
    assert_eq!(script.effects(), [Effect::LoadProgress, Effect::LoadMemory]);
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
    assert_eq!(
        script.effects(),
        [Effect::LoadDrafts, Effect::LoadReport { interview: 4, turn: 1 }]
    );
    script.press("esc").press("esc");
    assert_eq!(ids(&script).len(), 5);
}

#[test]
fn the_palette_runs_what_it_finds() {
    let mut script = Script::at_dashboard(data::history());
    script.press(":").types("new interview").press("enter");
    assert_eq!(script.model.screen, Screen::NewInterview);
}
