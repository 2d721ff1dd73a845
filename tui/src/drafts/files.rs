//! The drafts for one server as files. A process remembers what it has read and written, and never
//! replaces anything else, because other processes write here too.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{Draft, DraftId, Kept, Ownership, Saved, Stage};
use crate::{notes::NoteFolder, private};

/// The folder of drafts for one server; clones share their memory.
#[derive(Debug, Clone)]
pub(crate) struct DraftFolder {
    path: PathBuf,
    held: Arc<Mutex<BTreeMap<DraftId, Held>>>,
}

/// The draft that this process continues with.
#[derive(Debug, Clone)]
struct Held {
    /// The name of its file.
    name: String,
    /// What was last read from the file or written to it.
    known: Draft,
}

/// The content of a file.
enum There {
    Nothing,
    Draft(Draft),
    /// Something else, which is left alone.
    Unreadable,
}

impl DraftFolder {
    /// The drafts in the folder at `path`, which need not exist yet.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, held: Arc::default() }
    }

    /// Saves a draft in place of the one that this process knows. If another one is there now, it
    /// is saved beside that. An empty draft is removed.
    pub(crate) fn save(&self, draft: &Draft) -> io::Result<Saved> {
        let _lock = self.lock()?;
        let name = self.place_for(draft);
        if draft.text.trim().is_empty() {
            if let Some(name) = name {
                private::remove_file(&self.path.join(name))?;
            }
            self.held().remove(&draft.id);
        } else {
            let name = name.unwrap_or_else(|| apart(draft.id));
            private::replace_file(&self.path.join(&name), &serde_json::to_vec_pretty(draft)?)?;
            self.held().insert(draft.id, Held { name, known: draft.clone() });
        }
        Ok(Saved { at_ms: draft.saved_at_ms, others: self.others(draft)? })
    }

    /// Continues with this draft, as it was read.
    pub(crate) fn hold(&self, kept: Kept) {
        self.held().insert(kept.draft.id, Held { name: kept.name, known: kept.draft });
    }

    /// Removes the draft that this process continues with, unless another process has changed it.
    pub(crate) fn remove(&self, id: DraftId) -> io::Result<()> {
        let Some(held) = self.held().remove(&id) else { return Ok(()) };
        let _lock = self.lock()?;
        let file = self.path.join(held.name);
        match there(&file) {
            There::Draft(draft) if draft == held.known => private::remove_file(&file),
            _ => Ok(()),
        }
    }

    /// The folder of notes on questions of the same server.
    pub(crate) fn notes(&self) -> NoteFolder {
        NoteFolder::new(self.path.join("notes"))
    }

    /// Removes all drafts of an interview, also of other processes, and the notes on its questions.
    pub(crate) fn remove_interview(&self, interview: i64) -> io::Result<()> {
        self.notes().remove_interview(interview)?;
        let of_it = self.load()?.into_iter().filter(|kept| kept.draft.id.interview == interview);
        of_it.into_iter().try_for_each(|kept| self.forget(&kept))
    }

    /// Removes all drafts, also of other processes.
    pub(crate) fn remove_all(&self) -> io::Result<()> {
        self.load()?.iter().try_for_each(|kept| self.forget(kept))
    }

    /// Loads all drafts. A file that cannot be parsed is left in place for the user.
    pub(crate) fn load(&self) -> io::Result<Vec<Kept>> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut drafts = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                drafts.extend(self.kept(&path));
            }
        }
        // The newest of each question first.
        drafts.sort_by_key(|kept: &Kept| (kept.draft.id, -kept.draft.saved_at_ms));
        Ok(drafts)
    }

    /// The path of the folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A name under which the draft replaces nothing unknown to this process; `None` if it needs a
    /// new one.
    fn place_for(&self, draft: &Draft) -> Option<String> {
        let held = self.held().get(&draft.id).cloned();
        let (name, known) = match held {
            Some(held) => (held.name, Some(held.known)),
            None => (own(draft.id), None),
        };
        let is_free = match there(&self.path.join(&name)) {
            There::Nothing => true,
            There::Unreadable => false,
            There::Draft(there) => Some(&there) == known.as_ref() || is_same(&there, draft),
        };
        is_free.then_some(name)
    }

    /// Other drafts for the same question with a different text.
    fn others(&self, draft: &Draft) -> io::Result<Vec<Kept>> {
        let mut all = self.load()?;
        all.retain(|kept| kept.ownership != Ownership::Own && kept.draft.id == draft.id);
        all.retain(|kept| kept.draft.text != draft.text);
        Ok(all)
    }

    fn kept(&self, path: &Path) -> Option<Kept> {
        let name = path.file_name()?.to_str()?.to_owned();
        let There::Draft(draft) = there(path) else {
            tracing::warn!(file = %path.display(), "a draft cannot be read and is left alone");
            return None;
        };
        let ownership = match self.held().get(&draft.id) {
            Some(held) if held.name == name && held.known == draft => Ownership::Own,
            Some(held) if held.name == name => Ownership::Instead,
            _ => Ownership::Beside,
        };
        Some(Kept { draft, name, ownership })
    }

    fn forget(&self, kept: &Kept) -> io::Result<()> {
        self.held().remove(&kept.draft.id);
        private::remove_file(&self.path.join(&kept.name))
    }

    /// Keeps other processes out until it is dropped.
    fn lock(&self) -> io::Result<File> {
        private::make_folder(&self.path)?;
        // Beside the folder, which contains only drafts.
        let path = self.path.with_added_extension("lock");
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        file.lock()?;
        Ok(file)
    }

    /// Nothing panics while it holds this lock, and the map is always consistent.
    fn held(&self) -> MutexGuard<'_, BTreeMap<DraftId, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The file name of a draft that has no other beside it.
fn own(id: DraftId) -> String {
    format!("{}-{}.json", id.interview, id.question)
}

/// An unused file name.
fn apart(id: DraftId) -> String {
    format!("{}-{}.{:016x}.json", id.interview, id.question, rand::random::<u64>())
}

/// Whether replacing one by the other loses nothing. A submitted text belongs to its key.
fn is_same(there: &Draft, draft: &Draft) -> bool {
    there.text == draft.text && (there.stage == Stage::Writing || there.key == draft.key)
}

fn there(path: &Path) -> There {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => There::Nothing,
        Err(_) => There::Unreadable,
        Ok(bytes) => serde_json::from_slice(&bytes).map_or(There::Unreadable, There::Draft),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drafts::foremost;

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

    /// Another process on the same folder.
    fn other(folder: &DraftFolder) -> DraftFolder {
        DraftFolder::new(folder.path.clone())
    }

    fn texts(folder: &DraftFolder) -> Vec<String> {
        let mut texts: Vec<_> = folder.load().unwrap().into_iter().map(|k| k.draft.text).collect();
        texts.sort();
        texts
    }

    /// A process reads the drafts and continues with one.
    fn take(folder: &DraftFolder) -> Draft {
        let kept = foremost(&folder.load().unwrap()).unwrap().clone();
        folder.hold(kept.clone());
        kept.draft
    }

    #[test]
    fn drafts_are_loaded_as_saved() {
        let home = tempfile::tempdir().unwrap();
        let folder = DraftFolder::new(home.path().join("drafts/local"));
        assert_eq!(folder.load().unwrap(), []);
        folder.save(&draft(2, "two\nlines, ünïcode")).unwrap();
        folder.save(&draft(1, "old")).unwrap();
        folder.save(&draft(1, "new")).unwrap();
        let drafts: Vec<_> = folder.load().unwrap().into_iter().map(|kept| kept.draft).collect();
        assert_eq!(drafts, [draft(1, "new"), draft(2, "two\nlines, ünïcode")]);
    }

    #[test]
    fn an_emptied_draft_and_those_of_a_deleted_interview_are_removed() {
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
    fn an_unreadable_file_does_not_hide_others_and_is_never_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let folder = DraftFolder::new(home.path().to_path_buf());
        folder.save(&draft(1, "text")).unwrap();
        fs::write(home.path().join("7-2.json"), "{").unwrap();
        assert_eq!(folder.load().unwrap().len(), 1);
        folder.save(&draft(2, "typed")).unwrap();
        assert_eq!(fs::read_to_string(home.path().join("7-2.json")).unwrap(), "{");
        assert_eq!(texts(&folder), ["text", "typed"]);
    }

    #[test]
    fn a_draft_is_replaced_only_by_the_process_that_has_read_it() {
        let home = tempfile::tempdir().unwrap();
        let here = DraftFolder::new(home.path().to_path_buf());
        let there = other(&here);
        here.save(&draft(1, "A1")).unwrap();
        take(&there);
        assert_eq!(here.save(&draft(1, "A2")).unwrap().others, []);
        let saved = there.save(&draft(1, "B2")).unwrap();
        assert_eq!(saved.others.len(), 1, "the save reports the one that it has not read");
        assert_eq!(saved.others[0].draft.text, "A2");
        // Each process continues with its own draft.
        there.save(&draft(1, "B3")).unwrap();
        assert_eq!(here.save(&draft(1, "A3")).unwrap().others[0].draft.text, "B3");
        assert_eq!(texts(&here), ["A3", "B3"]);
        here.remove(draft(1, "").id).unwrap();
        assert_eq!(texts(&here), ["B3"], "only this process's draft is removed");
    }

    #[test]
    fn a_process_that_has_read_nothing_replaces_and_removes_nothing() {
        let home = tempfile::tempdir().unwrap();
        let here = DraftFolder::new(home.path().to_path_buf());
        here.save(&draft(1, "here")).unwrap();
        let there = other(&here);
        there.remove(draft(1, "").id).unwrap();
        there.save(&draft(1, "")).unwrap();
        assert_eq!(texts(&here), ["here"]);
        there.save(&draft(1, "there")).unwrap();
        assert_eq!(texts(&here), ["here", "there"]);
        let changed = draft(1, "here, changed elsewhere");
        private::replace_file(
            &home.path().join("7-1.json"),
            &serde_json::to_vec(&changed).unwrap(),
        )
        .unwrap();
        here.remove(draft(1, "").id).unwrap();
        assert_eq!(texts(&here), ["here, changed elsewhere", "there"]);
    }

    #[test]
    fn equal_texts_from_two_processes_are_one_draft_unless_submitted_with_another_key() {
        let home = tempfile::tempdir().unwrap();
        let here = DraftFolder::new(home.path().to_path_buf());
        here.save(&draft(1, "same")).unwrap();
        other(&here).save(&Draft { saved_at_ms: 1, ..draft(1, "same") }).unwrap();
        assert_eq!(texts(&here), ["same"]);
        let submitted = Draft { stage: Stage::Submitting, ..draft(2, "sent") };
        here.save(&submitted).unwrap();
        other(&here).save(&Draft { key: "another".into(), ..draft(2, "sent") }).unwrap();
        assert_eq!(texts(&here), ["same", "sent", "sent"]);
    }

    #[test]
    fn of_several_drafts_the_first_submitted_one_continues_otherwise_the_newest() {
        let home = tempfile::tempdir().unwrap();
        let here = DraftFolder::new(home.path().to_path_buf());
        here.save(&draft(1, "older")).unwrap();
        let at = |seconds: i64| 1_700_000_000_000 + 1000 * seconds;
        other(&here).save(&Draft { saved_at_ms: at(1), ..draft(1, "newer") }).unwrap();
        assert_eq!(take(&other(&here)).text, "newer");
        let submitted = |text, seconds| Draft {
            stage: Stage::Submitting,
            saved_at_ms: at(seconds),
            ..draft(1, text)
        };
        other(&here).save(&submitted("submitted second", 9)).unwrap();
        other(&here).save(&submitted("submitted first", 8)).unwrap();
        assert_eq!(take(&other(&here)).text, "submitted first");
    }

    #[test]
    fn twenty_processes_at_once_keep_twenty_texts() {
        let home = tempfile::tempdir().unwrap();
        let folder = DraftFolder::new(home.path().to_path_buf());
        std::thread::scope(|scope| {
            for at in 0..20 {
                let folder = other(&folder);
                scope.spawn(move || folder.save(&draft(1, &format!("text {at:02}"))).unwrap());
            }
        });
        assert_eq!(texts(&folder), (0..20).map(|at| format!("text {at:02}")).collect::<Vec<_>>());
    }
}
