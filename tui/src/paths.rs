//! Where Viva keeps its files: the XDG folders, or the data folder that a setting names. Only paths
//! are made here; code that writes files makes the folders.

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
    /// The folder of the settings file.
    pub(crate) config: PathBuf,
    /// The folder that `~` stands for.
    pub(crate) home: PathBuf,
    /// The folder of bank files that the embedded server also uses, if set.
    pub(crate) bank: Option<PathBuf>,
    /// The settings file that was read, if it is not the default one.
    settings: Option<PathBuf>,
}

impl Paths {
    /// The folders according to `base`; `data_dir` replaces the whole data folder.
    pub(crate) fn new(base: &impl BaseStrategy, data_dir: Option<&Path>) -> Self {
        let data = data_dir.map_or_else(|| base.data_dir().join("viva"), Path::to_path_buf);
        let state = base.state_dir().unwrap_or_else(|| base.data_dir()).join("viva");
        let config = base.config_dir().join("viva");
        Self { data, state, config, home: base.home_dir().to_owned(), bank: None, settings: None }
    }

    /// Sets the folder of bank files.
    pub(crate) fn asking_from(self, bank: Option<PathBuf>) -> Self {
        Self { bank, ..self }
    }

    /// Sets the settings file that was read.
    pub(crate) fn with_settings(self, settings: Option<PathBuf>) -> Self {
        Self { settings, ..self }
    }

    /// Where bank files are written: the folder in the settings, or one beside the settings file.
    pub(crate) fn own_bank(&self, set: Option<&Path>) -> PathBuf {
        set.map_or_else(|| self.config.join("bank"), Path::to_path_buf)
    }

    /// The folder of your own ready-made interviews.
    pub(crate) fn templates(&self) -> PathBuf {
        self.config.join("templates")
    }

    /// The settings file: the one that was read, or the default one.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.settings.clone().unwrap_or_else(|| self.config.join("config.toml"))
    }

    /// The drafts of answers for one server; `None` is the embedded one.
    pub(crate) fn drafts(&self, server: Option<&ServerUrl>) -> PathBuf {
        self.data.join("drafts").join(server.map_or("local".to_owned(), ServerUrl::file_stem))
    }

    /// The folder of texts in the external editor.
    pub(crate) fn editing(&self) -> PathBuf {
        self.data.join("editor")
    }

    /// The file with the credentials for one server.
    pub(crate) fn session(&self, server: &ServerUrl) -> PathBuf {
        self.data.join("sessions").join(format!("{}.json", server.file_stem()))
    }

    /// The folder of what was loaded from one server, for reading while it cannot be reached.
    pub(crate) fn shelf(&self, server: &ServerUrl) -> PathBuf {
        self.data.join("loaded").join(server.file_stem())
    }

    /// The file with your decisions about language models on this machine.
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

    /// Folders below `root`, without using the environment.
    pub(crate) fn below(root: &Path) -> Paths {
        Paths {
            data: root.join("data"),
            state: root.join("state"),
            config: root.join("config"),
            home: root.to_owned(),
            bank: None,
            settings: None,
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
