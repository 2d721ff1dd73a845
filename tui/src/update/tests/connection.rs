//! A server that becomes unreachable and comes back.

use crate::{
    drafts::DraftId,
    effect::Effect,
    keys::Context,
    model::link::{Account, LinkState},
    msg::{Reply, WatchNews},
    problem::{Problem, ProblemKind},
    testing::{Script, data},
};

const ID: DraftId = DraftId { interview: 7, question: 72 };

fn unreachable() -> Problem {
    Problem::new(ProblemKind::Unreachable, "Unable to reach server. Please try again later.")
}

/// An interview with an answer being sent.
fn submitting() -> Script {
    let mut script = Script::in_interview(data::begun());
    script.paste(data::ANSWER).press("ctrl-d").press("enter");
    script
}

fn keys_sent(script: &mut Script) -> Vec<String> {
    let key = |effect| match effect {
        Effect::Submit(draft) => Some(draft.key),
        _ => None,
    };
    script.effects().into_iter().filter_map(key).collect()
}

#[test]
fn an_answer_is_sent_again_with_the_same_key_until_the_server_has_it() {
    let mut script = submitting();
    let [key] = keys_sent(&mut script).try_into().unwrap();
    script.reply(Reply::Submitted(ID, Err(unreachable())));
    assert_eq!(script.model.drafts.queued().count(), 1);
    script.wait(999);
    assert_eq!(keys_sent(&mut script), [""; 0]);
    script.wait(1);
    assert_eq!(keys_sent(&mut script), std::slice::from_ref(&key));
    script.wait(60_000);
    assert_eq!(keys_sent(&mut script), [""; 0], "one at a time");
    script.reply(Reply::Submitted(ID, Err(Problem::timeout()))).wait(2_000);
    assert_eq!(keys_sent(&mut script), [key]);
    script.reply(Reply::Submitted(ID, Ok(702)));
    assert!(script.model.drafts.by_id.is_empty());
    assert_eq!(script.model.being_evaluated(), 2);
    assert!(script.model.notice.as_ref().unwrap().text.contains("your answer was sent"));
}

#[test]
fn any_reply_from_the_server_sends_what_waits() {
    let mut script = submitting();
    script.reply(Reply::Submitted(ID, Err(unreachable()))).quietly();
    script.reply(Reply::Watch { interview: 7, news: WatchNews::Live });
    assert_eq!(keys_sent(&mut script).len(), 1);
    assert!(matches!(script.model.link.state, LinkState::Up));
}

#[test]
fn a_server_that_replies_with_an_internal_error_is_not_asked_in_a_loop() {
    let mut script = submitting();
    script.quietly();
    script.reply(Reply::Submitted(ID, Err(Problem::new(ProblemKind::Server, "Went wrong."))));
    assert_eq!(keys_sent(&mut script), [""; 0]);
    script.wait(1_000);
    assert_eq!(keys_sent(&mut script).len(), 1);
}

#[test]
fn a_queued_answer_cannot_be_changed_because_its_key_belongs_to_its_text() {
    let mut script = submitting();
    script.reply(Reply::Submitted(ID, Err(unreachable()))).press("alt-p");
    assert_eq!(script.model.context(), Context::Reading);
    script.press("t");
    assert_eq!(script.model.context(), Context::Reading);
}

#[test]
fn the_list_is_reloaded_automatically() {
    let mut script = Script::at_dashboard(data::history());
    script.press("f5").quietly();
    script.reply(Reply::Interviews { first: true, page: Err(unreachable()) });
    assert_eq!(script.model.dashboard.visible().len(), 5, "the old list stays");
    script.wait(1_000);
    assert_eq!(script.effects(), [Effect::LoadInterviews(String::new())]);
}

#[test]
fn a_server_that_cannot_start_can_be_retried() {
    let mut script = Script::new();
    let problem = Problem::new(ProblemKind::Local, "The database is locked.");
    script.reply(Reply::Connected(Err(problem)));
    assert_eq!(script.model.context(), Context::Fault);
    script.press("r");
    assert_eq!(script.effects(), [Effect::Connect]);
    script.reply(Reply::Connected(Ok(Account::Owner)));
    assert_eq!(script.model.context(), Context::Dashboard);
}

#[test]
fn answers_queued_before_a_session_ended_are_sent_after_signing_in() {
    let mut script = submitting();
    script.model.server = Some("viva.example.org".into());
    script.reply(Reply::Submitted(ID, Err(Problem::sign_in()))).quietly();
    assert_eq!(script.model.context(), Context::SignIn);
    script.reply(Reply::SignedIn(Ok(Account::Named("ana".into()))));
    assert_eq!(keys_sent(&mut script).len(), 1);
}

#[test]
fn a_built_in_server_that_never_showed_a_list_has_not_worked() {
    let full = Problem::new(ProblemKind::Server, "Viva's database cannot be used: disk is full.");
    let mut script = Script::new();
    script.reply(Reply::Connected(Ok(Account::Owner)));
    assert!(!script.model.never_worked(), "nothing has failed yet");
    script.reply(Reply::Interviews { first: true, page: Err(full.clone()) });
    assert!(script.model.never_worked());
    script.list(data::history());
    script.reply(Reply::Interviews { first: true, page: Err(full) });
    assert!(!script.model.never_worked(), "it has worked before");
    let mut script = Script::on(Some("http://127.0.0.1:9"));
    script.reply(Reply::Connected(Ok(Account::Named("ada".into()))));
    script.reply(Reply::Interviews { first: true, page: Err(unreachable()) });
    assert!(!script.model.never_worked(), "a remote server that is away is waited for");
}
