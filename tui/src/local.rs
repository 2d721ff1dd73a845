//! The embedded server of this process, and what else is the server's own code. Nothing else in the crate
//! knows `viva_server`.

pub(crate) mod bank;
pub(crate) mod grading;
pub(crate) mod model;
pub(crate) mod templates;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use secrecy::SecretString;
use tokio::sync::RwLock;
use tonic::transport::Channel;
pub(crate) use viva_server::config::{
    masked::{address, quoted},
    nearest_setting,
};
pub(crate) use viva_server::dial::Dial;
use viva_server::{
    embedded::{Embedded, EmbeddedOptions, StartError},
    start::{DATABASE_FILE, KEY_FILE},
};

use self::model::ModelConfig;
use crate::problem::{Problem, ProblemKind};

/// A running embedded server; clones share it.
#[derive(Clone)]
pub(crate) struct Local {
    channel: Channel,
    // Taken out by the shutdown, whoever else still holds a clone.
    server: Arc<RwLock<Option<Embedded>>>,
}

impl Local {
    /// Starts the server on the files in `data_dir`, with the bank files of a folder and the model, if
    /// there are any.
    pub(crate) async fn start(
        data_dir: PathBuf,
        bank_dir: Option<PathBuf>,
        model: Option<ModelConfig>,
    ) -> Result<Self, Problem> {
        let options = EmbeddedOptions { data_dir, model, bank_dir };
        let server = Embedded::start(options).await.map_err(|e| problem(&e))?;
        Ok(Self { channel: server.channel(), server: Arc::new(RwLock::new(Some(server))) })
    }

    /// The private channel to the server.
    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// An access token of the owner that is valid now.
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

/// The files that an embedded server keeps in the data folder: its database and its signing key.
pub(crate) fn files(data_dir: &Path) -> (PathBuf, PathBuf) {
    (data_dir.join(DATABASE_FILE), data_dir.join(KEY_FILE))
}
