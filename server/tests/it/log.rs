//! The log of a real server at trace level: each line of a call names its caller, none is forged,
//! and none holds a secret or a candidate's text.

use nix::sys::signal::Signal;
use serde_json::Value;
use tonic::Request;
use viva_fake_model::{FakeModel, Script};
use viva_proto::v1::{self, EvaluationStatus};

use crate::support::{PASSWORD, Person, program::Program, with_token};

const MODEL_KEY: &str = "sk-canary-model-key-0001";
const SECRET_KEY: &str = "canary-signing-key-of-32-bytes-or-more";
const PREVIOUS_KEY: &str = "canary-former-key-of-32-bytes-or-more";

/// An answer that imitates lines of the log in both formats.
const ANSWER: &str = "canary-answer measures first.\r\n\
    {\"timestamp\":\"2026-11-23T08:00:00Z\",\"level\":\"ERROR\",\"message\":\"canary-forged\"}\r\n\
    2026-11-23T08:00:00.000000Z ERROR viva_server: canary-forged\n\u{1b}[31mcanary-escape";

/// What must not be in a log, in addition to a session's tokens.
const CANARIES: [&str; 16] = [
    "canary-answer",
    "canary-forged",
    "canary-escape",
    "canary-advert",
    "canary-wrong-password",
    "canary-new-password",
    "canary-delete-password",
    "canary-long-password",
    "canary-typed-as-a-name",
    "canary-bearer",
    "canary-basic",
    "canary-refresh",
    "canary-access",
    "canary-mail",
    "canaryname",
    "canary-line",
];

/// Makes every call that takes a secret or a text; returns the secrets that it created.
async fn practise(program: &Program) -> Vec<String> {
    let channel = program.channel().await;
    let mut auth = v1::auth_service_client::AuthServiceClient::new(channel.clone());
    let request = v1::RegisterRequest {
        username: "canaryname".into(),
        email: "canary-mail@corpus.example".into(),
        password: PASSWORD.into(),
    };
    auth.register(request.clone()).await.unwrap();
    auth.register(request).await.unwrap_err();
    let wrong = v1::LoginRequest {
        username: "canaryname".into(),
        password: "canary-wrong-password".into(),
    };
    auth.login(wrong).await.unwrap_err();
    // Some people type their password into the name field.
    let misplaced = v1::LoginRequest {
        username: "canary-typed-as-a-name".into(),
        password: "canary-wrong-password".into(),
    };
    auth.login(misplaced).await.unwrap_err();
    let long = v1::RegisterRequest {
        password: "canary-long-password".repeat(10),
        ..request_of_another("canaryname2")
    };
    auth.register(long).await.unwrap_err();
    let right = v1::LoginRequest { username: "canaryname".into(), password: PASSWORD.into() };
    let first = auth.login(right).await.unwrap().into_inner().session.unwrap();
    let refresh = |token: &str| v1::RefreshRequest { refresh_token: token.into() };
    auth.refresh(refresh("canary-refresh-token")).await.unwrap_err();
    let second = auth.refresh(refresh(&first.refresh_token)).await.unwrap();
    let second = second.into_inner().session.unwrap();
    let renewed = auth.refresh(refresh(&second.refresh_token)).await.unwrap();
    let session = renewed.into_inner().session.unwrap();
    auth.get_me(with_token(v1::GetMeRequest {}, "canary-access-token")).await.unwrap_err();

    let ada = Person { channel, session: session.clone() };
    let request = v1::CreateInterviewRequest {
        role: "Backend engineer".into(),
        num_questions: 1,
        job_description: "canary-advert\r\ncanary-line".into(),
        idempotency_key: "canary-line-key".into(),
        ..Default::default()
    };
    let mut request = ada.ask(request);
    request.metadata_mut().insert("x-request-id", "r-1 level=ERROR canary-line".parse().unwrap());
    let made = ada.interviews().create_interview(request).await.unwrap();
    let interview = made.into_inner().interview.unwrap();
    ada.submit(&interview, 0, ANSWER).await.unwrap();
    let settled = ada.settled(interview.id).await;
    assert_eq!(settled[0].answer_text, ANSWER);
    assert_eq!(settled[0].evaluation.as_ref().unwrap().status(), EvaluationStatus::Completed);
    ada.report(interview.id).await.unwrap();
    own_account(&ada).await;
    // Using the old token again ends the session, which is logged.
    auth.refresh(refresh(&first.refresh_token)).await.unwrap_err();
    [first, second, session]
        .into_iter()
        .flat_map(|session| [session.access_token, session.refresh_token])
        .collect()
}

fn request_of_another(username: &str) -> v1::RegisterRequest {
    v1::RegisterRequest {
        username: username.into(),
        email: "canary-mail-2@corpus.example".into(),
        password: PASSWORD.into(),
    }
}

/// Makes every call that takes a signed-in person's password, and calls with other credentials.
async fn own_account(ada: &Person) {
    let change = |current: &str, new: &str| {
        let (current_password, new_password) = (current.into(), new.into());
        v1::ChangePasswordRequest { current_password, new_password, revoke_api_keys: false }
    };
    let mut auth = ada.auth();
    let wrong = change("canary-wrong-password", "canary-new-password");
    auth.change_password(ada.ask(wrong)).await.unwrap_err();
    let bad = change(PASSWORD, &"canary-long-password".repeat(10));
    auth.change_password(ada.ask(bad)).await.unwrap_err();
    let right = change(PASSWORD, "canary-new-password");
    auth.change_password(ada.ask(right)).await.unwrap();
    let delete = v1::DeleteAccountRequest { password: "canary-delete-password".into() };
    auth.delete_account(ada.ask(delete)).await.unwrap_err();
    let mut export =
        auth.export_account(ada.ask(v1::ExportAccountRequest {})).await.unwrap().into_inner();
    while export.message().await.unwrap().is_some() {}
    for credential in ["Bearer canary-bearer", "Basic canary-basic"] {
        let mut request = Request::new(v1::GetMeRequest {});
        request.metadata_mut().insert("authorization", credential.parse().unwrap());
        auth.get_me(request).await.unwrap_err();
    }
}

/// The log, in this format, of a server on which every kind of call was made.
async fn log_of_everything(format: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let url = model.url();
    let settings = [
        ("LLM_API_URL", url.as_str()),
        ("LLM_MODEL", "corpus-1"),
        ("LLM_API_KEY", MODEL_KEY),
        ("SECRET_KEY", SECRET_KEY),
        ("SECRET_KEY_PREVIOUS", PREVIOUS_KEY),
        ("RUST_LOG", "trace"),
        ("LOG_FORMAT", format),
    ];
    let program = Program::serve(home.path(), &settings);
    let secrets = practise(&program).await;
    program.signal(Signal::SIGTERM);
    let (status, log) = program.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(log.lines().count() > 500, "{} lines", log.lines().count());
    let made = secrets.iter().map(String::as_str);
    for secret in made.chain(CANARIES).chain([MODEL_KEY, SECRET_KEY, PREVIOUS_KEY, PASSWORD]) {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
    log
}

#[tokio::test]
async fn as_json_every_line_of_a_call_names_its_caller_and_none_holds_a_secret() {
    let log = log_of_everything("json").await;
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        for field in ["timestamp", "level", "module"] {
            assert!(line[field].is_string(), "{field} of {line}");
        }
        let is_ours = line["module"].as_str().unwrap().starts_with("viva_server");
        assert!(!is_ours || line["message"].is_string(), "{line}");
    }
    let ends: Vec<_> = lines.iter().filter(|line| line["message"] == "the call ended").collect();
    let end_of = |rpc: &str, code: &str| {
        let found = ends.iter().find(|line| line["rpc"] == rpc && line["code"] == code);
        *found.unwrap_or_else(|| panic!("no end of {rpc} with {code}"))
    };
    let submit = end_of("viva.v1.AnswerService/SubmitAnswer", "OK");
    assert_eq!((&submit["user_id"], &submit["level"]), (&1.into(), &"DEBUG".into()));
    assert!(submit["duration_ms"].is_u64() && submit["request_id"].is_string(), "{submit}");
    let made = end_of("viva.v1.InterviewService/CreateInterview", "OK");
    assert_eq!(made["request_id"].as_str().unwrap().len(), 16, "a harmful id is replaced");
    let denied = end_of("viva.v1.AuthService/Login", "UNAUTHENTICATED");
    assert_eq!(denied["user_id"], Value::Null, "the caller is not known");
    assert_eq!(end_of("viva.v1.AuthService/Login", "OK")["user_id"], 1);

    let calls = lines.iter().filter(|line| line["rpc"].is_string());
    let nameless: Vec<_> = calls.filter(|line| !line["request_id"].is_string()).collect();
    assert!(nameless.is_empty(), "{nameless:?}");
    let attempt = lines.iter().find(|line| line["message"] == "the attempt has ended").unwrap();
    assert_eq!((&attempt["answer.id"], &attempt["attempt"]), (&1.into(), &1.into()));
    assert_eq!(attempt["user_id"], 1);
    let model = lines.iter().filter(|line| line["message"] == "the language model replied");
    let of_answer: Vec<_> = model.filter(|line| line["answer.id"] == 1).collect();
    assert!(!of_answer.is_empty(), "a model reply about an answer names the answer");
}

#[tokio::test]
async fn as_text_no_line_is_forged_and_none_holds_a_secret() {
    let log = log_of_everything("text").await;
    for line in log.lines() {
        let (time, rest) = line.trim_start().split_once(' ').unwrap_or_default();
        let is_time = time.len() == 27 && time.starts_with("20") && time.ends_with('Z');
        let level = rest.trim_start().split(' ').next().unwrap_or_default();
        let is_level = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].contains(&level);
        assert!(is_time && is_level, "not a line that the log wrote: {line:?}");
    }
    let submit = log.lines().find(|line| {
        line.contains("AnswerService/SubmitAnswer") && line.contains("the call ended")
    });
    let submit = submit.unwrap();
    assert!(submit.contains("request_id=") && submit.contains("user_id=1"), "{submit}");
}

#[tokio::test]
async fn an_internal_error_is_logged_under_the_request_id_that_the_caller_gets() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[]);
    let ada = Person::register(program.channel().await, "ada").await;
    let database = crate::support::database::file(home.path());
    // The server's table disappears while it runs.
    crate::support::database::run(&database, "DROP TABLE answers").await;
    let mut request: Request<_> = ada.ask(v1::GetAnswerStatusRequest { answer_id: 1 });
    request.metadata_mut().insert("x-request-id", "mine-7".parse().unwrap());
    let error = ada.answers().get_answer_status(request).await.unwrap_err();
    assert_eq!(error.metadata().get("x-request-id").unwrap(), "mine-7");
    program.signal(Signal::SIGTERM);
    let (_, log) = program.ended().await;
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mine: Vec<_> = lines.filter(|line| line["request_id"] == "mine-7").collect();
    let levels: Vec<_> = mine.iter().map(|line| line["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["ERROR", "WARN"], "{mine:?}");
    assert!(mine[0]["cause"].as_str().unwrap().contains("answers"), "{mine:?}");
    assert_eq!((&mine[1]["code"], &mine[1]["user_id"]), (&"INTERNAL".into(), &1.into()));
}
