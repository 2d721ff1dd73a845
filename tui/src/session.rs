//! The signed-in session with a remote server: its tokens, and the file that keeps them between
//! runs. Several processes may share the file, so it is read again before a token is refreshed.

#[cfg(test)]
pub(crate) mod tests;

use std::{fs::File, path::PathBuf, sync::Arc};

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, RwLock};
use tonic::transport::Channel;
use viva_proto::v1::{self, auth_service_client::AuthServiceClient};

use crate::{
    deadline,
    local::Dial,
    paths::Paths,
    private,
    problem::{Problem, ProblemKind},
    server_url::ServerUrl,
    shelf,
};

/// A session with one server, signed in or not; clones share it.
#[derive(Clone)]
pub(crate) struct Session {
    file: PathBuf,
    /// The folder of what was loaded with the session, which is erased with it.
    shelf: PathBuf,
    channel: Channel,
    dial: Option<Dial>,
    current: Arc<RwLock<Option<Credentials>>>,
    // One refresh at a time in this process; the lock file covers other processes.
    refreshing: Arc<Mutex<()>>,
}

/// The tokens of a signed-in account.
#[derive(Debug, Clone)]
struct Credentials {
    username: String,
    access_token: SecretString,
    refresh_token: SecretString,
}

/// The file's content.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    server: String,
    username: String,
    access_token: String,
    refresh_token: String,
}

impl Session {
    /// The session with `server`, signed in if an earlier run left it so.
    pub(crate) fn open(paths: &Paths, server: &ServerUrl, channel: Channel) -> Self {
        let file = paths.session(server);
        let current = Arc::new(RwLock::new(read(&file)));
        let shelf = paths.shelf(server);
        Self { file, shelf, channel, dial: None, current, refreshing: Arc::default() }
    }

    /// The same session, over a channel made with `dial`.
    pub(crate) fn dialled(self, dial: Dial) -> Self {
        Self { dial: Some(dial), ..self }
    }

    /// The name of the signed-in account.
    pub(crate) async fn username(&self) -> Option<String> {
        self.current.read().await.as_ref().map(|c| c.username.clone())
    }

    /// The access token for calls.
    pub(crate) async fn bearer(&self) -> Result<SecretString, Problem> {
        let current = self.current.read().await;
        current.as_ref().map(|c| c.access_token.clone()).ok_or_else(Problem::sign_in)
    }

    /// Signs in and saves the session, under the account's name as the server spells it. Returns
    /// the server's notice to the account.
    pub(crate) async fn sign_in(
        &self,
        username: &str,
        password: &SecretString,
    ) -> Result<Option<String>, Problem> {
        let request = v1::LoginRequest {
            username: username.to_owned(),
            password: password.expose_secret().to_owned(),
        };
        let mut client = AuthServiceClient::new(self.channel.clone());
        let reply = deadline::as_usual(client.login(request), self.dial.as_ref()).await?;
        let account = match &reply.session {
            Some(session) => whose(&mut client, session, self.dial.as_ref()).await,
            None => v1::GetMeResponse::default(),
        };
        let name = account.user.map(|user| user.username);
        let name = name.as_deref().unwrap_or(username);
        // Do not show what another account has loaded here.
        if read(&self.file).is_none_or(|before| before.username != name) {
            self.clear_shelf()?;
        }
        self.keep(name, reply.session).await?;
        Ok(Some(account.notice).filter(|notice| !notice.is_empty()))
    }

    /// Creates an account without signing in.
    pub(crate) async fn register(
        &self,
        username: &str,
        email: &str,
        password: &SecretString,
    ) -> Result<(), Problem> {
        let request = v1::RegisterRequest {
            username: username.to_owned(),
            email: email.to_owned(),
            password: password.expose_secret().to_owned(),
        };
        let mut client = AuthServiceClient::new(self.channel.clone());
        deadline::as_usual(client.register(request), self.dial.as_ref()).await.map(drop)
    }

    /// Returns a token to replace `stale`: another process's, or one refreshed here.
    pub(crate) async fn renew(&self, stale: &SecretString) -> Result<SecretString, Problem> {
        let (session, stale) = (self.clone(), stale.clone());
        // A task of its own, so that a caller that is dropped half-way does not lose the only
        // refresh token that still works.
        let renewal = tokio::spawn(async move { session.renew_now(&stale).await });
        renewal.await.unwrap_or_else(|_| Err(Problem::sign_in()))
    }

    /// Forgets the session if the server refused `token` and it is still in use.
    pub(crate) async fn reject(&self, token: &SecretString) -> Result<(), Problem> {
        let in_use = self.bearer().await.is_ok_and(|t| t.expose_secret() == token.expose_secret());
        if in_use { self.forget().await } else { Ok(()) }
    }

    fn clear_shelf(&self) -> Result<(), Problem> {
        shelf::clear(&self.shelf).map_err(|error| self.unwritable(&error))
    }

    /// Forgets the tokens, in memory and in the file, and everything loaded with them.
    pub(crate) async fn forget(&self) -> Result<(), Problem> {
        *self.current.write().await = None;
        self.clear_shelf()?;
        private::remove_file(&self.file).map_err(|error| self.unwritable(&error))
    }

    async fn renew_now(&self, stale: &SecretString) -> Result<SecretString, Problem> {
        let _one = self.refreshing.lock().await;
        let _lock = self.lock().await?;
        // The previous holder of the lock may have refreshed already, in this process or another.
        let Some(stored) = read(&self.file) else {
            *self.current.write().await = None;
            return Err(Problem::sign_in());
        };
        if stored.access_token.expose_secret() != stale.expose_secret() {
            let token = stored.access_token.clone();
            *self.current.write().await = Some(stored);
            return Ok(token);
        }
        let request =
            v1::RefreshRequest { refresh_token: stored.refresh_token.expose_secret().to_owned() };
        let mut client = AuthServiceClient::new(self.channel.clone());
        match deadline::as_usual(client.refresh(request), self.dial.as_ref()).await {
            Ok(reply) => self.keep(&stored.username, reply.session).await,
            Err(problem) => {
                if problem.needs_sign_in() {
                    self.forget().await?;
                }
                Err(problem)
            }
        }
    }

    /// Writes the new tokens to the file, and only then uses them.
    async fn keep(
        &self,
        username: &str,
        session: Option<v1::Session>,
    ) -> Result<SecretString, Problem> {
        let session = session.ok_or_else(|| {
            Problem::new(ProblemKind::Server, "The server's reply held no session.")
        })?;
        let stored = Stored {
            version: 1,
            server: self.file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            username: username.to_owned(),
            access_token: session.access_token,
            refresh_token: session.refresh_token,
        };
        let json = serde_json::to_vec_pretty(&stored)
            .map_err(|error| Problem::new(ProblemKind::Local, error.to_string()))?;
        private::replace_file(&self.file, &json).map_err(|error| self.unwritable(&error))?;
        let credentials = Credentials::from(stored);
        let token = credentials.access_token.clone();
        *self.current.write().await = Some(credentials);
        Ok(token)
    }

    /// Keeps other processes out until it is dropped.
    async fn lock(&self) -> Result<File, Problem> {
        let path = self.file.with_extension("lock");
        let locked = tokio::task::spawn_blocking(move || {
            private::make_folder(path.parent().unwrap_or(&path))?;
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            file.lock()?;
            Ok(file)
        });
        locked
            .await
            .unwrap_or_else(|error| Err(std::io::Error::other(error)))
            .map_err(|error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &std::io::Error) -> Problem {
        let message = format!("The session cannot be kept in {}: {error}", self.file.display());
        Problem::new(ProblemKind::Local, message)
    }
}

/// Whose session it is. If that is unknown, signing in continues without it.
async fn whose(
    client: &mut AuthServiceClient<Channel>,
    session: &v1::Session,
    dial: Option<&Dial>,
) -> v1::GetMeResponse {
    let mut request = tonic::Request::new(v1::GetMeRequest {});
    if let Ok(bearer) = format!("Bearer {}", session.access_token).parse() {
        request.metadata_mut().insert("authorization", bearer);
    }
    deadline::as_usual(client.get_me(request), dial).await.unwrap_or_default()
}

impl From<Stored> for Credentials {
    fn from(stored: Stored) -> Self {
        Self {
            username: stored.username,
            access_token: stored.access_token.into(),
            refresh_token: stored.refresh_token.into(),
        }
    }
}

/// The stored tokens; without a valid file, you sign in again.
fn read(file: &PathBuf) -> Option<Credentials> {
    let stored: Stored = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    (stored.version == 1).then(|| stored.into())
}
