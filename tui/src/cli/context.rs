//! What every command needs: the settings in force, how to print, and the server, which is started
//! or dialled on first use.

use tokio::sync::OnceCell;

use super::Paper;
use crate::{
    api::Api, connect::connect, flags::Flags, paths::Paths, problem::Problem, settings::Settings,
};

/// What every command needs.
pub(crate) struct Context {
    /// The settings in force.
    pub(crate) settings: Settings,
    /// The folders.
    pub(crate) paths: Paths,
    /// Whether to print JSON.
    pub(crate) json: bool,
    /// How to print for people.
    pub(crate) paper: Paper,
    api: OnceCell<Api>,
}

impl Context {
    /// A context that has not started or dialled the server yet.
    pub(crate) fn new(settings: Settings, paths: Paths, flags: &Flags) -> Self {
        Self {
            paper: Paper::new(&settings, flags),
            settings,
            paths,
            json: flags.json,
            api: OnceCell::new(),
        }
    }

    /// Returns the client of the server, for calls as the signed-in account.
    pub(crate) async fn api(&self) -> Result<&Api, Problem> {
        let api = self.client().await?;
        let is_signed_in = match api.access().session() {
            Some(session) => session.username().await.is_some(),
            None => true,
        };
        if !is_signed_in {
            // Check the address first: if it is mistyped, do not ask the user to sign in there.
            api.reach().await?;
        }
        Ok(api)
    }

    /// Returns the client of the server, signed in or not.
    pub(super) async fn client(&self) -> Result<&Api, Problem> {
        let connect = || {
            let settings = &self.settings;
            let (server, key) = (settings.server.as_ref(), settings.api_key.as_ref());
            connect(server, key, settings.model.as_ref(), &self.paths)
        };
        self.api.get_or_try_init(connect).await
    }

    /// The server's name in messages.
    pub(crate) fn server_name(&self) -> String {
        match &self.settings.server {
            None => "the built-in server".to_owned(),
            Some(server) => server.label().to_owned(),
        }
    }

    /// Lets an embedded server finish its work.
    pub(super) async fn close(&self) {
        if let Some(api) = self.api.get() {
            api.access().shutdown().await;
        }
    }
}
