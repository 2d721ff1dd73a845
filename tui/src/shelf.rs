//! Copies of what was loaded from a remote server, on disk and readable only by their owner, for
//! reading while the server cannot be reached. They are erased with the session.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use prost::Message;

use crate::{
    private,
    problem::{Problem, ProblemKind},
};

/// The files of one server.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// The shelf in this folder, which is created with its first file.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Saves what was loaded. If the server could not be reached, returns the saved copy.
    pub(crate) async fn settle<M: Message + Default + Clone + 'static>(
        &self,
        name: String,
        loaded: &Result<M, Problem>,
    ) -> Option<M> {
        let shelf = self.clone();
        match loaded {
            Ok(message) => {
                let bytes = message.encode_to_vec();
                let kept = tokio::task::spawn_blocking(move || shelf.put(&name, &bytes)).await;
                // It is shown even if it cannot be saved.
                if let Ok(Err(error)) = kept {
                    tracing::warn!(%error, "what was loaded cannot be kept");
                }
                None
            }
            Err(problem) if problem.is_offline() => {
                let bytes = tokio::task::spawn_blocking(move || shelf.take(&name)).await;
                M::decode(bytes.ok()??.as_slice()).ok()
            }
            Err(problem) if problem.kind == ProblemKind::NotFound => {
                let gone = tokio::task::spawn_blocking(move || shelf.remove(&name)).await;
                if let Ok(Err(error)) = gone {
                    tracing::warn!(%error, "what is gone cannot be removed");
                }
                None
            }
            Err(_) => None,
        }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        private::replace_file(&self.folder.join(name), bytes)
    }

    fn take(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.join(name)).ok()
    }

    /// Removes a file, if it exists.
    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        private::remove_file(&self.folder.join(name))
    }
}

/// The file name of a report.
pub(crate) fn report(interview: i64) -> String {
    format!("report-{interview}.pb")
}

/// The file name of the list.
pub(crate) fn list() -> String {
    "interviews.pb".to_owned()
}

/// Removes everything in a server's folder.
pub(crate) fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::testing::data;

    #[tokio::test]
    async fn copies_are_used_while_the_server_is_unreachable_and_readable_only_by_their_owner() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("kept/server");
        let shelf = Shelf::new(folder.clone());
        let away = || Err(Problem::timeout());
        assert_eq!(shelf.settle(report(7), &away()).await, None::<viva_proto::v1::Report>);
        assert_eq!(shelf.settle(report(7), &Ok(data::finished())).await, None);
        assert_eq!(shelf.settle(report(7), &away()).await, Some(data::finished()));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(report(7)))), (0o700, 0o600));
        let gone = || Err(Problem::new(ProblemKind::NotFound, "Interview not found"));
        assert_eq!(shelf.settle(report(7), &gone()).await, None::<viva_proto::v1::Report>);
        assert_eq!(shelf.settle(report(7), &away()).await, None::<viva_proto::v1::Report>);
        shelf.settle(list(), &Ok(viva_proto::v1::ListInterviewsResponse::default())).await;
        clear(&folder).unwrap();
        clear(&folder).unwrap();
        assert!(!folder.exists());
    }
}
