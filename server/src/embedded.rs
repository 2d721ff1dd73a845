//! The server inside another process, only for its owner: connections are pipes in memory, so
//! nobody else can reach it, and the owner needs no password.

use std::{path::PathBuf, sync::Arc, time::Duration};

use futures::StreamExt;
use hyper_util::rt::TokioIo;
use tokio::{
    io::DuplexStream,
    sync::{Mutex, mpsc},
    task::JoinHandle,
};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Channel, Endpoint, Uri};
use viva_runtime::private::make_private_folder;

use crate::{
    auth::signing_key::{KeyError, SigningKey},
    config::{DATABASE_FILE, KEY_FILE, LlmConfig},
    domain::{
        client_label::ClientLabel,
        clock::{Clock, SystemClock},
    },
    examiner::Examiner,
    grpc,
    llm::SetupError,
    questions::{self, BankError},
    services::{
        accounts::{Accounts, SessionTokens},
        error::ServiceError,
    },
    startup::app::{App, AppError, AppSettings},
    startup::defaults,
    storage::sqlite::{OpenError, SqliteOptions, SqliteStore},
};

/// How many bytes each end of a pipe may write ahead of the reader.
const PIPE_BYTES: usize = 64 * 1024;

/// A token is renewed when less than this is left of its lifetime.
const RENEW_BEFORE: Duration = Duration::from_mins(1);

/// Options of an embedded server.
#[derive(Debug, Clone)]
pub struct EmbeddedOptions {
    /// The folder with its database and key; created if it does not exist.
    pub data_dir: PathBuf,
    /// The language model to use; `None`: the built-in bank and grader.
    pub model: Option<LlmConfig>,
    /// A folder of bank files to add to the built-in bank.
    pub bank_dir: Option<PathBuf>,
}

/// Why an embedded server could not start or let its owner in. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The signing key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The folder cannot be created.
    #[error("cannot create the data folder {}: {cause}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's error.
        cause: std::io::Error,
    },
    /// The language model cannot be set up.
    #[error(transparent)]
    Model(#[from] SetupError),
    /// The question bank has faults.
    #[error(transparent)]
    Bank(#[from] BankError),
    /// The server cannot be created.
    #[error(transparent)]
    App(#[from] AppError),
    /// The owner's session cannot be opened.
    #[error("{0}")]
    Owner(String),
}

/// Says what an error at the start means and what to do about it.
fn words(error: ServiceError) -> String {
    match error {
        ServiceError::DatabaseUnavailable(cause) | ServiceError::Internal(cause) => format!(
            "Viva's database cannot be used: {}. What was stored before is still in it. If the disk is full, \
             make room; if the file is damaged, put a backup in its place (docs/operations.md); then start Viva again.",
            without_driver(&cause)
        ),
        ServiceError::Timeout(cause) => format!(
            "Viva's database did not answer in time: {cause}. Nothing is lost; start Viva again once the machine \
             is less busy."
        ),
        other => grpc::message(other),
    }
}

/// The database's own words, without what the driver says around them.
fn without_driver(cause: &str) -> &str {
    let Some(own) = cause.strip_prefix("error returned from database: ") else { return cause };
    own.split_once(") ").filter(|_| own.starts_with("(code: ")).map_or(own, |(_, words)| words)
}

/// A running embedded server.
pub struct Embedded {
    channel: Channel,
    accounts: Accounts,
    session: Mutex<Option<SessionTokens>>,
    stop: CancellationToken,
    serving: JoinHandle<Result<(), AppError>>,
}

impl Embedded {
    /// Starts the server. Several processes may do so on one folder.
    pub async fn start(options: EmbeddedOptions) -> Result<Self, StartError> {
        let bank = questions::bank(options.bank_dir.as_deref())?;
        let folder = &options.data_dir;
        make_private_folder(folder)
            .map_err(|cause| StartError::Folder { path: folder.clone(), cause })?;
        let store = SqliteStore::open(SqliteOptions {
            path: folder.join(DATABASE_FILE),
            query_timeout: defaults::QUERY_TIMEOUT,
        })
        .await?;
        let key = SigningKey::load_or_create(&folder.join(KEY_FILE))?;
        let settings = AppSettings {
            access_lifetime: Duration::from_mins(30),
            refresh_lifetime: Duration::from_hours(24),
            is_owners_alone: true,
            ..defaults::app_settings(options.model.as_ref())
        };
        let store = Arc::new(store);
        let examiner = Examiner::of(options.model.as_ref(), store.clone())?;
        let app = App::new(store, examiner, &key, settings)?.asking_from(bank);
        let accounts = app.accounts();
        accounts.look_up_owner().await.map_err(|error| StartError::Owner(words(error)))?;
        let (channel, connections) = private_channel();
        let stop = CancellationToken::new();
        let incoming = ReceiverStream::new(connections).map(Ok::<_, std::io::Error>);
        let serving = tokio::spawn(app.serve(incoming, stop.clone().cancelled_owned()));
        Ok(Self { channel, accounts, session: Mutex::new(None), stop, serving })
    }

    /// Returns a channel to the server that never leaves the process.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Returns an access token of the owner that is valid for at least another minute.
    pub async fn access_token(&self) -> Result<String, StartError> {
        let mut session = self.session.lock().await;
        let soon = SystemClock.now().after(RENEW_BEFORE);
        let renewed = match &*session {
            // Another process on the same folder may have deleted the account meanwhile.
            Some(tokens)
                if tokens.access.expires_at > soon
                    && self.accounts.authenticate(&tokens.access.token).await.is_ok() =>
            {
                return Ok(tokens.access.token.clone());
            }
            // If the session has ended, say because the machine slept for a day, another is opened.
            Some(tokens) => self.accounts.refresh(&tokens.refresh_token, None).await.ok(),
            None => None,
        };
        let tokens = if let Some(tokens) = renewed {
            tokens
        } else {
            let opened = self.accounts.open_owner_session().await;
            opened.map_err(|error| StartError::Owner(words(error)))?
        };
        let token = tokens.access.token.clone();
        *session = Some(tokens);
        Ok(token)
    }

    /// Opens another session of the owner, separate from the one of `access_token`, for a client
    /// that the owner has let in; `user_agent` is that client's.
    pub async fn open_owner_session(&self, user_agent: &str) -> Result<SessionTokens, StartError> {
        let client = ClientLabel::of(user_agent);
        let opened = self.accounts.open_owner_session_from(client).await;
        opened.map_err(|error| StartError::Owner(words(error)))
    }

    /// Finishes work in progress and stops the server.
    pub async fn shutdown(self) {
        if let Some(tokens) = self.session.into_inner()
            && let Ok(caller) = self.accounts.authenticate(&tokens.access.token).await
        {
            // A session that is not ended here is deleted when its tokens have expired.
            let _ = self.accounts.logout(caller).await;
        }
        self.stop.cancel();
        match self.serving.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the embedded server failed"),
            Err(error) => tracing::error!(%error, "the embedded server panicked"),
        }
    }
}

/// Makes a channel whose connections are pipes, and returns it with the other ends of the pipes.
fn private_channel() -> (Channel, mpsc::Receiver<DuplexStream>) {
    let (sender, receiver) = mpsc::channel(8);
    let connect = tower::service_fn(move |_: Uri| {
        let sender = sender.clone();
        async move {
            let (ours, theirs) = tokio::io::duplex(PIPE_BYTES);
            let gone = |_| std::io::Error::other("the embedded server has stopped");
            sender.send(theirs).await.map_err(gone)?;
            Ok::<_, std::io::Error>(TokioIo::new(ours))
        }
    });
    let channel =
        Endpoint::from_static("http://embedded.viva").connect_with_connector_lazy(connect);
    (channel, receiver)
}
