//! How long the refusal of a sign-in takes when the name is known and when it is not. The two should
//! not be told apart; the tests show that as much is hashed, and this shows the time.
//!
//!     cargo bench -p viva-server --bench sign_in

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Channel, server::TcpIncoming};
use viva_proto::v1::{self, auth_service_client::AuthServiceClient};
use viva_server::{
    app::App,
    auth::signing_key::SigningKey,
    examiner::Examiner,
    start,
    storage::sqlite::{SqliteOptions, SqliteStore},
};

const SAMPLES: usize = 200;

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

fn report(name: &str, mut samples: Vec<Duration>) {
    samples.sort();
    let at =
        |hundredths: usize| samples[(samples.len() - 1) * hundredths / 100].as_secs_f64() * 1e3;
    println!("{name:<14} p10 {:.2} ms  median {:.2} ms  p90 {:.2} ms", at(10), at(50), at(90));
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("viva.db");
    let options = SqliteOptions { path, query_timeout: Duration::from_secs(5) };
    let store = Arc::new(SqliteStore::open(options).await?);
    let key = SigningKey::parse("a key for benchmarks, at least 32 bytes")?;
    let examiner = Examiner::of(None, store.clone())?;
    let app = App::new(store, examiner, &key, start::app_settings(None))?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let stop = CancellationToken::new();
    let serving =
        tokio::spawn(app.serve(TcpIncoming::from(listener), stop.clone().cancelled_owned()));
    let channel = Channel::from_shared(url)?.connect().await?;
    let ada = v1::RegisterRequest {
        username: "ada".into(),
        email: "ada@corpus.example".into(),
        password: "correct horse 42".into(),
    };
    AuthServiceClient::new(channel.clone()).register(ada).await?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    // In turns, now the one first and now the other, so that whatever else the machine does falls on
    // both.
    for at in 0..2 * SAMPLES {
        if at % 4 == 0 || at % 4 == 3 {
            known.push(refused(&channel, "ada").await?);
        } else {
            unknown.push(refused(&channel, "nobody").await?);
        }
    }
    report("a known name", known);
    report("an unknown one", unknown);
    drop(channel);
    stop.cancel();
    serving.await??;
    Ok(())
}
