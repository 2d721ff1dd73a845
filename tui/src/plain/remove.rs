//! Deleting an interview. Enter alone never deletes.

use super::{Talk, console::say, described};
use crate::cli::{Failure, note};

impl Talk<'_> {
    /// Deletes the interview that you choose and confirm.
    pub(super) async fn delete(&mut self) -> Result<(), Failure> {
        let interviews = self.api.list_interviews(String::new()).await?.interviews;
        let mut choices = vec![("None, go back".to_owned(), None)];
        choices.extend(interviews.iter().map(|interview| (described(interview), Some(interview))));
        let chosen = self.console.choose("Which interview do you want to delete?", choices).await?;
        let Some(interview) = chosen else { return Ok(()) };
        let question = format!("Delete {} permanently?", described(interview));
        let choices = vec![("Keep it", false), ("Delete it", true)];
        if !self.console.choose(&question, choices).await? {
            return say("Nothing was deleted.");
        }
        self.api.delete_interview(interview.id).await?;
        if let Err(error) = self.drafts.remove_interview(interview.id) {
            note(&format!("A draft for it could not be removed: {error}"));
        }
        say("The interview is deleted.")
    }
}
