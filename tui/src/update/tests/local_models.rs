//! Language models on this machine: found, offered, tried, chosen and declined.

use std::path::PathBuf;

use crate::{
    discovery::{Found, tests::found},
    effect::Effect,
    keys::Context,
    local::model::Tried,
    model::local_models::Search,
    msg::{Account, Reply},
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

fn works() -> Tried {
    Tried::Works("a:14b answers".to_owned())
}

/// The dashboard with an offer of these.
fn offered(names: &[&str]) -> Script {
    let mut script = Script::at_dashboard(data::history());
    script.model.local_models.search = Search::Begun;
    let models = names.iter().map(|name| found(name)).collect();
    script.reply(Reply::ModelsFound { all: false, models });
    script.quietly();
    script
}

/// The first of them in front of the user, after its trial.
fn tried(names: &[&str], tried: Tried) -> Script {
    let mut script = offered(names);
    script.press("m").press("enter").quietly();
    script.reply(Reply::ModelTried(found(names[0]), tried));
    script
}

#[test]
fn they_are_looked_for_once_and_not_before_the_server_is_there() {
    let mut script = Script::new();
    script.model.local_models.search = Search::Due;
    assert_eq!(script.press("m").effects(), []);
    script.reply(Reply::Connected(Ok(Account::Owner)));
    assert!(script.effects().contains(&Effect::FindModels { all: false }));
    script.reply(Reply::Connected(Ok(Account::Owner)));
    assert!(!script.effects().contains(&Effect::FindModels { all: false }));
}

#[test]
fn where_none_may_be_offered_none_is_looked_for() {
    let mut script = Script::new();
    script.reply(Reply::Connected(Ok(Account::Owner)));
    let looks = |effect: &Effect| matches!(effect, Effect::FindModels { .. });
    assert!(!script.effects().iter().any(looks));
    assert_eq!(script.press("m").effects(), []);
    assert!(script.model.notice.is_some(), "and the key says why");
}

#[test]
fn an_offer_takes_no_key_from_what_one_is_at() {
    let mut script = offered(&["a:14b"]);
    assert_eq!(script.model.context(), Context::Dashboard);
    script.press("n");
    assert_eq!(script.model.context(), Context::FormRole);
    assert!(script.model.offer_in_sight().is_none());
    script.press("esc");
    assert!(script.model.offer_in_sight().is_some());
}

#[test]
fn esc_puts_the_offer_off_until_the_next_start_and_m_brings_it_back() {
    let mut script = offered(&["a:14b"]);
    assert_eq!(script.press("esc").effects(), []);
    assert!(script.model.offer_in_sight().is_none());
    script.press("m");
    assert_eq!(script.model.context(), Context::Models);
    assert_eq!(script.press("esc").effects(), [], "nothing is remembered");
    assert_eq!(script.model.context(), Context::Dashboard);
}

#[test]
fn the_chosen_model_is_tried_and_used_only_by_a_key_of_its_own() {
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
fn a_model_in_the_settings_is_used_at_once_and_how_to_undo_it_is_said() {
    let mut script = tried(&["a:14b"], works());
    script.press("y").quietly();
    let file = PathBuf::from("/home/ana/.config/viva/config.toml");
    script.reply(Reply::ModelAdopted(found("a:14b"), Ok(file)));
    assert_eq!(script.effects(), [Effect::UseModel(found("a:14b"))]);
    assert!(script.model.questions_are_written);
    let said = &script.model.notice.as_ref().unwrap().text;
    assert!(said.contains("a:14b") && said.contains("/viva/config.toml"), "{said}");
    assert_eq!(script.press("esc").press("m").effects(), [], "there is a model now");
}

#[test]
fn a_model_that_could_not_be_put_into_the_settings_is_not_used() {
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
fn a_trial_that_was_stopped_says_nothing_any_more() {
    let mut script = offered(&["a:14b", "b:8b"]);
    script.press("m").press("enter").quietly();
    assert_eq!(script.press("esc").effects(), [Effect::StopTrying]);
    script.reply(Reply::ModelTried(found("a:14b"), works()));
    assert_eq!(script.model.context(), Context::Models);
    script.press("down").press("enter");
    script.reply(Reply::ModelTried(found("a:14b"), works()));
    assert_eq!(script.model.context(), Context::Trial, "that was about another model");
}

#[test]
fn what_is_declined_is_kept_and_what_was_not_stays_on_offer() {
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
fn whoever_asks_for_them_is_shown_all_of_them_or_told_that_there_are_none() {
    let mut script = Script::at_dashboard(data::history());
    script.model.local_models.search = Search::Begun;
    assert_eq!(script.press("m").effects(), [Effect::FindModels { all: true }]);
    script.reply(Reply::ModelsFound { all: true, models: Vec::new() });
    assert!(script.model.notice.as_ref().unwrap().text.contains("No language model"));
    script.press("m").reply(Reply::ModelsFound { all: true, models: vec![found("a:14b")] });
    assert_eq!(script.model.context(), Context::Models);
}

#[test]
fn a_reply_never_covers_a_screen_that_one_has_gone_on_to() {
    let mut script = Script::at_dashboard(data::history());
    script.model.local_models.search = Search::Begun;
    script.press("m").press("n");
    script.reply(Reply::ModelsFound { all: true, models: vec![found("a:14b")] });
    assert_eq!(script.model.context(), Context::FormRole);
}
