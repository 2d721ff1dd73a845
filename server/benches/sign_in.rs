//! What a sign-in costs, over the real service. First, how long a refusal takes when the name is
//! known and when it is not: a caller should not be able to tell the two apart. Tests show that both
//! hash and query equally much; this shows the time. Second, what many sign-ins at once do to the
//! memory and to other callers.
//!
//!     cargo bench -p viva-server --bench sign_in

use std::{
    error::Error,
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tonic::{
    Request,
    transport::{Channel, server::TcpIncoming},
};
use viva_proto::v1::{self, auth_service_client::AuthServiceClient};
use viva_server::{
    auth::{password::Passwords, signing_key::SigningKey},
    domain::clock::{Clock, SystemClock},
    examiner::Examiner,
    services::accounts::Accounts,
    startup::app::App,
    startup::defaults,
    storage::{
        Store,
        accounts::NewUser,
        sqlite::{SqliteOptions, SqliteStore},
    },
};

/// Refusals of each kind.
const SAMPLES: usize = 200;

/// Sign-ins at once.
const CROWD: usize = 200;

const PASSWORD: &str = "correct horse 42";

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The time until a wrong password for that name is refused.
async fn refused(channel: &Channel, username: &str) -> Result<Duration> {
    let request = v1::LoginRequest { username: username.into(), password: "wrong".into() };
    let mut auth = AuthServiceClient::new(channel.clone());
    let began = Instant::now();
    match auth.login(request).await {
        Ok(_) => Err("a wrong password was let in".into()),
        Err(_) => Ok(began.elapsed()),
    }
}

/// The given percentile of the sorted samples, in milliseconds.
fn at(sorted: &[Duration], percent: usize) -> f64 {
    sorted[(sorted.len() - 1) * percent / 100].as_secs_f64() * 1e3
}

fn report(name: &str, sorted: &[Duration]) {
    let [p10, median, p90, p99] = [10, 50, 90, 99].map(|percent| at(sorted, percent));
    println!("{name:<14} p10 {p10:.2} ms  median {median:.2} ms  p90 {p90:.2} ms  p99 {p99:.2} ms");
}

/// The distance between the ranks of the two samples, in standard deviations (Mann and Whitney, without
/// ties). Without a difference it exceeds 2.58 in one test of a hundred.
#[expect(clippy::cast_precision_loss, reason = "a few hundred samples")]
fn rank_distance(one: &[Duration], other: &[Duration]) -> f64 {
    let before = |sample: &Duration| other.iter().filter(|theirs| *theirs < sample).count();
    let wins: usize = one.iter().map(before).sum();
    let (n, m) = (one.len() as f64, other.len() as f64);
    (wins as f64 - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt()
}

async fn refusals(channel: &Channel) -> Result<()> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    // Alternating, with each first in turn, so that whatever else the machine does affects both.
    for at in 0..2 * SAMPLES {
        if at % 4 == 0 || at % 4 == 3 {
            known.push(refused(channel, "person0").await?);
        } else {
            unknown.push(refused(channel, "nobody").await?);
        }
    }
    known.sort();
    unknown.sort();
    report("a known name", &known);
    report("an unknown one", &unknown);
    let ratio = at(&known, 50) / at(&unknown, 50);
    let verdict = if (ratio - 1.0).abs() <= 0.1 { "within" } else { "NOT within" };
    let distance = rank_distance(&known, &unknown);
    println!("medians 1 : {ratio:.3}, {verdict} 10 %; ranks {distance:.2} deviations apart");
    Ok(())
}

/// This process's memory, in MiB.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// Signs in all accounts at once while another client calls repeatedly.
async fn crowd(url: &str, accounts: &Accounts, idle: u64) -> Result<()> {
    let other = Channel::from_shared(url.to_owned())?.connect().await?;
    let request = v1::LoginRequest { username: "person0".into(), password: PASSWORD.into() };
    let session = AuthServiceClient::new(other.clone()).login(request).await?.into_inner().session;
    let token = format!("Bearer {}", session.unwrap_or_default().access_token);
    let over = Arc::new(AtomicBool::new(false));
    let calling = tokio::spawn({
        let over = Arc::clone(&over);
        async move {
            let (mut times, mut most) = (Vec::new(), 0);
            while !over.load(Ordering::Relaxed) {
                let mut request = Request::new(v1::GetMeRequest {});
                request.metadata_mut().insert("authorization", token.parse()?);
                let began = Instant::now();
                AuthServiceClient::new(other.clone()).get_me(request).await?;
                times.push(began.elapsed());
                most = most.max(resident());
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Result::Ok((times, most))
        }
    });
    let channel = Channel::from_shared(url.to_owned())?.connect().await?;
    let began = Instant::now();
    let mut logins = JoinSet::new();
    for at in 0..CROWD {
        let mut auth = AuthServiceClient::new(channel.clone());
        let username = format!("person{at}");
        let request = v1::LoginRequest { username, password: PASSWORD.into() };
        logins.spawn(async move { auth.login(request).await });
    }
    for login in logins.join_all().await {
        login?;
    }
    let took = began.elapsed();
    over.store(true, Ordering::Relaxed);
    let (mut times, most) = calling.await??;
    times.sort();
    let figures = accounts.hashing();
    println!(
        "{CROWD} at once     all in after {:.1} s; {} hashed at once of {} places; memory {idle} MiB \
         before the first sign-in, {most} MiB at most",
        took.as_secs_f64(),
        figures.most_at_once,
        figures.slots,
    );
    report("GetMe then", &times);
    Ok(())
}

async fn people(store: &dyn Store) -> Result<()> {
    let hashed_password = Passwords::new()?.hash(PASSWORD).await?;
    for at in 0..CROWD {
        let user = NewUser {
            username: format!("person{at}"),
            email: format!("person{at}@corpus.example"),
            hashed_password: hashed_password.clone(),
            created_at: SystemClock.now(),
        };
        store.create_user(user).await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("viva.db");
    let options = SqliteOptions { path, query_timeout: Duration::from_secs(5) };
    let store = Arc::new(SqliteStore::open(options).await?);
    people(store.as_ref()).await?;
    let key = SigningKey::parse("a key for benchmarks, at least 32 bytes")?;
    let examiner = Examiner::of(None, store.clone())?;
    let app = App::new(store, examiner, &key, defaults::app_settings(None))?;
    let accounts = app.accounts();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let stop = CancellationToken::new();
    let serving =
        tokio::spawn(app.serve(TcpIncoming::from(listener), stop.clone().cancelled_owned()));
    let channel = Channel::from_shared(url.clone())?.connect().await?;
    let idle = resident();
    refusals(&channel).await?;
    crowd(&url, &accounts, idle).await?;
    drop(channel);
    stop.cancel();
    serving.await??;
    Ok(())
}
