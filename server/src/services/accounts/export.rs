//! Everything stored about an account, as one JSON document that is written while it is read: at
//! most one interview is in memory at a time, whatever the total size. Changes made meanwhile may
//! or may not be in it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use super::Accounts;
use crate::{
    domain::{account::Caller, api_key::Scope, clock::Timestamp, day::Day},
    services::{Rejection, ServiceError, ServiceResult},
    storage::marks::Listed,
};

mod memory;
mod pieces;

/// The most bytes of a chunk, far below what a client accepts as one message.
const CHUNK_BYTES: usize = 64 * 1024;

/// How many chunks wait for a slow reader.
const BUFFER: usize = 4;

/// How many marks are read from the store at a time.
const MARKS_AT_ONCE: u32 = 50;

/// How long a reader may leave a chunk unread. A connection that takes no byte ends after the same
/// time (`listen`); this is for one that keeps its connection busy but leaves the document waiting.
const PATIENCE: Duration = Duration::from_secs(50);

/// The longest time in which a reader may read its document.
const LONGEST: Duration = Duration::from_mins(10);

/// How many documents one process writes for an account at once.
pub(super) const MOST_AT_ONCE: usize = 2;

/// The reader that a document is written for.
struct Reader {
    sender: mpsc::Sender<ServiceResult<Vec<u8>>>,
    /// How long the reader may leave a chunk unread.
    patience: Duration,
}

/// Why writing stopped before the end.
enum Stopped {
    /// The reader has disconnected.
    Gone,
    /// The reader gets this error.
    Failed(ServiceError),
}

impl<E: Into<ServiceError>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Accounts {
    /// Begins to write the document of the caller's account. It ends early, with an error, if the
    /// reader stalls or takes longer than ten minutes, or if the caller's session ends.
    pub async fn export(
        &self,
        caller: Caller,
    ) -> ServiceResult<mpsc::Receiver<ServiceResult<Vec<u8>>>> {
        self.export_to(caller, PATIENCE).await
    }

    /// Does the same for a reader that may leave a chunk unread for `patience`.
    async fn export_to(
        &self,
        caller: Caller,
        patience: Duration,
    ) -> ServiceResult<mpsc::Receiver<ServiceResult<Vec<u8>>>> {
        let slot = self.exports.take(caller.user_id)?;
        let head = self.head(caller).await?;
        // One more place, reserved for the error of an early end: without it, a slow reader would
        // take a cut document for a whole one.
        let (sender, receiver) = mpsc::channel(BUFFER + 1);
        let last_word = sender.clone().try_reserve_owned().map_err(ServiceError::internal)?;
        let reader = Reader { sender, patience };
        let accounts = self.clone();
        tokio::spawn(async move {
            let _slot = slot;
            let end = tokio::select! {
                written = accounts.write(caller, head, &reader) => written,
                () = accounts.ended(caller) => Err(Stopped::Failed(ServiceError::TokenInvalid(Rejection::SessionEnded))),
                () = sleep(LONGEST) => Err(unread()),
            };
            if let Err(Stopped::Failed(error)) = end {
                last_word.send(Err(error));
            }
        });
        Ok(receiver)
    }

    /// Everything but the marks, the memory and the interviews.
    async fn head(&self, caller: Caller) -> ServiceResult<Value> {
        let user = self.account(caller.user_id).await?;
        let sessions = self.store.kept_sessions(user.id).await?;
        let spending = self.store.kept_spending(user.id).await?;
        let keys = self.store.api_keys(user.id).await?;
        let day = |day: i64| Day::new(i32::try_from(day).unwrap_or(i32::MAX)).to_string();
        Ok(json!({
            "format": "viva-account",
            "version": 1,
            "exported_at": self.clock.now().to_rfc3339(),
            "account": {
                "id": user.id.get(),
                "username": user.username,
                "email": user.email,
                "created_at": user.created_at.to_rfc3339(),
                "time_zone": user.time_zone,
            },
            "sessions": sessions.iter().map(|session| json!({
                "client": session.client,
                "created_at": session.created_at.to_rfc3339(),
                "ended_at": session.ended_at.map(Timestamp::to_rfc3339),
            })).collect::<Value>(),
            "api_keys": keys.iter().map(|key| json!({
                "id": key.id.get(),
                "name": key.name,
                "prefix": key.prefix,
                "scopes": key.scopes.list().map(Scope::word).collect::<Value>(),
                "created_at": key.created_at.to_rfc3339(),
                "expires_at": key.expires_at.map(Timestamp::to_rfc3339),
                "last_used_at": key.last_used_at.map(Timestamp::to_rfc3339),
            })).collect::<Value>(),
            "model_calls": spending.iter().map(|spent| json!({
                "day": day(spent.day),
                "calls": spent.calls,
            })).collect::<Value>(),
        }))
    }

    async fn write(&self, caller: Caller, head: Value, reader: &Reader) -> Result<(), Stopped> {
        let mut text = head.to_string();
        // The marks, the memory and the interviews are appended as its last members.
        text.pop();
        text.push_str(",\"question_marks\":[");
        self.write_marks(caller, &mut text, reader).await?;
        self.write_memory(caller, &mut text, reader).await?;
        text.push_str("],\"interviews\":[");
        let mut last = None;
        while let Some(kept) = self.store.kept_interview_after(caller.user_id, last).await? {
            // Once its session has ended, a caller gets no more of the document.
            if !self.is_live(caller).await? {
                return Err(Stopped::Failed(ServiceError::TokenInvalid(Rejection::SessionEnded)));
            }
            if last.is_some() {
                text.push(',');
            }
            last = Some(kept.interview.id);
            let now = self.store.now().await?;
            text.push_str(&pieces::interview(kept, now).to_string());
            send(std::mem::take(&mut text), reader).await?;
        }
        text.push_str("]}\n");
        send(text, reader).await
    }

    /// Writes the marks, a page at a time. Without marks, `text` stays unsent.
    async fn write_marks(
        &self,
        caller: Caller,
        text: &mut String,
        reader: &Reader,
    ) -> Result<(), Stopped> {
        let (mut last, id) = (None, caller.user_id);
        loop {
            let page = self.store.marks(id, Listed::All, last, MARKS_AT_ONCE).await?;
            if page.is_empty() {
                return Ok(());
            }
            for kept in &page {
                if last.is_some() {
                    text.push(',');
                }
                text.push_str(&pieces::mark(kept).to_string());
                last = Some(kept.mark.id);
            }
            send(std::mem::take(text), reader).await?;
        }
    }
}

async fn send(text: String, reader: &Reader) -> Result<(), Stopped> {
    for chunk in text.into_bytes().chunks(CHUNK_BYTES) {
        let taken = timeout(reader.patience, reader.sender.send(Ok(chunk.to_vec()))).await;
        taken.map_err(|_| unread())?.map_err(|_| Stopped::Gone)?;
    }
    Ok(())
}

fn unread() -> Stopped {
    Stopped::Failed(ServiceError::Timeout("an export was not read in time".to_owned()))
}

#[cfg(test)]
mod tests;
