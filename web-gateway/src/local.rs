//! What the gateway uses of the server's code: the embedded server, and what both programs do the
//! same way. Nothing else in the crate depends on `viva_server`.

use std::{path::PathBuf, sync::Arc};

use tokio::sync::RwLock;
use tonic::{Status, transport::Channel};
use viva_proto::v1;
pub use viva_server::{
    commands::stop::stop_signal,
    config::{ConfigErrors, LogConfig, ModelConfig, Reader, TransportConfig},
    dial::Dial,
    grpc::request_id,
    limits,
    listen::{Connection, ListenLimits, connections},
    start::DRAIN,
    telemetry,
    tls::{Tls, TlsFiles, WEB, probe},
};
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
    /// Starts the server on the files in this folder, which the terminal app may have open too.
    pub async fn start(
        data_dir: PathBuf,
        bank_dir: Option<PathBuf>,
        model: Option<ModelConfig>,
    ) -> Result<Self, StartError> {
        let server = Embedded::start(EmbeddedOptions { data_dir, model, bank_dir }).await?;
        Ok(Self { channel: server.channel(), server: Arc::new(RwLock::new(Some(server))) })
    }

    /// The private channel to the server.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Opens a new session for the owner.
    pub async fn open_owner_session(&self) -> Result<v1::Session, Status> {
        let server = self.server.read().await;
        let server = server.as_ref().ok_or_else(status::shutting_down)?;
        let opened = server.open_owner_session().await;
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
