//! The server inside another process, on a private listener, for its owner alone.

use std::{fmt, path::PathBuf};

use tonic::transport::Channel;

/// What an embedded server needs to know.
#[derive(Debug, Clone)]
pub struct EmbeddedOptions {
    /// The folder that holds its database and keys.
    pub data_dir: PathBuf,
}

/// Why an embedded server could not start.
#[derive(Debug)]
pub struct StartError(String);

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

/// A running embedded server.
#[derive(Debug)]
pub struct Embedded {
    channel: Channel,
}

impl Embedded {
    /// Starts the server.
    pub async fn start(_options: EmbeddedOptions) -> Result<Self, StartError> {
        tokio::task::yield_now().await;
        Err(StartError("not here yet".into()))
    }

    /// A channel to the server that never leaves the process.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// An access token of the owner that is valid now.
    pub async fn access_token(&self) -> Result<String, StartError> {
        tokio::task::yield_now().await;
        Err(StartError("not here yet".into()))
    }

    /// Drains and stops the server.
    pub async fn shutdown(self) {
        tokio::task::yield_now().await;
    }
}
