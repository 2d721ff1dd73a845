//! Effects on answers and interviews that must not be lost: each is saved first.

use viva_proto::v1;

use super::Runner;
use crate::{
    drafts::{Draft, DraftFolder},
    msg::Reply,
    saved, shelf,
};

impl Runner {
    /// Saves the answer, submits it, and removes its file once the server has it.
    pub(super) fn submit(&mut self, draft: Draft) {
        let (client, thread) = (self.client(), self.draft_thread.clone());
        let id = draft.id;
        let request = v1::SubmitAnswerRequest {
            interview_id: id.interview,
            question_id: id.question,
            answer_text: draft.text.clone(),
            idempotency_key: draft.key.clone(),
            duration_ms: draft.elapsed_ms,
        };
        let saved = thread.save(draft);
        self.write(async move {
            // A full disk must not keep an answer from the server.
            if let Err(problem) = saved.await {
                tracing::warn!(problem = problem.message, "an answer is sent without a draft");
            }
            let sent = async { client.await?.submit_answer(request).await }.await;
            if sent.is_ok() {
                thread.is_elsewhere(id);
                let _ = thread.order(move |folder| folder.remove(id)).await;
            }
            Reply::Submitted(id, sent.map(|reply| reply.answer_id))
        });
    }

    /// Saves the text of a draft as a separate file, and only then removes the draft.
    pub(super) fn set_aside(&mut self, draft: Draft) {
        let (folders, id) = (self.folders(), draft.id);
        let saved = self.draft_thread.order(move |folder| {
            let file = saved::save_text(&folders, &draft)?;
            folder.remove(id)?;
            Ok(file)
        });
        self.write(async move { Reply::SetAside(id, saved.await) });
    }

    pub(super) fn delete(&mut self, id: i64) {
        let (client, thread) = (self.client(), self.draft_thread.clone());
        let shelf = self.shelf.clone();
        self.write(async move {
            let deleted = async { client.await?.delete_interview(id).await }.await;
            if deleted.is_ok() {
                let gone = move |folder: &DraftFolder| {
                    let unkept = shelf.map_or(Ok(()), |shelf| shelf.remove(&shelf::report(id)));
                    folder.remove_interview(id).and(unkept)
                };
                let _ = thread.order(gone).await;
            }
            Reply::Deleted(deleted)
        });
    }
}
