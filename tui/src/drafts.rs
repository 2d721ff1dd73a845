//! Drafts of answers, one file each: what was typed, and the idempotency key it will be submitted
//! under. A draft outlives kill -9; only the server's acknowledgement removes it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::private;

/// Which answer a draft is for, on its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct DraftId {
    /// The interview.
    pub(crate) interview: i64,
    /// The question in it.
    pub(crate) question: i64,
}

/// How far a draft has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// It is being written.
    Writing,
    /// It was submitted and the server has not said yet that it has it. The text stays as it is,
    /// for the key belongs to it.
    Submitting,
}

/// An answer that the server does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// What it is for.
    #[serde(flatten)]
    pub(crate) id: DraftId,
    /// The idempotency key that it is, or will be, submitted under.
    pub(crate) key: String,
    /// How far it has got.
    pub(crate) stage: Stage,
    /// What was typed.
    pub(crate) text: String,
    /// How long it was worked on.
    pub(crate) elapsed_ms: i64,
    /// When it was last written, in milliseconds since 1970.
    pub(crate) saved_at_ms: i64,
}

impl Draft {
    /// When it was last written.
    pub(crate) fn saved_at(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.saved_at_ms).ok()
    }
}

/// The folder with the drafts for one server.
#[derive(Debug, Clone)]
pub(crate) struct DraftFolder(PathBuf);

impl DraftFolder {
    /// The drafts in `folder`, which need not exist yet.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Writes a draft in place of what was there. An empty one is no draft, and goes.
    pub(crate) fn save(&self, draft: &Draft) -> io::Result<()> {
        if draft.text.trim().is_empty() {
            return self.remove(draft.id);
        }
        private::replace_file(&self.file(draft.id), &serde_json::to_vec_pretty(draft)?)
    }

    /// Removes a draft.
    pub(crate) fn remove(&self, id: DraftId) -> io::Result<()> {
        private::remove_file(&self.file(id))
    }

    /// Removes the drafts of a whole interview.
    pub(crate) fn remove_interview(&self, interview: i64) -> io::Result<()> {
        let of_it = self.load()?.into_iter().filter(|draft| draft.id.interview == interview);
        of_it.into_iter().try_for_each(|draft| self.remove(draft.id))
    }

    /// All drafts. A file that cannot be read as one is left where it is, for a person to look at.
    pub(crate) fn load(&self) -> io::Result<Vec<Draft>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut drafts = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                drafts.extend(read(&path));
            }
        }
        drafts.sort_by_key(|draft: &Draft| draft.id);
        Ok(drafts)
    }

    fn file(&self, id: DraftId) -> PathBuf {
        self.0.join(format!("{}-{}.json", id.interview, id.question))
    }
}

fn read(path: &Path) -> Option<Draft> {
    let draft = fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if draft.is_none() {
        tracing::warn!(file = %path.display(), "a draft cannot be read and is left alone");
    }
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(question: i64, text: &str) -> Draft {
        Draft {
            id: DraftId { interview: 7, question },
            key: format!("key-{question}"),
            stage: Stage::Writing,
            text: text.to_owned(),
            elapsed_ms: 1_500,
            saved_at_ms: 1_700_000_000_000,
        }
    }

    #[test]
    fn drafts_come_back_as_they_were_saved() {
        let home = tempfile::tempdir().unwrap();
        let folder = DraftFolder::new(home.path().join("drafts/local"));
        assert_eq!(folder.load().unwrap(), []);
        folder.save(&draft(2, "two\nlines, ünïcode")).unwrap();
        folder.save(&draft(1, "old")).unwrap();
        folder.save(&draft(1, "new")).unwrap();
        assert_eq!(folder.load().unwrap(), [draft(1, "new"), draft(2, "two\nlines, ünïcode")]);
    }

    #[test]
    fn an_emptied_draft_and_those_of_a_deleted_interview_go() {
        let home = tempfile::tempdir().unwrap();
        let folder = DraftFolder::new(home.path().to_path_buf());
        folder.save(&draft(1, "text")).unwrap();
        folder.save(&draft(1, " \n")).unwrap();
        assert_eq!(folder.load().unwrap(), []);
        folder.save(&draft(2, "text")).unwrap();
        folder.remove_interview(8).unwrap();
        assert_eq!(folder.load().unwrap().len(), 1);
        folder.remove_interview(7).unwrap();
        assert_eq!(folder.load().unwrap(), []);
    }

    #[test]
    fn an_unreadable_file_does_not_hide_the_others() {
        let home = tempfile::tempdir().unwrap();
        let folder = DraftFolder::new(home.path().to_path_buf());
        folder.save(&draft(1, "text")).unwrap();
        fs::write(home.path().join("9-9.json"), "{").unwrap();
        assert_eq!(folder.load().unwrap().len(), 1);
        assert!(home.path().join("9-9.json").exists());
    }
}
