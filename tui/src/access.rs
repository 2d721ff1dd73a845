//! The credentials that calls are made with: the embedded server's own, or a remote session's.

use secrecy::SecretString;

use crate::{local::Local, problem::Problem, session::Session};

/// Where access tokens come from.
#[derive(Clone)]
pub(crate) enum Access {
    /// The embedded server makes them for its owner.
    Local(Local),
    /// A remote server gave them at sign-in.
    Remote(Session),
}

impl Access {
    /// A token to call with.
    pub(crate) async fn bearer(&self) -> Result<SecretString, Problem> {
        match self {
            Self::Local(local) => local.bearer().await,
            Self::Remote(session) => session.bearer().await,
        }
    }

    /// A token in place of one that is past its time.
    pub(crate) async fn renew(&self, stale: &SecretString) -> Result<SecretString, Problem> {
        match self {
            Self::Local(local) => local.bearer().await,
            Self::Remote(session) => session.renew(stale).await,
        }
    }

    /// The server does not take this token any more.
    pub(crate) async fn reject(&self, token: &SecretString) -> Result<(), Problem> {
        match self {
            Self::Local(_) => Ok(()),
            Self::Remote(session) => session.reject(token).await,
        }
    }

    /// The remote session, if the server is a remote one.
    pub(crate) fn session(&self) -> Option<&Session> {
        match self {
            Self::Local(_) => None,
            Self::Remote(session) => Some(session),
        }
    }

    /// Drains and stops the embedded server, if it is that.
    pub(crate) async fn shutdown(&self) {
        if let Self::Local(local) = self {
            local.shutdown().await;
        }
    }
}
