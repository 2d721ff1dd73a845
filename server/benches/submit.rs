//! How long a submit takes to be acknowledged, with nothing queued and while 500 queued evaluations
//! are being worked off at full speed.
//!
//!     cargo bench -p viva-server --bench submit
//!     scripts/with-postgres cargo bench -p viva-server --bench submit     # on PostgreSQL, too
//!
//! That script's PostgreSQL does not wait for its disk; SQLite does.

use std::{
    error::Error,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{Connection, Executor, PgConnection};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{
    Request,
    metadata::MetadataValue,
    transport::{Channel, server::TcpIncoming},
};
use viva_proto::v1::{
    self, answer_service_client::AnswerServiceClient,
    interview_service_client::InterviewServiceClient,
};
use viva_server::{
    auth::signing_key::SigningKey,
    domain::id::InterviewId,
    examiner::Examiner,
    startup::app::App,
    startup::defaults,
    storage::{
        Store,
        postgres::{PostgresOptions, PostgresStore, PostgresUrl},
        sqlite::{SqliteOptions, SqliteStore},
    },
};

const QUEUED: usize = 500;
const SAMPLES: usize = 400;
const ANSWER: &str = "I would measure first, because guesses mislead: look at where time goes, \
                      form one hypothesis, change one thing, and measure again under the same load.";

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

struct Bench {
    token: String,
    channel: Channel,
    store: Arc<dyn Store>,
}

impl Bench {
    fn ask<T>(&self, message: T) -> Result<Request<T>> {
        let mut request = Request::new(message);
        let value = MetadataValue::try_from(format!("Bearer {}", self.token))?;
        request.metadata_mut().insert("authorization", value);
        Ok(request)
    }

    async fn interview(&self) -> Result<v1::Interview> {
        let request = v1::CreateInterviewRequest {
            role: "Backend engineer".into(),
            num_questions: 10,
            ..Default::default()
        };
        let mut client = InterviewServiceClient::new(self.channel.clone());
        let reply = client.create_interview(self.ask(request)?).await?.into_inner();
        reply.interview.ok_or_else(|| "no interview".into())
    }

    /// Submits one answer and returns the time until it was acknowledged.
    async fn submit(&self, interview: &v1::Interview, at: usize) -> Result<Duration> {
        let request = self.ask(v1::SubmitAnswerRequest {
            interview_id: interview.id,
            question_id: interview.questions[at % interview.questions.len()].id,
            answer_text: ANSWER.into(),
            ..Default::default()
        })?;
        let mut client = AnswerServiceClient::new(self.channel.clone());
        let began = Instant::now();
        client.submit_answer(request).await?;
        Ok(began.elapsed())
    }

    async fn is_settled(&self, interview: &v1::Interview) -> Result<bool> {
        let answers = self.store.latest_answers(InterviewId::new(interview.id)).await?;
        Ok(!answers.iter().any(|answer| answer.evaluation.is_pending()))
    }
}

async fn start(store: Arc<dyn Store>, working: bool) -> Result<(Bench, CancellationToken)> {
    let mut settings = defaults::app_settings(None);
    if !working {
        settings.worker = None;
    }
    let key = SigningKey::parse("a key for benchmarks, at least 32 bytes")?;
    let app = App::new(store.clone(), Examiner::of(None, store.clone())?, &key, settings)?;
    let token = app.accounts().open_owner_session().await.map_err(|e| format!("{e:?}"))?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let stop = CancellationToken::new();
    tokio::spawn(app.serve(TcpIncoming::from(listener), stop.clone().cancelled_owned()));
    let channel = Channel::from_shared(url)?.connect().await?;
    Ok((Bench { token: token.access.token, channel, store }, stop))
}

fn report(name: &str, mut samples: Vec<Duration>) -> f64 {
    samples.sort();
    let at =
        |hundredths: usize| samples[(samples.len() - 1) * hundredths / 100].as_secs_f64() * 1e3;
    println!("{name:<34} n {:>4}  median {:.2} ms  p99 {:.2} ms", samples.len(), at(50), at(99));
    at(50)
}

/// Measures on the store that `open` opens, once idle and once busy.
async fn measure<O, F>(name: &str, open: O) -> Result<()>
where
    O: Fn() -> F,
    F: Future<Output = Result<Arc<dyn Store>>>,
{
    println!("{name}");
    // Without a worker, submits pile up: the first samples are taken while nothing is evaluated.
    let (bench, stop) = start(open().await?, false).await?;
    let interview = bench.interview().await?;
    let mut idle = Vec::new();
    for at in 0..SAMPLES {
        idle.push(bench.submit(&interview, at).await?);
    }
    let mut last = interview;
    for at in 0..QUEUED {
        if at % 10 == 0 {
            last = bench.interview().await?;
        }
        bench.submit(&last, at).await?;
    }
    stop.cancel();

    let (bench, stop) = start(open().await?, true).await?;
    let interview = bench.interview().await?;
    let mut busy = Vec::new();
    while !bench.is_settled(&last).await? {
        busy.push(bench.submit(&interview, busy.len()).await?);
    }
    stop.cancel();
    let (idle, busy) =
        (report("nothing evaluated", idle), report("over 500 evaluations queued", busy));
    println!("ratio of the medians {:.2}", busy / idle);
    Ok(())
}

async fn open_sqlite(path: PathBuf) -> Result<Arc<dyn Store>> {
    let options = SqliteOptions { path, query_timeout: Duration::from_secs(5) };
    Ok(Arc::new(SqliteStore::open(options).await?))
}

async fn open_postgres(url: PostgresUrl) -> Result<Arc<dyn Store>> {
    let options = PostgresOptions { url, pool_size: 10, query_timeout: Duration::from_secs(5) };
    Ok(Arc::new(PostgresStore::open(options).await?))
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("viva.db");
    measure("SQLite", || open_sqlite(file.clone())).await?;
    if let Ok(server) = std::env::var("VIVA_TEST_POSTGRES") {
        let (address, _) = server.rsplit_once('/').ok_or("an address without a database")?;
        let mut operator = PgConnection::connect(&server).await?;
        operator.execute("CREATE DATABASE viva_bench").await?;
        let url = PostgresUrl::parse(&format!("{address}/viva_bench")).ok_or("no address")?;
        let measured = measure("PostgreSQL", || open_postgres(url.clone())).await;
        operator.execute("DROP DATABASE viva_bench WITH (FORCE)").await?;
        measured?;
    }
    Ok(())
}
