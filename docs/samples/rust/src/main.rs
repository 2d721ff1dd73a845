//! Practises an interview at a Viva server, and has an answer graded with an API key.
//!
//! `VIVA_URL=http://127.0.0.1:50051 VIVA_USERNAME=ada VIVA_PASSWORD=... cargo run -p viva-sample`

use std::{env, error::Error, time::Duration};

use tonic::{
    Code, Request, Response, Status,
    transport::{Channel, ClientTlsConfig},
};
use tonic_types::StatusExt;
use viva_proto::v1::{
    Answer, CreateApiKeyRequest, CreateInterviewRequest, Evaluation, EvaluationStatus,
    GradeAnswerRequest, Interview, ListInterviewsRequest, LoginRequest, RegisterRequest,
    RevokeApiKeyRequest, RubricPoint, Scope, SubmitAnswerRequest, WatchInterviewRequest,
    answer_service_client::AnswerServiceClient, auth_service_client::AuthServiceClient,
    grade_service_client::GradeServiceClient, interview_service_client::InterviewServiceClient,
};

const DEADLINE: Duration = Duration::from_secs(10);
const TRIES: u32 = 5;
/// To a question that is drawn from the bank. The grader declines what is about something else.
const FIRST: &str = "I would measure first.";
const SPOKEN: &str = "A mutex lets one thread at a time into a critical section. \
                      The others wait until it is released.";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let channel = connect(setting("VIVA_URL")?)?;
    let auth = AuthServiceClient::new(channel.clone());
    let interviews = InterviewServiceClient::new(channel.clone());
    let answers = AnswerServiceClient::new(channel.clone());
    let token = &sign_in(&auth, setting("VIVA_USERNAME")?, setting("VIVA_PASSWORD")?).await?;

    let wanted = CreateInterviewRequest {
        role: "Backend engineer".into(),
        num_questions: 1,
        idempotency_key: new_key(),
        ..Default::default()
    };
    let made = call(async || interviews.clone().create_interview(ask(token, &wanted)).await);
    let interview = made.await?.interview.unwrap_or_default();
    println!("asked: {}", interview.questions[0].text);

    if let Err(error) = submit(&answers, token, &interview, "No idea").await {
        if reason(&error) != "VALIDATION_FAILED" {
            return Err(error.into());
        }
        let broken = error.get_details_bad_request().map(|bad| bad.field_violations);
        for violation in broken.unwrap_or_default() {
            println!("refused: {}: {}", violation.field, violation.description);
        }
    }
    println!("stored answer {}", submit(&answers, token, &interview, FIRST).await?);
    show(&evaluated(&answers, token, interview.id).await?);
    page_through(&interviews, token).await?;
    grade(&auth, GradeServiceClient::new(channel), token).await?;
    Ok(())
}

fn setting(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("please set {name}"))
}

/// Connects on the first call, and again whenever the connection is lost.
fn connect(url: String) -> Result<Channel, Box<dyn Error>> {
    let is_tls = url.starts_with("https:");
    let mut endpoint = Channel::from_shared(url)?;
    if is_tls {
        endpoint = endpoint.tls_config(ClientTlsConfig::new().with_webpki_roots())?;
    }
    Ok(endpoint.connect_lazy())
}

/// A request with a deadline and a credential, which may be empty.
fn ask<T: Clone>(credential: &str, message: &T) -> Request<T> {
    let mut request = Request::new(message.clone());
    request.set_timeout(DEADLINE);
    if let Ok(value) = format!("Bearer {credential}").parse() {
        request.metadata_mut().insert("authorization", value);
    }
    request
}

/// Retries until the outcome is known. Only for reads, and for writes with an idempotency key.
async fn call<T>(rpc: impl AsyncFn() -> Result<Response<T>, Status>) -> Result<T, Status> {
    let mut attempt = 1;
    loop {
        match rpc().await {
            Ok(reply) => return Ok(reply.into_inner()),
            Err(error) if !may_pass(&error) || attempt == TRIES => return Err(error),
            Err(error) => {
                let asked = error.get_details_retry_info().and_then(|info| info.retry_delay);
                let jitter = Duration::from_millis(100 * 2_u64.pow(attempt));
                tokio::time::sleep(asked.unwrap_or_default() + jitter.mul_f64(rand::random()))
                    .await;
                attempt += 1;
            }
        }
    }
}

/// Whether a retry may help. The last two are what tonic itself returns for a missed deadline and a
/// lost connection.
fn may_pass(error: &Status) -> bool {
    matches!(
        error.code(),
        Code::Unavailable
            | Code::DeadlineExceeded
            | Code::ResourceExhausted
            | Code::Cancelled
            | Code::Unknown
    )
}

fn reason(error: &Status) -> String {
    error.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

fn new_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

async fn sign_in(
    auth: &AuthServiceClient<Channel>,
    username: String,
    password: String,
) -> Result<String, Status> {
    let email = format!("{username}@example.com");
    let account = RegisterRequest { username: username.clone(), email, password: password.clone() };
    match call(async || auth.clone().register(ask("", &account)).await).await {
        Ok(_) => println!("registered {username}"),
        // An earlier attempt may have created the account.
        Err(error) if reason(&error) == "USERNAME_TAKEN" => {}
        Err(error) => return Err(error),
    }
    let login = LoginRequest { username, password };
    let reply = call(async || auth.clone().login(ask("", &login)).await).await?;
    Ok(reply.session.unwrap_or_default().access_token)
}

/// Stores one answer once, however often it has to be sent.
async fn submit(
    answers: &AnswerServiceClient<Channel>,
    token: &str,
    interview: &Interview,
    text: &str,
) -> Result<i64, Status> {
    let request = SubmitAnswerRequest {
        interview_id: interview.id,
        question_id: interview.questions[0].id,
        answer_text: text.into(),
        idempotency_key: new_key(),
        ..Default::default()
    };
    let stored = call(async || answers.clone().submit_answer(ask(token, &request)).await).await?;
    Ok(stored.answer_id)
}

/// Watches until all answers are evaluated, over as many streams as it takes; returns the last.
async fn evaluated(
    answers: &AnswerServiceClient<Channel>,
    token: &str,
    interview_id: i64,
) -> Result<Evaluation, Status> {
    let request = WatchInterviewRequest { interview_id, follow: false };
    let mut last = Answer::default();
    loop {
        let mut stream =
            call(async || answers.clone().watch_interview(ask(token, &request)).await).await?;
        loop {
            match stream.message().await {
                Ok(Some(state)) => {
                    last = state.answer.unwrap_or_default();
                    let evaluation = last.evaluation.clone().unwrap_or_default();
                    println!("answer {} is {}", last.id, name(evaluation.status()));
                }
                Ok(None) => return Ok(last.evaluation.unwrap_or_default()),
                // A new stream starts with the current state, so nothing is missed.
                Err(error) if may_pass(&error) => break,
                Err(error) => return Err(error),
            }
        }
    }
}

fn name(status: EvaluationStatus) -> &'static str {
    status.as_str_name().trim_start_matches("EVALUATION_STATUS_")
}

async fn page_through(
    interviews: &InterviewServiceClient<Channel>,
    token: &str,
) -> Result<(), Status> {
    let (mut pages, mut found) = (0, 0);
    let mut request = ListInterviewsRequest { page_size: 1, page_token: String::new() };
    loop {
        let listed = call(async || interviews.clone().list_interviews(ask(token, &request)).await);
        let page = listed.await?;
        pages += 1;
        found += page.interviews.len();
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    println!("{found} interviews on {pages} pages");
    Ok(())
}

/// Creates a key that may only grade, uses it, and revokes it.
async fn grade(
    auth: &AuthServiceClient<Channel>,
    grader: GradeServiceClient<Channel>,
    token: &str,
) -> Result<(), Status> {
    let key = CreateApiKeyRequest {
        name: "sample".into(),
        scopes: vec![Scope::Grade.into()],
        ..Default::default()
    };
    let made = call(async || auth.clone().create_api_key(ask(token, &key)).await).await?;
    let key = made.api_key.unwrap_or_default();
    let point = |point: &str| RubricPoint { point: point.into(), ..Default::default() };
    let task = GradeAnswerRequest {
        question: "What is a mutex for?".into(),
        key_points: vec![
            point("Only one thread at a time is in the critical section."),
            point("A thread that panics while it holds the lock poisons it."),
        ],
        answer: SPOKEN.into(),
        ..Default::default()
    };
    println!("graded with {}", key.prefix);
    let graded = call(async || grader.clone().grade_answer(ask(&made.secret, &task)).await).await?;
    show(&graded.evaluation.unwrap_or_default());
    let revoked = RevokeApiKeyRequest { api_key_id: key.id };
    call(async || auth.clone().revoke_api_key(ask(token, &revoked)).await).await?;
    Ok(())
}

fn show(evaluation: &Evaluation) {
    let scores = evaluation.scores.unwrap_or_default();
    println!(
        "correctness {:.1}, completeness {:.1}, quality {:.1}, communication {:.1}",
        scores.correctness(),
        scores.completeness(),
        scores.quality(),
        scores.communication()
    );
    for point in evaluation.key_points.iter().filter(|point| point.coverage() < 0.5) {
        println!("missed: {}", point.point);
    }
}
