//! The credentials for calls: the embedded server's, a remote session's, or an API key.

use secrecy::SecretString;

use crate::{local::Local, problem::Problem, session::Session};

/// The source of access tokens.
#[derive(Clone)]
pub(crate) enum Access {
    /// The embedded server makes tokens for its owner.
    Local(Local),
    /// A remote server gave tokens at sign-in.
    Remote(Session),
    /// `VIVA_API_KEY` holds the key.
    Key(SecretString),
}

impl Access {
    /// Returns a token for a call.
    pub(crate) async fn bearer(&self) -> Result<SecretString, Problem> {
        match self {
            Self::Local(local) => local.bearer().await,
            Self::Remote(session) => session.bearer().await,
            Self::Key(key) => Ok(key.clone()),
        }
    }

    /// Returns a token to replace an expired one.
    pub(crate) async fn renew(&self, stale: &SecretString) -> Result<SecretString, Problem> {
        match self {
            Self::Local(local) => local.bearer().await,
            Self::Remote(session) => session.renew(stale).await,
            Self::Key(_) => Err(Problem::key_refused()),
        }
    }

    /// Forgets a token that the server no longer accepts.
    pub(crate) async fn reject(&self, token: &SecretString) -> Result<(), Problem> {
        match self {
            Self::Local(_) => Ok(()),
            Self::Remote(session) => session.reject(token).await,
            Self::Key(_) => Err(Problem::key_refused()),
        }
    }

    /// The remote session, if the calls are made with one.
    pub(crate) fn session(&self) -> Option<&Session> {
        match self {
            Self::Local(_) | Self::Key(_) => None,
            Self::Remote(session) => Some(session),
        }
    }

    /// Whether the calls are made with an API key.
    pub(crate) fn is_key(&self) -> bool {
        matches!(self, Self::Key(_))
    }

    /// Drains and stops the embedded server, if there is one.
    pub(crate) async fn shutdown(&self) {
        if let Self::Local(local) = self {
            local.shutdown().await;
        }
    }
}
