//! The first steps on an empty list.

use viva_proto::v1::{CreateInterviewResponse, Interview, Level, Template};

use crate::{
    effect::Effect,
    keys::Context,
    model::{Screen, link::Account, new_interview::Field},
    msg::Reply,
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

/// An empty list, with these templates.
fn start(templates: Vec<Template>) -> Script {
    let mut script = Script::new();
    script.reply(Reply::Connected(Ok(Account::Owner)));
    script.list(Vec::new());
    script.reply(Reply::Templates(Ok(templates)));
    script
}

fn rust() -> Template {
    Template {
        id: "topic-rust".into(),
        title: "Rust in depth".into(),
        role: "Software engineer".into(),
        level: Level::Mid.into(),
        ..Template::default()
    }
}

#[test]
fn an_empty_list_loads_the_ready_made_interviews_once() {
    let mut script = Script::at_dashboard(Vec::new());
    script.wait(1_000);
    assert_eq!(script.effects(), [], "they were requested when the list came");
    assert_eq!(script.model.context(), Context::Dashboard, "nothing is offered before");
    script.reply(Reply::Templates(Ok(data::templates())));
    assert_eq!(script.model.context(), Context::Start);
    assert!(start(Vec::new()).effects().contains(&Effect::LoadTemplates));
}

#[test]
fn enter_on_the_first_start_reaches_the_first_question() {
    let mut script = start(vec![data::screen(), rust()]);
    script.quietly().press("enter");
    let effects = script.effects();
    let Some(Effect::Create(request)) = effects.last() else { panic!("{effects:?}") };
    assert_eq!(
        (request.role.as_str(), request.template_id.as_str()),
        ("Rust engineer", "topic-rust")
    );
    assert_eq!((request.num_questions, request.level()), (2, Level::Mid));
    let questions = data::fresh().questions.into_iter().filter_map(|slot| slot.question).collect();
    let interview = Interview { id: 7, questions, ..Interview::default() };
    let reply = CreateInterviewResponse { interview: Some(interview), notice: String::new() };
    script.reply(Reply::Created(Ok(reply)));
    assert_eq!(script.model.context(), Context::Writing);
}

#[test]
fn a_start_that_fails_leaves_the_filled_form_and_keeps_the_earlier_form() {
    let mut script = start(vec![data::screen()]);
    script
        .press("n")
        .types("Baker")
        .press("tab")
        .press("tab")
        .press("tab")
        .press("tab")
        .press("tab");
    script.press("tab").paste("We look for a baker").press("esc").press("1");
    script.reply(Reply::Created(Err(Problem::timeout())));
    let form = script.model.form.as_ref().unwrap();
    assert_eq!((form.role.text(), form.advert.text()), ("Platform engineer".into(), String::new()));
    assert_eq!(form.field, Field::Role);
    let questions = Interview { id: 7, ..Interview::default() };
    let reply = CreateInterviewResponse { interview: Some(questions), notice: String::new() };
    script.press("enter").quietly().reply(Reply::Created(Ok(reply)));
    let effects = script.effects();
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::RemoveDraft(_))), "{effects:?}");
}

#[test]
fn the_sample_report_needs_no_server_and_offers_nothing_that_does() {
    let mut script = start(vec![rust()]);
    script.quietly().press("2");
    assert_eq!(script.effects(), [Effect::Unwatch, Effect::LoadSample]);
    script.reply(Reply::Sample(Ok(Box::new(data::finished()))));
    assert_eq!(script.model.context(), Context::Sample);
    for key in ["t", "p", "e", "R", "f5", "s", "x", "w", "a"] {
        script.press(key);
    }
    script.press("right").press("tab");
    assert_eq!(script.effects(), []);
    let seen = script.screen(80, 24);
    assert!(seen.contains("Sample report · Rust backend engineer"), "{seen}");
    script.press("esc");
    assert_eq!((script.model.context(), script.model.open.is_none()), (Context::Start, true));
    script.press("v").press("n");
    assert_eq!(script.model.screen, Screen::NewInterview);
}

#[test]
fn a_sample_that_cannot_be_generated_leads_back_with_a_message() {
    let mut script = start(Vec::new());
    script.press("v");
    script.reply(Reply::Sample(Err(Problem::new(ProblemKind::Local, "There is no sample here."))));
    assert_eq!(script.model.screen, Screen::Dashboard);
    assert!(script.screen(80, 24).contains("There is no sample here."));
}

#[test]
fn without_ready_made_interviews_the_rest_is_offered() {
    let mut script = Script::at_dashboard(Vec::new());
    script.reply(Reply::Templates(Err(Problem::timeout())));
    assert_eq!(script.model.context(), Context::Start);
    script.press("enter");
    assert_eq!(script.model.context(), Context::Sample);
}

#[test]
fn deleting_the_last_interview_can_be_undone_from_the_first_steps() {
    let mut script = Script::at_dashboard(vec![data::listed(&data::fresh())]);
    script.reply(Reply::Templates(Ok(vec![rust()])));
    script.press("x").wait(400).press("x");
    assert_eq!(script.model.context(), Context::Start);
    script.press("u");
    assert_eq!(script.model.context(), Context::Dashboard);
}
