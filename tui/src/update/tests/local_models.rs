//! Language models on this machine: found, offered, tried, chosen and declined.

use std::path::PathBuf;

use crate::{
    discovery::{Found, tests::found},
    effect::Effect,
    keys::Context,
    local::llm::Tried,
    model::{link::Account, local_models::Search},
    msg::Reply,
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

fn works() -> Tried {
    Tried::Works("a:14b answers".to_owned())
}

/// The dashboard with an offer of these models.
fn offered(names: &[&str]) -> Script {
    let mut script = Script::at_dashboard(data::history());
    script.model.local_models.search = Search::Begun;
    let models = names.iter().map(|name| found(name)).collect();
    script.reply(Reply::ModelsFound { all: false, models });
    script.quietly();
    script
}

/// The first model after its trial.
fn tried(names: &[&str], tried: Tried) -> Script {
    let mut script = offered(names);
    script.press("m").press("enter").quietly();
    script.reply(Reply::ModelTried(found(names[0]), tried));
    script
}

#[test]
fn models_are_searched_for_once_and_only_after_the_server_is_ready() {
    let mut script = Script::new();
    script.model.local_models.search = Search::Due;
    assert_eq!(script.press("m").effects(), []);
    script.reply(Reply::Connected(Ok(Account::Owner)));
    assert!(script.effects().contains(&Effect::FindModels { all: false }));
    script.reply(Reply::Connected(Ok(Account::Owner)));
    assert!(!script.effects().contains(&Effect::FindModels { all: false }));
}

#[test]
fn if_models_may_not_be_offered_there_is_no_search() {
    let mut script = Script::new();
    script.reply(Reply::Connected(Ok(Account::Owner)));
    let looks = |effect: &Effect| matches!(effect, Effect::FindModels { .. });
    assert!(!script.effects().iter().any(looks));
    assert_eq!(script.press("m").effects(), []);
    assert!(script.model.notice.is_some(), "and the key says why");
}

#[test]
fn an_offer_does_not_take_keys_from_the_current_screen() {
    let mut script = offered(&["a:14b"]);
    assert_eq!(script.model.context(), Context::Dashboard);
    script.press("n");
    assert_eq!(script.model.context(), Context::FormRole);
    assert!(script.model.offer_in_sight().is_none());
    script.press("esc");
    assert!(script.model.offer_in_sight().is_some());
}

#[test]
fn esc_hides_the_offer_until_the_next_start_and_m_shows_it_again() {
    let mut script = offered(&["a:14b"]);
    assert_eq!(script.press("esc").effects(), []);
    assert!(script.model.offer_in_sight().is_none());
    script.press("m");
    assert_eq!(script.model.context(), Context::Models);
    assert_eq!(script.press("esc").effects(), [], "nothing is remembered");
    assert_eq!(script.model.context(), Context::Dashboard);
}

#[test]
fn the_chosen_model_is_tried_and_used_only_after_a_separate_key() {
    let mut script = offered(&["a:14b", "b:8b"]);
    script.press("m").press("down").press("enter");
    assert_eq!(script.effects(), [Effect::TryModel(found("b:8b"))]);
    assert_eq!(script.model.context(), Context::Trial);
    script.reply(Reply::ModelTried(found("b:8b"), works()));
    assert_eq!(script.press("enter").effects(), [], "a key that was pressed twice chooses nothing");
    assert_eq!(script.press("y").effects(), [Effect::AdoptModel(found("b:8b"))]);
    assert_eq!(script.model.context(), Context::Dashboard);
}

#[test]
fn a_model_in_the_settings_is_used_immediately_with_a_message_how_to_undo_it() {
    let mut script = tried(&["a:14b"], works());
    script.press("y").quietly();
    let file = PathBuf::from("/home/ana/.config/viva/config.toml");
    script.reply(Reply::ModelAdopted(found("a:14b"), Ok(file)));
    assert_eq!(script.effects(), [Effect::UseModel(found("a:14b"))]);
    assert!(script.model.questions_are_written);
    let said = &script.model.notice.as_ref().unwrap().text;
    assert!(said.contains("a:14b") && said.contains("/viva/config.toml"), "{said}");
    assert_eq!(script.press("esc").press("m").effects(), [], "a model is in use now");
}

#[test]
fn a_model_that_could_not_be_written_to_the_settings_is_not_used() {
    let mut script = tried(&["a:14b"], works());
    script.press("y").quietly();
    let problem = Problem::new(ProblemKind::Local, "config.toml cannot be changed");
    script.reply(Reply::ModelAdopted(found("a:14b"), Err(problem)));
    assert_eq!(script.effects(), []);
    assert!(!script.model.questions_are_written);
    assert!(script.model.notice.as_ref().unwrap().is_problem);
}

#[test]
fn a_model_that_failed_its_trial_cannot_be_used_and_can_be_tried_again() {
    let fault = || "a:14b: it did not answer in time".to_owned();
    for outcome in [Tried::Silent(fault()), Tried::Unusable(fault())] {
        let mut script = tried(&["a:14b"], outcome);
        assert_eq!(script.press("y").effects(), []);
        assert_eq!(script.model.context(), Context::Verdict);
        assert_eq!(script.press("r").effects(), [Effect::TryModel(found("a:14b"))]);
    }
}

#[test]
fn the_result_of_a_stopped_trial_is_ignored() {
    let mut script = offered(&["a:14b", "b:8b"]);
    script.press("m").press("enter").quietly();
    assert_eq!(script.press("esc").effects(), [Effect::StopTrying]);
    script.reply(Reply::ModelTried(found("a:14b"), works()));
    assert_eq!(script.model.context(), Context::Models);
    script.press("down").press("enter");
    script.reply(Reply::ModelTried(found("a:14b"), works()));
    assert_eq!(script.model.context(), Context::Trial, "the result was for another model");
}

#[test]
fn declined_models_are_remembered_and_the_others_stay_on_offer() {
    let all = || -> Vec<Found> { ["a:14b", "b:8b"].map(found).to_vec() };
    let mut script = offered(&["a:14b", "b:8b"]);
    assert_eq!(script.press("m").press("n").effects(), [Effect::DeclineModels(all())]);
    assert_eq!(script.model.context(), Context::Dashboard);
    assert!(script.model.local_models.offer.is_none());

    let mut script = tried(&["a:14b", "b:8b"], works());
    assert_eq!(script.press("n").effects(), [Effect::DeclineModels(vec![found("a:14b")])]);
    assert_eq!(script.model.context(), Context::Models);
    script.press("enter").quietly();
    script.reply(Reply::ModelTried(found("b:8b"), works()));
    assert_eq!(script.press("n").effects(), [Effect::DeclineModels(vec![found("b:8b")])]);
    assert_eq!(script.model.context(), Context::Dashboard);
}

#[test]
fn asking_for_models_shows_all_of_them_or_says_that_there_are_none() {
    let mut script = Script::at_dashboard(data::history());
    script.model.local_models.search = Search::Begun;
    assert_eq!(script.press("m").effects(), [Effect::FindModels { all: true }]);
    script.reply(Reply::ModelsFound { all: true, models: Vec::new() });
    assert!(script.model.notice.as_ref().unwrap().text.contains("No language model"));
    script.press("m").reply(Reply::ModelsFound { all: true, models: vec![found("a:14b")] });
    assert_eq!(script.model.context(), Context::Models);
}

#[test]
fn a_reply_does_not_cover_another_screen() {
    let mut script = Script::at_dashboard(data::history());
    script.model.local_models.search = Search::Begun;
    script.press("m").press("n");
    script.reply(Reply::ModelsFound { all: true, models: vec![found("a:14b")] });
    assert_eq!(script.model.context(), Context::FormRole);
}
