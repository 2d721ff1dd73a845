//! The embedded server. Nothing else in the crate depends on `viva_server`.

use std::{path::PathBuf, sync::Arc};

use tokio::sync::RwLock;
use tonic::{Status, transport::Channel};
use viva_proto::v1;
pub use viva_server::config::LlmConfig;
use viva_server::{
    embedded::{Embedded, EmbeddedOptions, StartError},
    grpc::convert,
};

use crate::status;

/// A running embedded server. Clones share it.
#[derive(Clone)]
pub struct Local {
    channel: Channel,
    // Emptied by the shutdown, even if clones still exist.
    server: Arc<RwLock<Option<Embedded>>>,
}

impl Local {
    /// Starts the server on the files in this folder, which the terminal app may have open as well.
    pub async fn start(
        data_dir: PathBuf,
        bank_dir: Option<PathBuf>,
        model: Option<LlmConfig>,
    ) -> Result<Self, StartError> {
        let server = Embedded::start(EmbeddedOptions { data_dir, model, bank_dir }).await?;
        Ok(Self { channel: server.channel(), server: Arc::new(RwLock::new(Some(server))) })
    }

    /// The private channel to the server.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Opens a new session for the owner's browser.
    pub async fn open_owner_session(&self, user_agent: &str) -> Result<v1::Session, Status> {
        let server = self.server.read().await;
        let server = server.as_ref().ok_or_else(status::shutting_down)?;
        let opened = server.open_owner_session(user_agent).await;
        opened.map(convert::session).map_err(|error| {
            tracing::error!(%error, "the owner's session cannot be opened");
            status::internal()
        })
    }

    /// Drains and stops the server.
    pub async fn shutdown(&self) {
        if let Some(server) = self.server.write().await.take() {
            server.shutdown().await;
        }
    }
}
