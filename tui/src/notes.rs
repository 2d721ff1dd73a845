//! Notes on questions that the server does not have yet, one file each beside the drafts of
//! answers. A note is removed only once the server acknowledges it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use viva_proto::v1::{MarkedQuestion, SetQuestionMarkRequest};

use crate::private;

/// The question of a note, on its server. If the question is deleted, only its mark is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct NoteId {
    /// The interview; 0 if it is deleted.
    pub(crate) interview: i64,
    /// The question; 0 if it is deleted.
    pub(crate) question: i64,
    /// The mark of a deleted question, otherwise 0.
    pub(crate) mark: i64,
}

impl NoteId {
    /// The id of a note on a question of an interview.
    pub(crate) fn question(interview: i64, question: i64) -> Self {
        Self { interview, question, mark: 0 }
    }

    /// The id of a note on a question in the list of marks.
    pub(crate) fn listed(marked: &MarkedQuestion) -> Self {
        if marked.question_id != 0 {
            return Self::question(marked.interview_id, marked.question_id);
        }
        let mark = marked.mark.as_ref().map_or(0, |mark| mark.id);
        Self { interview: 0, question: 0, mark }
    }

    /// A request that names the question and changes nothing.
    pub(crate) fn request(self) -> SetQuestionMarkRequest {
        SetQuestionMarkRequest {
            question_id: self.question,
            mark_id: self.mark,
            ..SetQuestionMarkRequest::default()
        }
    }
}

/// A note that the server does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NoteDraft {
    /// The question.
    #[serde(flatten)]
    pub(crate) id: NoteId,
    /// The server's note when this one was begun.
    pub(crate) base: String,
    /// What was typed.
    pub(crate) text: String,
}

/// The folder of notes for one server.
#[derive(Debug, Clone)]
pub(crate) struct NoteFolder(PathBuf);

impl NoteFolder {
    /// The notes in `folder`, which need not exist yet.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Saves a note in place of any earlier one; an empty one is there to delete the server's.
    pub(crate) fn save(&self, note: &NoteDraft) -> io::Result<()> {
        private::replace_file(&self.file(note.id), &serde_json::to_vec_pretty(note)?)
    }

    /// Removes a note.
    pub(crate) fn remove(&self, id: NoteId) -> io::Result<()> {
        private::remove_file(&self.file(id))
    }

    /// Removes the notes on an interview's questions; 0 stands for deleted interviews.
    pub(crate) fn remove_interview(&self, interview: i64) -> io::Result<()> {
        let of_it = self.load()?.into_iter().filter(|note| note.id.interview == interview);
        of_it.into_iter().try_for_each(|note| self.remove(note.id))
    }

    /// Loads all notes. A file that cannot be parsed is left in place for the user.
    pub(crate) fn load(&self) -> io::Result<Vec<NoteDraft>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut notes = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                notes.extend(read(&path));
            }
        }
        notes.sort_by_key(|note: &NoteDraft| note.id);
        Ok(notes)
    }

    fn file(&self, id: NoteId) -> PathBuf {
        self.0.join(format!("{}-{}-{}.json", id.interview, id.question, id.mark))
    }
}

fn read(path: &Path) -> Option<NoteDraft> {
    let note = fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if note.is_none() {
        tracing::warn!(file = %path.display(), "a note cannot be read and is left alone");
    }
    note
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(interview: i64, text: &str) -> NoteDraft {
        NoteDraft { id: NoteId::question(interview, 70), base: "old".into(), text: text.into() }
    }

    #[test]
    fn notes_are_loaded_as_saved_and_removed_with_their_interview() {
        let home = tempfile::tempdir().unwrap();
        let folder = NoteFolder::new(home.path().join("notes"));
        assert_eq!(folder.load().unwrap(), []);
        folder.save(&note(8, "eight")).unwrap();
        folder.save(&note(7, "first")).unwrap();
        folder.save(&note(7, "two\nlines, ünïcode")).unwrap();
        fs::write(home.path().join("notes/9-9-0.json"), "{").unwrap();
        assert_eq!(folder.load().unwrap(), [note(7, "two\nlines, ünïcode"), note(8, "eight")]);
        folder.remove_interview(7).unwrap();
        assert_eq!(folder.load().unwrap(), [note(8, "eight")]);
        folder.save(&note(8, "")).unwrap();
        assert_eq!(folder.load().unwrap(), [note(8, "")], "an empty note deletes the server's");
        folder.remove(note(8, "").id).unwrap();
        assert_eq!(folder.load().unwrap(), []);
    }

    #[test]
    fn a_deleted_question_is_identified_by_its_mark() {
        let mark = Some(viva_proto::v1::QuestionMark { id: 3, ..Default::default() });
        let gone = MarkedQuestion { mark, ..MarkedQuestion::default() };
        assert_eq!(NoteId::listed(&gone), NoteId { interview: 0, question: 0, mark: 3 });
        let there = MarkedQuestion { interview_id: 7, question_id: 70, ..gone };
        assert_eq!(NoteId::listed(&there), NoteId::question(7, 70));
    }
}
