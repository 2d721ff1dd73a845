//! What every command has at hand: the settings in force, how to print, and the server, which is
//! started or dialled when it is first needed.

use tokio::sync::OnceCell;

use super::Paper;
use crate::{
    api::Api, args::Flags, connect::connect, paths::Paths, problem::Problem, settings::Settings,
};

/// What a command has at hand.
pub(crate) struct Context {
    /// The settings in force.
    pub(crate) settings: Settings,
    /// The folders.
    pub(crate) paths: Paths,
    /// Whether JSON is asked for.
    pub(crate) json: bool,
    /// How to print for people.
    pub(crate) paper: Paper,
    api: OnceCell<Api>,
}

impl Context {
    /// Everything but the server.
    pub(crate) fn new(settings: Settings, paths: Paths, flags: &Flags) -> Self {
        Self {
            paper: Paper::new(&settings, flags),
            settings,
            paths,
            json: flags.json,
            api: OnceCell::new(),
        }
    }

    /// The client of the server, for calls as the account that is signed in.
    pub(crate) async fn api(&self) -> Result<&Api, Problem> {
        let api = self.client().await?;
        let is_signed_in = match api.access().session() {
            Some(session) => session.username().await.is_some(),
            None => true,
        };
        if !is_signed_in {
            // Somebody who mistyped the address is not to be told to sign in there.
            api.reach().await?;
        }
        Ok(api)
    }

    /// The client of the server, whether or not anybody is signed in.
    pub(super) async fn client(&self) -> Result<&Api, Problem> {
        let connect = || {
            let settings = &self.settings;
            let (server, key) = (settings.server.as_ref(), settings.api_key.as_ref());
            connect(server, key, settings.model.as_ref(), &self.paths)
        };
        self.api.get_or_try_init(connect).await
    }

    /// The server as a person calls it.
    pub(crate) fn server_name(&self) -> String {
        match &self.settings.server {
            None => "the built-in server".to_owned(),
            Some(server) => server.label().to_owned(),
        }
    }

    /// Lets an embedded server finish what it is at.
    pub(super) async fn close(&self) {
        if let Some(api) = self.api.get() {
            api.access().shutdown().await;
        }
    }
}
