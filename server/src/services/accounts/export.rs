//! All that is kept of an account, as one JSON document that is written while it is read: however
//! much there is, never more than an interview of it is in memory. What changes meanwhile may be in
//! it or not.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use super::Accounts;
use crate::{
    domain::{account::Caller, api_key::Scope, clock::Timestamp},
    services::{ServiceError, ServiceResult},
    storage::marks::Listed,
};

mod pieces;

/// The most bytes of a chunk, far below what a client takes for one message.
const CHUNK_BYTES: usize = 64 * 1024;

/// Chunks that wait for a slow reader.
const BUFFER: usize = 4;

/// Marks on questions that are read at once.
const MARKS_AT_ONCE: u32 = 50;

/// How long a reader may leave what is written unread. Its connection ends as soon where it takes no
/// byte at all (`listen`); this is for one that keeps its connection going and the document waiting.
const PATIENCE: Duration = Duration::from_secs(50);

/// The longest that a reader may take over its document.
const LONGEST: Duration = Duration::from_mins(10);

/// The most documents of an account that one process writes at once.
pub(super) const MOST_AT_ONCE: usize = 2;

/// Where what is written goes.
struct Reader {
    sender: mpsc::Sender<ServiceResult<Vec<u8>>>,
    /// How long it may leave a chunk unread.
    patience: Duration,
}

/// Why writing stopped before the end.
enum Stopped {
    /// The reader has gone away.
    Gone,
    /// The reader is to hear this.
    Failed(ServiceError),
}

impl<E: Into<ServiceError>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Accounts {
    /// Begins to write all that is kept of the caller's account. It ends early, with an error, when
    /// the reader stalls or takes all too long, and when the caller's session ends.
    pub async fn export(
        &self,
        caller: Caller,
    ) -> ServiceResult<mpsc::Receiver<ServiceResult<Vec<u8>>>> {
        self.export_to(caller, PATIENCE).await
    }

    /// The same for a reader that may leave what is written unread for so long.
    async fn export_to(
        &self,
        caller: Caller,
        patience: Duration,
    ) -> ServiceResult<mpsc::Receiver<ServiceResult<Vec<u8>>>> {
        let place = self.exports.take(caller.user_id)?;
        let head = self.head(caller).await?;
        // One place more, for the reason of an early end: without it, a reader that was slow would
        // take the end for that of the whole document.
        let (sender, receiver) = mpsc::channel(BUFFER + 1);
        let last_word = sender.clone().try_reserve_owned().map_err(ServiceError::internal)?;
        let reader = Reader { sender, patience };
        let accounts = self.clone();
        tokio::spawn(async move {
            let _place = place;
            let end = tokio::select! {
                written = accounts.write(caller, head, &reader) => written,
                () = accounts.ended(caller) => Err(Stopped::Failed(ServiceError::TokenInvalid)),
                () = sleep(LONGEST) => Err(unread()),
            };
            if let Err(Stopped::Failed(error)) = end {
                last_word.send(Err(error));
            }
        });
        Ok(receiver)
    }

    /// Everything but the interviews.
    async fn head(&self, caller: Caller) -> ServiceResult<Value> {
        let user = self.me(caller.user_id).await?;
        let sessions = self.store.kept_sessions(user.id).await?;
        let spending = self.store.kept_spending(user.id).await?;
        let keys = self.store.api_keys(user.id).await?;
        let day = |day: i64| {
            let noon = Timestamp::from_micros((day * 24 + 12) * 3_600_000_000);
            noon.to_rfc3339().chars().take(10).collect::<String>()
        };
        Ok(json!({
            "format": "viva-account",
            "version": 1,
            "exported_at": self.clock.now().to_rfc3339(),
            "account": {
                "id": user.id.get(),
                "username": user.username,
                "email": user.email,
                "created_at": user.created_at.to_rfc3339(),
            },
            "sessions": sessions.iter().map(|session| json!({
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
        // The marks and the interviews become the last of its members.
        text.pop();
        text.push_str(",\"question_marks\":[");
        self.write_marks(caller, &mut text, reader).await?;
        text.push_str("],\"interviews\":[");
        let mut last = None;
        while let Some(kept) = self.store.kept_interview_after(caller.user_id, last).await? {
            // A session that ends while its document is read gets no more of it.
            if !self.is_live(caller).await? {
                return Err(Stopped::Failed(ServiceError::TokenInvalid));
            }
            if last.is_some() {
                text.push(',');
            }
            text.push_str(&pieces::interview(&kept).to_string());
            last = Some(kept.interview.id);
            send(std::mem::take(&mut text), reader).await?;
        }
        text.push_str("]}\n");
        send(text, reader).await
    }

    /// Writes the marks, a page at a time; of the last page something may be left in `text`.
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
