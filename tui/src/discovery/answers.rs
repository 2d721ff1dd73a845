//! Your decisions about models that were found, kept so that each is offered only once.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::Found;
use crate::{
    private,
    problem::{Problem, ProblemKind},
};

/// The version of the file; a file of another version is ignored.
const VERSION: u32 = 1;

/// The file with the decisions.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    file: PathBuf,
}

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Answer {
    /// The model is used.
    Yes,
    /// The model is not to be offered again.
    No,
}

/// The file's content.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    answers: Vec<Given>,
}

/// A decision and its model: the same name may be another model elsewhere.
#[derive(Serialize, Deserialize)]
struct Given {
    address: String,
    model: String,
    answer: Answer,
}

impl Given {
    fn is_about(&self, found: &Found) -> bool {
        self.model == found.name && self.address == found.address()
    }
}

impl Answers {
    /// The decisions in this file.
    pub(crate) fn new(file: PathBuf) -> Self {
        Self { file }
    }

    /// The models without a decision.
    pub(crate) fn unanswered(&self, models: Vec<Found>) -> Vec<Found> {
        let given = read(&self.file);
        let is_new = |found: &Found| !given.iter().any(|given| given.is_about(found));
        models.into_iter().filter(is_new).collect()
    }

    /// Saves a decision about these models, replacing earlier ones.
    pub(crate) fn keep(&self, models: &[Found], answer: Answer) -> Result<(), Problem> {
        let mut answers = read(&self.file);
        answers.retain(|given| !models.iter().any(|found| given.is_about(found)));
        let given =
            |found: &Found| Given { address: found.address(), model: found.name.clone(), answer };
        answers.extend(models.iter().map(given));
        let json = serde_json::to_vec_pretty(&Stored { version: VERSION, answers })
            .map_err(|error| self.unwritable(&error))?;
        private::replace_file(&self.file, &json).map_err(|error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &impl std::fmt::Display) -> Problem {
        let file = self.file.display();
        Problem::new(ProblemKind::Local, format!("Your choice cannot be kept in {file}: {error}"))
    }
}

/// The stored decisions; none if the file is missing or not ours.
fn read(file: &Path) -> Vec<Given> {
    let bytes = fs::read(file).unwrap_or_default();
    let stored = serde_json::from_slice::<Stored>(&bytes).ok();
    stored.filter(|stored| stored.version == VERSION).map_or_else(Vec::new, |stored| stored.answers)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use tempfile::TempDir;

    use super::*;
    use crate::discovery::tests::found;

    fn answers() -> (TempDir, Answers) {
        let home = tempfile::tempdir().unwrap();
        let answers = Answers::new(home.path().join("data/local-models.json"));
        (home, answers)
    }

    #[test]
    fn a_model_at_one_address_is_offered_only_once() {
        let (_home, answers) = answers();
        let (a, b) = (found("a:8b"), found("b:8b"));
        let elsewhere = Found { port: 1234, ..a.clone() };
        let all = || vec![a.clone(), b.clone(), elsewhere.clone()];
        assert_eq!(answers.unanswered(all()), all());
        answers.keep(std::slice::from_ref(&a), Answer::No).unwrap();
        assert_eq!(answers.unanswered(all()), [b.clone(), elsewhere.clone()]);
        answers.keep(&[b.clone(), elsewhere.clone()], Answer::Yes).unwrap();
        assert_eq!(answers.unanswered(all()), []);
    }

    #[test]
    fn an_answer_replaces_an_earlier_one() {
        let (_home, answers) = answers();
        for answer in [Answer::No, Answer::Yes] {
            answers.keep(&[found("a:8b")], answer).unwrap();
        }
        let given = read(&answers.file);
        assert_eq!((given.len(), given[0].answer), (1, Answer::Yes));
    }

    #[test]
    fn the_file_is_readable_only_by_its_owner() {
        let (_home, answers) = answers();
        answers.keep(&[found("a:8b")], Answer::No).unwrap();
        assert_eq!(fs::metadata(&answers.file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_not_ours_is_ignored() {
        let (_home, answers) = answers();
        private::make_folder(answers.file.parent().unwrap()).unwrap();
        for content in ["", "rubbish", r#"{"version":2,"answers":[]}"#, r#"{"version":1}"#] {
            fs::write(&answers.file, content).unwrap();
            assert_eq!(answers.unanswered(vec![found("a:8b")]).len(), 1, "{content}");
        }
    }

    #[test]
    fn a_failure_to_save_names_the_file() {
        let (home, _) = answers();
        fs::write(home.path().join("file"), "").unwrap();
        let answers = Answers::new(home.path().join("file/local-models.json"));
        let problem = answers.keep(&[found("a:8b")], Answer::No).unwrap_err();
        assert!(problem.message.contains("local-models.json"), "{problem:?}");
    }
}
