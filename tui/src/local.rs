//! The embedded server of this process, and everything else that uses the server's code. No other
//! module of the crate uses `viva_server` or `viva_runtime`.

pub(crate) mod bank;
pub(crate) mod grading;
pub(crate) mod llm;
pub(crate) mod sample;
pub(crate) mod templates;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use secrecy::SecretString;
use tokio::sync::RwLock;
use tonic::transport::Channel;
pub(crate) use viva_runtime::dial::Dial;
pub(crate) use viva_runtime::settings::{
    address::has_sound_port,
    masked::{address, quoted},
    names::{
        begins_with_tilde, misshapen, misspelt as misspelt_settings, unknown as unknown_setting,
        unreadable as unreadable_settings,
    },
};
use viva_server::{
    config::{DATABASE_FILE, KEY_FILE},
    embedded::{Embedded, EmbeddedOptions, StartError},
};

use self::llm::LlmConfig;
use crate::problem::{Problem, ProblemKind};

/// A running embedded server; clones share it.
#[derive(Clone)]
pub(crate) struct Local {
    channel: Channel,
    // The shutdown takes it, even while other clones exist.
    server: Arc<RwLock<Option<Embedded>>>,
}

impl Local {
    /// Starts the server on the files in `data_dir`, with a folder of bank files and a model, if
    /// given.
    pub(crate) async fn start(
        data_dir: PathBuf,
        bank_dir: Option<PathBuf>,
        model: Option<LlmConfig>,
    ) -> Result<Self, Problem> {
        let options = EmbeddedOptions { data_dir, model, bank_dir };
        let server = Embedded::start(options).await.map_err(|e| problem(&e))?;
        Ok(Self { channel: server.channel(), server: Arc::new(RwLock::new(Some(server))) })
    }

    /// The private channel to the server.
    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Returns a valid access token of the server's owner.
    pub(crate) async fn bearer(&self) -> Result<SecretString, Problem> {
        match self.server.read().await.as_ref() {
            Some(server) => server.access_token().await.map(Into::into).map_err(|e| problem(&e)),
            None => Err(Problem::new(ProblemKind::Unavailable, "Viva is closing.")),
        }
    }

    /// Drains and stops the server.
    pub(crate) async fn shutdown(&self) {
        if let Some(server) = self.server.write().await.take() {
            server.shutdown().await;
        }
    }
}

fn problem(error: &StartError) -> Problem {
    Problem::new(ProblemKind::Local, error.to_string())
}

/// The embedded server's files in the data folder: its database and its signing key.
pub(crate) fn files(data_dir: &Path) -> (PathBuf, PathBuf) {
    (data_dir.join(DATABASE_FILE), data_dir.join(KEY_FILE))
}
