//! Typing an answer. Each line is in the draft as soon as it is typed, so that neither Ctrl+D nor a
//! lost connection costs a word; the app goes on with the same drafts.

use jiff::Timestamp;
use viva_proto::v1::SubmitAnswerRequest;

use super::{Talk, console::say};
use crate::{
    cli::{Failure, fresh_key},
    drafts::{Draft, DraftId, Kept, Stage},
    problem::{Problem, ProblemKind},
    words,
};

/// What is said of an answer whose key another one was sent under.
const SENT_BEFORE: &str = "Another answer to this question was sent in place of this one, probably from \
                           another window. Yours is kept; submitting it makes it the next answer.";

/// The line that ends an answer.
const END: &str = ".";

/// What to do with what is typed.
enum Then {
    Submit,
    GoOn,
    StartAfresh,
    Later,
}

impl Talk<'_> {
    /// Has an answer typed and submits it; none when the question is left for later.
    pub(super) async fn answer(
        &mut self,
        interview: i64,
        question: i64,
    ) -> Result<Option<i64>, Failure> {
        let mut draft = self.draft(DraftId { interview, question }).await?;
        if draft.text.is_empty() {
            say("Type your answer, in as many lines as you like. A line with a single full stop \
                 ends it.")?;
            self.type_on(&mut draft).await?;
        }
        loop {
            match self.choose_then(&draft).await? {
                Then::Submit => {
                    if let Some(id) = self.submit(&mut draft).await? {
                        return Ok(Some(id));
                    }
                }
                Then::GoOn => {
                    say("Go on; a single full stop ends it.")?;
                    self.type_on(&mut draft).await?;
                }
                Then::StartAfresh => {
                    draft.text.clear();
                    say("Type your answer; a single full stop ends it.")?;
                    self.type_on(&mut draft).await?;
                }
                Then::Later => return Ok(None),
            }
        }
    }

    /// The draft of an earlier time, or an empty one. Of several the one that is chosen; the others stay.
    async fn draft(&mut self, id: DraftId) -> Result<Draft, Failure> {
        let mut drafts = self.drafts.load().map_err(|error| unsaved(&error))?;
        drafts.retain(|kept| kept.draft.id == id);
        let known = match drafts.len() {
            0 | 1 => drafts.pop(),
            count => {
                for (number, kept) in (1..).zip(&drafts) {
                    self.told_of.insert(kept.name.clone());
                    say(&format!("\nText {number}, of {count}:\n{}", kept.draft.text))?;
                }
                let label = |number| format!("Text {number}");
                let choices =
                    drafts.into_iter().enumerate().map(|(at, kept)| (label(at + 1), kept));
                let question = "Several texts are kept for this question. Which one to go on with?";
                Some(self.console.choose(question, choices.collect()).await?)
            }
        };
        if let Some(kept) = known {
            self.drafts.hold(kept.clone());
            say(&format!("There is a draft:\n{}", kept.draft.text))?;
            return Ok(kept.draft);
        }
        Ok(Draft {
            id,
            key: fresh_key(),
            stage: Stage::Writing,
            text: String::new(),
            elapsed_ms: 0,
            saved_at_ms: 0,
        })
    }

    async fn type_on(&mut self, draft: &mut Draft) -> Result<(), Failure> {
        if draft.stage == Stage::Submitting {
            // The key belongs to the text that it was sent with.
            draft.key = fresh_key();
            draft.stage = Stage::Writing;
        }
        loop {
            let line = self.console.line().await?;
            if line.trim() == END {
                return Ok(());
            }
            if !draft.text.is_empty() {
                draft.text.push('\n');
            }
            draft.text.push_str(&line);
            self.save(draft)?;
        }
    }

    async fn choose_then(&mut self, draft: &Draft) -> Result<Then, Failure> {
        let count = words::count(words::word_count(&draft.text), "word");
        let mut choices = vec![
            ("Submit it", Then::Submit),
            ("Go on writing", Then::GoOn),
            ("Start afresh", Then::StartAfresh),
            ("Leave this question for later; the text is kept", Then::Later),
        ];
        if draft.text.trim().is_empty() {
            // There is nothing to submit, and nothing to throw away.
            choices.retain(|(_, then)| matches!(then, Then::GoOn | Then::Later));
        }
        let question = format!("Your answer has {count}.");
        self.console.choose(&question, choices).await
    }

    /// The answer's id; none when a rule is broken and the text is to be changed.
    async fn submit(&mut self, draft: &mut Draft) -> Result<Option<i64>, Failure> {
        draft.stage = Stage::Submitting;
        self.save(draft)?;
        let request = SubmitAnswerRequest {
            interview_id: draft.id.interview,
            question_id: draft.id.question,
            answer_text: draft.text.clone(),
            idempotency_key: draft.key.clone(),
            duration_ms: 0,
        };
        match self.api.submit_answer(request).await {
            Ok(reply) => {
                self.drafts.remove(draft.id).map_err(|error| unsaved(&error))?;
                Ok(Some(reply.answer_id))
            }
            Err(problem) if problem.kind == ProblemKind::Validation => {
                draft.stage = Stage::Writing;
                self.save(draft)?;
                say(&fault(&problem))?;
                Ok(None)
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => {
                draft.stage = Stage::Writing;
                draft.key = fresh_key();
                self.save(draft)?;
                say(SENT_BEFORE)?;
                Ok(None)
            }
            Err(problem) => Err(problem.with_safe("Your answer is kept as a draft.").into()),
        }
    }

    fn save(&mut self, draft: &mut Draft) -> Result<(), Failure> {
        draft.saved_at_ms = Timestamp::now().as_millisecond();
        let saved = self.drafts.save(draft).map_err(|error| unsaved(&error))?;
        self.tell_of(&saved.others)
    }

    /// Says once that another window has written for the same question.
    fn tell_of(&mut self, others: &[Kept]) -> Result<(), Failure> {
        let new = others.iter().filter(|kept| self.told_of.insert(kept.name.clone())).count();
        if new == 0 {
            return Ok(());
        }
        say("Another window has written something else for this question. Both texts are kept.")
    }
}

fn unsaved(error: &std::io::Error) -> Failure {
    Failure::file("The draft cannot be kept", error)
}

fn fault(problem: &Problem) -> String {
    let violation = problem.violations.first();
    let message = violation.map_or(&problem.message, |violation| &violation.message);
    format!("{message}.")
}
