//! The forms: a new interview, signing in, registering.

use viva_proto::v1::{
    CreateInterviewResponse, Interview, Level, PreviewInterviewResponse, Template,
};

use crate::{
    drafts::{Draft, DraftId, Kept, Ownership, Stage},
    effect::{Effect, Password},
    keys::Context,
    model::{Screen, link::Account, new_interview::Field, sign_in::Field as SignInField},
    msg::Reply,
    problem::{Problem, ProblemKind, Violation},
    testing::{Script, data},
};

fn created(script: &mut Script) -> Vec<viva_proto::v1::CreateInterviewRequest> {
    let request = |effect| match effect {
        Effect::Create(request) => Some(*request),
        _ => None,
    };
    script.effects().into_iter().filter_map(request).collect()
}

fn form() -> Script {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(data::templates())));
    script
}

/// The interview that the server creates.
fn made() -> Interview {
    let fresh = data::fresh();
    Interview {
        id: 7,
        role: fresh.role,
        level: fresh.level,
        questions: fresh.questions.into_iter().filter_map(|slot| slot.question).collect(),
        ..Interview::default()
    }
}

#[test]
fn a_new_interview_is_requested_as_filled_in() {
    let mut script = form();
    script.types("Rust backend engineer").press("tab").press("right").press("tab");
    script.press("left").press("left").press("tab").press("tab").press("right").press("space");
    script.press("tab").press("tab").paste("We look for\r\nsomeone").press("ctrl-d");
    let [request] = created(&mut script).try_into().unwrap();
    assert_eq!(request.role, "Rust backend engineer");
    assert_eq!(request.level(), Level::Senior);
    assert_eq!(request.num_questions, 3);
    assert_eq!(request.topics, ["concurrency"]);
    assert_eq!(request.job_description, "We look for\nsomeone");
    assert!(!request.idempotency_key.is_empty());
    script.press("ctrl-d");
    assert_eq!(created(&mut script), [], "one request at a time");
}

#[test]
fn a_repeated_request_has_the_same_key_and_another_request_a_new_one() {
    let mut script = form();
    script.types("Backend").press("enter");
    let [first] = created(&mut script).try_into().unwrap();
    script.reply(Reply::Created(Err(Problem::timeout()))).press("enter");
    let [again] = created(&mut script).try_into().unwrap();
    assert_eq!(again, first);
    script.reply(Reply::Created(Err(Problem::timeout()))).types("!").press("enter");
    let [other] = created(&mut script).try_into().unwrap();
    assert_ne!(other.idempotency_key, first.idempotency_key);
}

#[test]
fn a_servers_template_is_requested_by_id_and_your_own_by_its_order() {
    let mine = Template { id: "own:mine".into(), title: "Mine".into(), ..data::screen() };
    let with = || vec![data::screen(), mine.clone()];
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(with())));
    script.types("phone").press("down").press("enter").press("enter");
    let [request] = created(&mut script).try_into().unwrap();
    assert_eq!((request.role.as_str(), request.num_questions), ("Platform engineer", 2));
    assert_eq!((request.template_id.as_str(), request.parts.len()), ("phone-screen", 0));
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").reply(Reply::Templates(Ok(with())));
    script.types("mine").press("down").press("enter").press("enter");
    let [request] = created(&mut script).try_into().unwrap();
    assert_eq!((request.template_id.as_str(), &request.parts), ("", &mine.parts));
    assert_eq!(request.level(), Level::Senior);
}

#[test]
fn faults_in_your_own_templates_are_reported() {
    let mut script = form();
    script.reply(Reply::TemplateFaults(vec!["a.toml: x: id: must be kebab-case".into()]));
    assert!(script.screen(80, 24).contains("Skipped among your templates: a.toml: x: id"));
}

#[test]
fn a_suggestion_fills_the_form_until_typing_changes_it() {
    let mut script = form();
    script.types("systems").press("down").press("enter");
    assert_eq!(created(&mut script), [], "the first Enter takes the suggestion");
    script.press("enter");
    let [request] = created(&mut script).try_into().unwrap();
    assert_eq!((request.role.as_str(), request.level()), ("Systems engineer", Level::Senior));
    assert_eq!(request.template_id, "systems-engineer-21");
    script.reply(Reply::Created(Err(Problem::timeout()))).types("s").press("enter");
    let [request] = created(&mut script).try_into().unwrap();
    assert_eq!((request.role.as_str(), request.template_id.as_str()), ("Systems engineers", ""));
}

#[test]
fn a_violation_is_shown_at_its_field() {
    let mut script = form();
    script.press("enter");
    assert!(script.model.form.as_ref().unwrap().faults.contains_key(&Field::Role));
    script.types("x").press("enter");
    let mut problem = Problem::new(ProblemKind::Validation, "Invalid request");
    let violation = Violation { field: "topics[3]".into(), message: "at most 10".into() };
    problem.violations = vec![violation];
    script.reply(Reply::Created(Err(problem)));
    let form = script.model.form.as_ref().unwrap();
    assert_eq!((form.field, form.faults[&Field::Topics].as_str()), (Field::Topics, "at most 10"));
    assert_eq!(form.role.text(), "x");
}

#[test]
fn a_created_interview_opens_at_its_first_question_with_the_servers_notice() {
    let mut script = form();
    script.types("Backend engineer").press("enter").quietly();
    let notice = "The model could not be reached; the bank was used.".to_owned();
    let reply = CreateInterviewResponse { interview: Some(made()), notice: notice.clone() };
    script.reply(Reply::Created(Ok(reply)));
    assert_eq!(script.model.context(), Context::Writing);
    assert_eq!(script.model.notice.as_ref().unwrap().text, notice);
    assert_eq!(script.effects(), [Effect::Watch(7)]);
}

#[test]
fn a_notice_from_the_server_stays_until_it_is_closed() {
    let mut script = form();
    script.types("Backend engineer").press("enter");
    let notice = "The bank was used.".into();
    let reply = CreateInterviewResponse { interview: Some(made()), notice };
    script.reply(Reply::Created(Ok(reply))).wait(3_600_000);
    assert!(script.model.notice.is_some());
    script.press("esc");
    assert_eq!((&script.model.notice, script.model.screen), (&None, Screen::Interview));
}

#[test]
fn esc_stops_waiting_for_a_new_interview_and_the_next_request_has_the_same_key() {
    let mut script = form();
    script.types("Backend engineer").press("enter");
    let [first] = created(&mut script).try_into().unwrap();
    script.wait(12_000).press("esc");
    assert_eq!(script.effects(), [Effect::StopCreating]);
    assert_eq!(script.model.screen, Screen::NewInterview, "the form is kept");
    let said = script.screen(80, 24);
    assert!(said.contains("Stopped waiting.") && !said.contains("12 s"), "{said}");
    script.press("enter");
    let [again] = created(&mut script).try_into().unwrap();
    assert_eq!(again, first, "the server returns the interview that it created meanwhile");
}

#[test]
fn an_interview_that_is_no_longer_awaited_opens_nothing_and_is_in_the_list() {
    let mut script = form();
    script.types("Backend engineer").press("enter").press("esc").quietly();
    let reply = CreateInterviewResponse { interview: Some(made()), notice: String::new() };
    script.reply(Reply::Created(Ok(reply)));
    assert_eq!(script.model.screen, Screen::NewInterview);
    script.press("esc").press("esc");
    assert_eq!(script.model.screen, Screen::Dashboard);
    assert_eq!(script.effects(), [Effect::LoadInterviews(String::new())]);
}

#[test]
fn the_form_starts_with_the_last_role_and_typing_replaces_it() {
    let mut script = Script::at_dashboard(data::history());
    script.press("n");
    assert_eq!(script.model.form.as_ref().unwrap().role.text(), "Rust backend engineer");
    script.types("D");
    assert_eq!(script.model.form.as_ref().unwrap().role.text(), "D");
}

fn signing_in() -> Script {
    let mut script = Script::on(Some("viva.example.org"));
    script.reply(Reply::Connected(Ok(Account::Nobody)));
    script
}

#[test]
fn signing_in_sends_what_was_typed_and_then_loads_everything() {
    let mut script = signing_in();
    script.types("ana").press("tab").types("secret word").press("enter");
    let password = Password("secret word".into());
    assert_eq!(script.effects(), [Effect::SignIn { username: "ana".into(), password }]);
    script.reply(Reply::SignedIn(Ok(Account::Named("ana".into()))));
    assert_eq!(script.effects(), [Effect::LoadDrafts, Effect::LoadInterviews(String::new())]);
    assert_eq!(script.model.context(), Context::Dashboard);
}

#[test]
fn a_wrong_password_is_reported_and_only_the_password_is_cleared() {
    let mut script = signing_in();
    script.types("ana").press("tab").types("wrong").press("enter");
    let problem = Problem::new(ProblemKind::Credentials, "Invalid username or password");
    script.reply(Reply::SignedIn(Err(problem)));
    let form = script.model.sign_in.as_ref().unwrap();
    assert_eq!(form.message.as_deref(), Some("Invalid username or password"));
    assert_eq!((form.field, form.username.text().as_str()), (SignInField::Password, "ana"));
    assert!(form.password.is_blank());
}

#[test]
fn registering_checks_each_field_with_the_messages_of_the_original_design() {
    let mut script = signing_in();
    script.press("ctrl-n").press("enter");
    let faults = |script: &Script| script.model.sign_in.as_ref().unwrap().faults.clone();
    assert_eq!(faults(&script).len(), 3);
    for wrong in ["ana", "ana@", "@example.org", "ana@example", "a na@example.org", "a@b@c.d"] {
        let mut script = signing_in();
        script.press("ctrl-n").types("ana").press("tab").types(wrong).press("tab").types("short");
        script.press("enter");
        assert_eq!(faults(&script)[&SignInField::Email], "Please enter a valid email address");
        let password = &faults(&script)[&SignInField::Password];
        assert_eq!(password, "Password must be at least 8 characters");
    }
    script.types("ana").press("tab").types("ana@example.org").press("tab").types("long enough");
    script.press("enter");
    assert!(matches!(script.effects().as_slice(), [Effect::Register { .. }]));
}

#[test]
fn an_ended_session_leads_to_sign_in_and_back_and_keeps_the_text() {
    let mut script = Script::in_interview(data::begun());
    script.model.server = Some("viva.example.org".into());
    script.types("half a sentence");
    script.reply(Reply::Retried(Err(Problem::sign_in())));
    assert_eq!(script.model.context(), Context::SignIn);
    script.types("ana").press("tab").types("secret word").press("enter").quietly();
    script.reply(Reply::SignedIn(Ok(Account::Named("ana".into()))));
    assert_eq!(script.model.screen, Screen::Interview);
    let open = script.model.open.as_ref().unwrap();
    assert_eq!(open.editor().unwrap().text(), "half a sentence");
    assert!(script.effects().contains(&Effect::Watch(7)), "the stream is reopened");
}

#[test]
fn esc_keeps_the_form_until_an_interview_is_started_from_it() {
    let mut script = form();
    script.types("Rust engineer").press("tab").press("right").press("tab").press("left");
    script
        .press("tab")
        .press("tab")
        .press("tab")
        .press("tab")
        .paste("We look for someone")
        .quietly()
        .press("esc");
    assert_eq!(script.model.screen, Screen::Dashboard);
    let kept = script.effects();
    assert!(matches!(&kept[..], [Effect::SaveDraft(draft)] if draft.text == "We look for someone"));
    script.press("n");
    let form = script.model.form.as_ref().unwrap();
    assert_eq!(
        (form.role.text(), form.advert.text()),
        ("Rust engineer".into(), "We look for someone".into())
    );
    assert_eq!((form.level, form.questions), (Level::Senior, 4));
    script.press("ctrl-d");
    let response = CreateInterviewResponse { interview: Some(made()), notice: String::new() };
    script.quietly().reply(Reply::Created(Ok(response)));
    assert!(script.effects().contains(&Effect::RemoveDraft(DraftId::ADVERT)));
    script.press("esc").press("n");
    assert!(script.model.form.as_ref().unwrap().advert.is_blank());
}

#[test]
fn an_advert_of_an_earlier_run_is_restored_in_the_form() {
    let mut script = Script::at_dashboard(Vec::new());
    let draft = Draft {
        id: DraftId::ADVERT,
        key: "k".into(),
        stage: Stage::Writing,
        text: "We look for someone".into(),
        elapsed_ms: 0,
        saved_at_ms: 0,
    };
    let kept = Kept { draft, name: "0-0.json".into(), ownership: Ownership::Beside };
    script.reply(Reply::Drafts(Ok(vec![kept]))).press("n");
    assert_eq!(script.model.form.as_ref().unwrap().advert.text(), "We look for someone");
}

#[test]
fn a_form_that_another_window_used_says_so_and_can_create_one_more() {
    let mut script = form();
    script.types("Backend").press("enter");
    let [first] = created(&mut script).try_into().unwrap();
    let problem = Problem::new(ProblemKind::Conflict, "Something else was sent");
    script.reply(Reply::Created(Err(problem)));
    assert!(script.model.notice.as_ref().unwrap().text.contains("it is in your list"));
    script.press("esc").press("enter");
    let [second] = created(&mut script).try_into().unwrap();
    assert_ne!(first.idempotency_key, second.idempotency_key);
}

fn previewed(script: &mut Script) -> Vec<viva_proto::v1::CreateInterviewRequest> {
    let request = |effect| match effect {
        Effect::Preview(request) => Some(*request),
        _ => None,
    };
    script.effects().into_iter().filter_map(request).collect()
}

fn preview(level: Level, role_level: Level, notice: &str) -> PreviewInterviewResponse {
    PreviewInterviewResponse {
        level: level.into(),
        role_level: role_level.into(),
        summary: "37 questions fit: Rust and Concurrency.".into(),
        notice: notice.into(),
        ..PreviewInterviewResponse::default()
    }
}

#[test]
fn a_preview_is_requested_after_a_pause_and_stale_replies_are_ignored() {
    let mut script = form();
    script.types("Ru").wait(299).types("st").wait(299);
    assert_eq!(previewed(&mut script), [], "typing continues");
    script.wait(1);
    let [first] = previewed(&mut script).try_into().unwrap();
    assert_eq!((first.role.as_str(), first.level()), ("Rust", Level::Unspecified));
    script.wait(1_000);
    assert_eq!(previewed(&mut script), [], "once is enough");
    script.types(" lead").wait(0).wait(300);
    let [second] = previewed(&mut script).try_into().unwrap();
    let reply = Ok(Box::new(preview(Level::Mid, Level::Unspecified, "")));
    script.reply(Reply::Previewed { request: Box::new(first), reply });
    let form = script.model.form.as_ref().unwrap();
    assert_eq!(form.preview.of(&form.request(&[])), None);
    let reply = Ok(Box::new(preview(Level::Senior, Level::Senior, "")));
    script.reply(Reply::Previewed { request: Box::new(second), reply });
    let form = script.model.form.as_ref().unwrap();
    assert!(form.preview.of(&form.request(&[])).is_some());
    assert_eq!(form.level, Level::Senior, "the role says so");
    script.press("tab").press("left").press("left").wait(0).wait(300);
    let [third] = previewed(&mut script).try_into().unwrap();
    assert_eq!(third.level(), Level::Junior);
    let reply = Ok(Box::new(preview(Level::Junior, Level::Senior, "The role says senior.")));
    script.reply(Reply::Previewed { request: Box::new(third), reply });
    assert_eq!(script.model.form.as_ref().unwrap().level, Level::Junior, "it was chosen");
}

#[test]
fn a_level_in_the_role_overrides_the_last_interviews_level() {
    let mut script = Script::at_dashboard(vec![made()]);
    let last = made().level();
    script.press("n").reply(Reply::Templates(Ok(data::templates())));
    script.types("Staff SRE").wait(0).wait(300);
    let [first] = previewed(&mut script).try_into().unwrap();
    assert_eq!(first.level(), last);
    let reply = Ok(Box::new(preview(last, Level::Staff, "The role says staff.")));
    script.reply(Reply::Previewed { request: Box::new(first), reply });
    script.wait(0).wait(300);
    let [second] = previewed(&mut script).try_into().unwrap();
    assert_eq!(second.level(), Level::Staff);
}

#[test]
fn a_server_without_previews_does_not_hinder_the_form() {
    let mut script = form();
    script.types("Rust").wait(0).wait(300);
    let [request] = previewed(&mut script).try_into().unwrap();
    let reply = Err(Problem::new(ProblemKind::Server, "AddFollowUp is not there."));
    script.reply(Reply::Previewed { request: Box::new(request), reply });
    assert!(script.model.notice.is_none());
    script.press("enter");
    assert_eq!(created(&mut script).len(), 1);
}
