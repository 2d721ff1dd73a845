//! Where Viva keeps its files: the XDG folders, or the data folder that a setting names.
//! Only names are made here; folders are made by whoever writes into them.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::server_url::ServerUrl;

/// The folders of this user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paths {
    /// Database, keys, drafts, sessions.
    pub(crate) data: PathBuf,
    /// The log.
    pub(crate) state: PathBuf,
    /// Where the settings file is looked for.
    pub(crate) config: PathBuf,
    /// The folder of bank files that the embedded server asks from, too, where one is set.
    pub(crate) bank: Option<PathBuf>,
}

impl Paths {
    /// The folders that `base` gives; `data_dir` replaces the data folder as a whole.
    pub(crate) fn new(base: &impl BaseStrategy, data_dir: Option<&Path>) -> Self {
        let data = data_dir.map_or_else(|| base.data_dir().join("viva"), Path::to_path_buf);
        let state = base.state_dir().unwrap_or_else(|| base.data_dir()).join("viva");
        Self { data, state, config: base.config_dir().join("viva"), bank: None }
    }

    /// The same with a folder of bank files.
    pub(crate) fn asking_from(self, bank: Option<PathBuf>) -> Self {
        Self { bank, ..self }
    }

    /// Where bank files are written: the folder that is set, or one beside the settings.
    pub(crate) fn own_bank(&self, set: Option<&Path>) -> PathBuf {
        set.map_or_else(|| self.config.join("bank"), Path::to_path_buf)
    }

    /// The folder of one's own ready-made interviews.
    pub(crate) fn templates(&self) -> PathBuf {
        self.config.join("templates")
    }

    /// The settings file that is read when none is named.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The drafts of answers for one server; `None` is the embedded one.
    pub(crate) fn drafts(&self, server: Option<&ServerUrl>) -> PathBuf {
        self.data.join("drafts").join(server.map_or("local".to_owned(), ServerUrl::file_stem))
    }

    /// Texts that are handed to an editor.
    pub(crate) fn editing(&self) -> PathBuf {
        self.data.join("editor")
    }

    /// The file with the credentials for one server.
    pub(crate) fn session(&self, server: &ServerUrl) -> PathBuf {
        self.data.join("sessions").join(format!("{}.json", server.file_stem()))
    }

    /// What was said of language models that were found on this machine.
    pub(crate) fn local_models(&self) -> PathBuf {
        self.data.join("local-models.json")
    }

    /// The folder of the log files.
    pub(crate) fn log(&self) -> PathBuf {
        self.state.join("log")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Folders below `root`, with nothing taken from the environment.
    pub(crate) fn below(root: &Path) -> Paths {
        Paths {
            data: root.join("data"),
            state: root.join("state"),
            config: root.join("config"),
            bank: None,
        }
    }

    #[test]
    fn servers_do_not_share_drafts_or_sessions() {
        let paths = below(Path::new("/home/ana"));
        let one: ServerUrl = "https://viva.example.org".parse().unwrap();
        let other: ServerUrl = "http://viva.example.org".parse().unwrap();
        assert_ne!(paths.drafts(Some(&one)), paths.drafts(Some(&other)));
        assert_ne!(paths.session(&one), paths.session(&other));
        assert_eq!(paths.drafts(None), Path::new("/home/ana/data/drafts/local"));
    }
}
