//! Typing an answer. Each line is saved in the draft as soon as it is typed, so that neither Ctrl+D
//! nor a lost connection loses a word; the app continues with the same drafts.

use std::time::Instant;

use jiff::Timestamp;
use viva_proto::v1::SubmitAnswerRequest;

use super::{Talk, console::say};
use crate::{
    cli::{self, Failure, fresh_key},
    drafts::{Draft, DraftId, Kept, Stage},
    problem::{Problem, ProblemKind},
    saved, text, words,
};

/// The message when the key of an answer was used to send another one.
const SENT_BEFORE: &str = "Another answer to this question was sent instead of this one, probably from another window. Yours is kept; submit it to make it your next answer.";

/// The line that ends an answer.
pub(super) const END: &str = ".";

/// What to do with the typed text.
enum Then {
    Submit,
    GoOn,
    StartAfresh,
    Later,
    Hint,
    ShowMe,
}

/// How typing ended.
enum Typed {
    /// With the text.
    Text,
    /// You want to see the answer.
    ShowMe,
    /// The question is left for later.
    Later,
}

/// Help on the commands: lines with a meaning if they contain nothing else.
const COMMANDS: &str = "\
Alone on a line:
.       ends the answer; you are asked before it is submitted
/hint   gives the next hint; hints are counted
/show   I don't know: shows a good answer; the question has no score then
/later  leaves the question for later; what you typed is kept
/help   says this";

/// A line that is a command, not part of the answer.
enum Command {
    End,
    Hint,
    ShowMe,
    Later,
    Help,
}

impl Command {
    fn of(line: &str) -> Option<Self> {
        match line.trim() {
            END => Some(Self::End),
            "/hint" => Some(Self::Hint),
            "/show" => Some(Self::ShowMe),
            "/later" => Some(Self::Later),
            "/help" | "/?" => Some(Self::Help),
            _ => None,
        }
    }
}

impl Talk<'_> {
    /// Reads an answer and submits it; `None` if the question is left for later or its answer was shown.
    /// Without a draft it begins with this text.
    pub(super) async fn answer(
        &mut self,
        id: DraftId,
        begin_with: &str,
    ) -> Result<Option<i64>, Failure> {
        let mut draft = self.draft(id, begin_with).await?;
        let mut typed = Typed::Text;
        if draft.text.is_empty() {
            say("Type your answer, in as many lines as you like. A line with a single full stop \
                 ends it; /help on a line of its own lists what else you can do.")?;
            typed = self.type_on(&mut draft).await?;
        }
        loop {
            match typed {
                Typed::Later => return Ok(None),
                Typed::ShowMe if self.show_answer(&draft).await? => return Ok(None),
                Typed::Text | Typed::ShowMe => {}
            }
            typed = Typed::Text;
            match self.choose_then(&draft).await? {
                Then::Submit => {
                    if let Some(id) = self.submit(&mut draft).await? {
                        return Ok(Some(id));
                    }
                }
                Then::GoOn => {
                    say("Keep writing; a single full stop ends it.")?;
                    typed = self.type_on(&mut draft).await?;
                }
                Then::StartAfresh => {
                    self.keep_beside(&draft)?;
                    draft.text.clear();
                    say("Type your answer; a single full stop ends it.")?;
                    typed = self.type_on(&mut draft).await?;
                }
                Then::Hint => self.hint(id.question).await?,
                Then::ShowMe => typed = Typed::ShowMe,
                Then::Later => return Ok(None),
            }
        }
    }

    /// Gives the next hint.
    async fn hint(&mut self, question: i64) -> Result<(), Failure> {
        match self.api.hint(question, 0).await {
            Ok(hint) => say(&cli::said_hint(&hint)),
            Err(problem) if problem.kind == ProblemKind::Precondition => {
                say(&text::sentence(&problem.message))
            }
            Err(problem) => Err(kept(problem)),
        }
    }

    /// Shows the answer, if you confirm. What was typed stays a draft.
    async fn show_answer(&mut self, draft: &Draft) -> Result<bool, Failure> {
        let choices = vec![("Keep writing", false), ("Show me a good answer", true)];
        let question = "The question has no score then, and comes again soon. Show the answer?";
        if !self.console.choose(question, choices).await? {
            return Ok(false);
        }
        match self.api.reveal_question(draft.id.question).await {
            Ok(revealed) => say(&cli::said_revealed(&revealed))?,
            Err(problem) if problem.kind == ProblemKind::Precondition => {
                say(&text::sentence(&problem.message))?;
                return Ok(false);
            }
            Err(problem) => return Err(kept(problem)),
        }
        if draft.text.trim().is_empty() {
            self.drafts.remove(draft.id).map_err(|error| unsaved(&error))?;
        } else {
            say("What you typed is kept as a draft.")?;
        }
        Ok(true)
    }

    /// Saves the text as a separate file, so that choosing this by mistake loses nothing.
    pub(super) fn keep_beside(&self, draft: &Draft) -> Result<(), Failure> {
        let folder = [self.context.paths.data.clone()];
        let file = saved::save_text(&folder, draft).map_err(|error| unsaved(&error))?;
        say(&format!("What you wrote so far is in {}.", file.display()))
    }

    /// The kept draft, or an empty one; you choose among several, and the others are kept.
    pub(super) async fn draft(&mut self, id: DraftId, begin_with: &str) -> Result<Draft, Failure> {
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
                let question = "Several texts are kept here. Which one do you want to continue?";
                Some(self.console.choose(question, choices.collect()).await?)
            }
        };
        if let Some(kept) = known {
            self.drafts.hold(kept.clone());
            let what = if id == DraftId::ADVERT { "a job advert from before" } else { "a draft" };
            say(&format!("There is {what}:\n{}", kept.draft.text))?;
            return Ok(kept.draft);
        }
        Ok(Draft {
            id,
            key: fresh_key(),
            stage: Stage::Writing,
            text: begin_with.to_owned(),
            elapsed_ms: 0,
            saved_at_ms: 0,
        })
    }

    async fn type_on(&mut self, draft: &mut Draft) -> Result<Typed, Failure> {
        if draft.stage == Stage::Submitting {
            // The key belongs to the text that was sent with it.
            draft.key = fresh_key();
            draft.stage = Stage::Writing;
        }
        let (began, before) = (Instant::now(), draft.elapsed_ms);
        loop {
            let line = self.console.line().await?;
            let passed = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
            // 0 means not measured.
            draft.elapsed_ms = before.saturating_add(passed).max(1);
            match Command::of(&line) {
                Some(Command::End) => return Ok(Typed::Text),
                Some(Command::ShowMe) => return Ok(Typed::ShowMe),
                Some(Command::Later) => return Ok(Typed::Later),
                Some(Command::Hint) => self.hint(draft.id.question).await?,
                Some(Command::Help) => say(COMMANDS)?,
                None => {}
            }
            if Command::of(&line).is_some() {
                continue;
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
            ("Keep writing", Then::GoOn),
            ("Start over", Then::StartAfresh),
            ("Leave this question for later; the text is kept", Then::Later),
            ("Get a hint", Then::Hint),
            ("I don't know: show me a good answer, without a score", Then::ShowMe),
        ];
        if draft.text.trim().is_empty() {
            // There is nothing to submit or to discard.
            choices.retain(|(_, then)| !matches!(then, Then::Submit | Then::StartAfresh));
        }
        let question = format!("Your answer has {count}.");
        self.console.choose(&question, choices).await
    }

    /// Submits the answer and returns its id; `None` if it must be changed before it is sent again.
    async fn submit(&mut self, draft: &mut Draft) -> Result<Option<i64>, Failure> {
        draft.stage = Stage::Submitting;
        self.save(draft)?;
        let request = SubmitAnswerRequest {
            interview_id: draft.id.interview,
            question_id: draft.id.question,
            answer_text: draft.text.clone(),
            idempotency_key: draft.key.clone(),
            duration_ms: draft.elapsed_ms,
        };
        match self.api.submit_answer(request).await {
            Ok(reply) => {
                self.forget(draft.id)?;
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
            Err(problem) => Err(kept(problem)),
        }
    }

    pub(super) fn save(&mut self, draft: &mut Draft) -> Result<(), Failure> {
        draft.saved_at_ms = Timestamp::now().as_millisecond();
        let saved = self.drafts.save(draft).map_err(|error| unsaved(&error))?;
        self.tell_of(&saved.others)
    }

    /// Removes a draft whose text the server has.
    pub(super) fn forget(&self, id: DraftId) -> Result<(), Failure> {
        self.drafts.remove(id).map_err(|error| unsaved(&error))
    }

    /// Says once that another window has written another text for this question.
    fn tell_of(&mut self, others: &[Kept]) -> Result<(), Failure> {
        let new = others.iter().filter(|kept| self.told_of.insert(kept.name.clone())).count();
        if new == 0 {
            return Ok(());
        }
        say("Another window has written something else for this question. Both texts are kept.")
    }
}

fn kept(problem: Problem) -> Failure {
    problem.with_safe("What you typed is kept as a draft.").into()
}

fn unsaved(error: &std::io::Error) -> Failure {
    Failure::file("The draft cannot be kept", error)
}

fn fault(problem: &Problem) -> String {
    let violation = problem.violations.first();
    let message = violation.map_or(&problem.message, |violation| &violation.message);
    format!("{message}.")
}
