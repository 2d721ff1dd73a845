//! Why there is no completion, for people to read.

use std::{fmt, time::Duration};

use crate::domain::clock::Timestamp;

/// Why a call got no reply. The reason says what to do next; it names settings, and never contains
/// the key or the endpoint's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LlmError {
    /// It may work later.
    Retry {
        /// How long the endpoint asked to wait; may be absurdly long.
        after: Option<Duration>,
        /// For people to read.
        reason: String,
    },
    /// It will not work until something is changed.
    Fail {
        /// For people to read.
        reason: String,
    },
    /// The day's calls are used up.
    Spent {
        /// For people to read; names no settings, which are the operator's.
        reason: String,
        /// When the calls are renewed.
        renews_at: Timestamp,
        /// How long until then.
        wait: Duration,
    },
}

impl LlmError {
    pub(super) fn retry(reason: impl Into<String>) -> Self {
        Self::Retry { after: None, reason: reason.into() }
    }

    pub(super) fn fail(reason: impl Into<String>) -> Self {
        Self::Fail { reason: reason.into() }
    }
}

impl fmt::Display for LlmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Retry { reason, .. } | Self::Fail { reason } | Self::Spent { reason, .. }) =
            self;
        f.write_str(reason)
    }
}

impl std::error::Error for LlmError {}
