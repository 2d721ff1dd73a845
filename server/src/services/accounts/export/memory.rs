//! An account's memory, as JSON.

use serde_json::{Value, json};

use super::{Accounts, Reader, Stopped, send};
use crate::{
    domain::{account::Caller, api_key::Bearer, day::Day, id::QuestionId, memory::MemoryPoint},
    services::callers::live,
    storage::memory::ExportedReview,
};

/// How many reviews are read from the store at a time.
const REVIEWS_AT_ONCE: u32 = 50;

impl Accounts {
    /// Writes the points and the reviews as two more members: closes the array that is open in
    /// `text` first, and leaves the array of reviews open.
    pub(super) async fn write_memory(
        &self,
        caller: Caller,
        text: &mut String,
        reader: &Reader,
    ) -> Result<(), Stopped> {
        let now = self.store.now().await?;
        let known = live(self.store.memory_of(Bearer::Session(caller), now).await?)?;
        let points: Value = known.points.iter().map(point).collect();
        text.push_str("],\"memory_points\":");
        text.push_str(&points.to_string());
        text.push_str(",\"memory_reviews\":[");
        let mut last = 0;
        loop {
            let page = self.store.kept_reviews_after(caller.user_id, last, REVIEWS_AT_ONCE).await?;
            for kept in &page {
                if last != 0 {
                    text.push(',');
                }
                text.push_str(&review(kept).to_string());
                last = kept.id;
            }
            send(std::mem::take(text), reader).await?;
            if page.is_empty() {
                return Ok(());
            }
        }
    }
}

fn point(kept: &MemoryPoint) -> Value {
    let state = &kept.state;
    json!({
        "id": kept.id.get(),
        "bank_id": kept.key.bank_id,
        "point_id": kept.key.point_id,
        "question_id": state.question_id.map(QuestionId::get),
        "stability": state.trace.stability,
        "difficulty": state.trace.difficulty,
        "rated_on": state.rated_on.to_string(),
        "due_on": state.due_on.to_string(),
        "reviewed_on": state.reviewed_on.as_ref().map(Day::to_string),
        "ratings": state.ratings,
        "is_forgotten": kept.is_forgotten,
    })
}

fn review(kept: &ExportedReview) -> Value {
    let review = &kept.review;
    json!({
        "id": kept.id,
        "bank_id": kept.key.bank_id,
        "point_id": kept.key.point_id,
        "reviewed_at": review.reviewed_at.to_rfc3339(),
        "prompt_number": review.prompt,
        "answer": review.answer,
        "rating": review.rating.word(),
        "coverage": review.coverage,
        "evidence": review.evidence,
        "correction": review.correction,
        "due_on": review.due_on.to_string(),
    })
}
