//! Options of an interview besides role, level and count: topics, a job advert, the mode.

use std::path::Path;

use viva_proto::v1::{CreateInterviewRequest, InterviewMode, TopicPreview};

use super::{Talk, answer::END, console::say};
use crate::{
    cli::{self, Exit, Failure, fresh_key},
    drafts::{Draft, DraftId},
    text, words,
};

/// What to do before the interview is started.
enum Refinement {
    Start,
    Topics,
    Advert,
    AdvertFile,
    Mode,
}

impl Talk<'_> {
    /// Starts the interview once you add nothing more. What breaks a rule is named and can be corrected.
    pub(super) async fn refine(
        &mut self,
        mut request: CreateInterviewRequest,
        topics: &[TopicPreview],
        told: &str,
    ) -> Result<i64, Failure> {
        let is_written = self.context.settings.model.is_some();
        let mut advert = self.draft(DraftId::ADVERT, "").await?;
        request.job_description.clone_from(&advert.text);
        loop {
            match self.choose_refinement(&request, topics).await? {
                Refinement::Topics => request.topics = self.topics(topics).await?,
                Refinement::Advert => {
                    self.advert(&mut advert).await?;
                    request.job_description.clone_from(&advert.text);
                }
                Refinement::AdvertFile => {
                    if let Some(advert) = self.advert_file().await? {
                        request.job_description = advert;
                    }
                }
                Refinement::Mode => {
                    let (mode, minutes) = self.mode().await?;
                    (request.mode, request.minutes) = (mode.into(), minutes);
                }
                Refinement::Start => {
                    request.idempotency_key = fresh_key();
                    match self.create(request.clone(), is_written, told).await {
                        Err(failure) if failure.exit == Exit::Usage => say(&failure.message)?,
                        Ok(id) => {
                            // An advert that was not used is kept for the next interview.
                            if request.job_description == advert.text {
                                self.forget(DraftId::ADVERT)?;
                            }
                            return Ok(id);
                        }
                        Err(failure) => return Err(failure),
                    }
                }
            }
        }
    }

    async fn choose_refinement(
        &mut self,
        request: &CreateInterviewRequest,
        topics: &[TopicPreview],
    ) -> Result<Refinement, Failure> {
        let chosen = match request.topics.len() {
            0 => "all that fit".to_owned(),
            _ => request.topics.join(", "),
        };
        let advert = match words::word_count(&request.job_description) {
            0 => "none".to_owned(),
            count => words::count(count, "word"),
        };
        let mut choices = vec![("Start the interview".to_owned(), Refinement::Start)];
        if !topics.is_empty() {
            choices.push((format!("Choose topics ({chosen})"), Refinement::Topics));
        }
        choices.push((format!("Type or paste a job advert ({advert})"), Refinement::Advert));
        choices.push(("Read a job advert from a file".to_owned(), Refinement::AdvertFile));
        let mode = if request.mode() == InterviewMode::Real { "real" } else { "study" };
        choices.push((format!("Change the mode ({mode})"), Refinement::Mode));
        self.console.choose("Ready?", choices).await
    }

    async fn topics(&mut self, topics: &[TopicPreview]) -> Result<Vec<String>, Failure> {
        say("\nWhich topics?")?;
        for (topic, number) in topics.iter().zip(1..) {
            say(&format!("{number}. {}", text::neutral_line(&topic.title)))?;
        }
        loop {
            say("Their numbers, with spaces between them; Enter alone takes all that fit:")?;
            let line = self.console.line().await?;
            let numbers = line.split([' ', ',']).filter(|word| !word.is_empty());
            let chosen: Option<Vec<String>> = numbers
                .map(|word| {
                    let at = word.parse::<usize>().ok()?.checked_sub(1)?;
                    topics.get(at).map(|topic| topic.topic.clone())
                })
                .collect();
            match chosen {
                Some(chosen) => return Ok(chosen),
                None => say(&format!("Please type numbers from 1 to {}.", topics.len()))?,
            }
        }
    }

    /// Reads an advert in place of the current one. It is a draft until an interview uses it.
    async fn advert(&mut self, draft: &mut Draft) -> Result<(), Failure> {
        if !draft.text.is_empty() {
            self.keep_beside(draft)?;
            draft.text.clear();
        }
        say("Type or paste the advert. A line with a single full stop ends it.")?;
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

    async fn advert_file(&mut self) -> Result<Option<String>, Failure> {
        say("Which file? Enter alone goes back:")?;
        let line = self.console.line().await?;
        // Standard input is this conversation, so it cannot be the advert.
        if matches!(line.trim(), "" | "-") {
            return Ok(None);
        }
        match cli::text_of(Path::new(line.trim())).await {
            Ok(text) => Ok(Some(text)),
            Err(failure) => {
                say(&failure.message)?;
                Ok(None)
            }
        }
    }
}
