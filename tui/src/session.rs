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
    api::deadline,
    local::Dial,
    paths::Paths,
    private,
    problem::{Problem, ProblemKind},
    server_url::ServerUrl,
};

/// A session with one server, signed in or not; clones share it.
#[derive(Clone)]
pub(crate) struct Session {
    file: PathBuf,
    channel: Channel,
    dial: Option<Dial>,
    current: Arc<RwLock<Option<Credentials>>>,
    // One refresh at a time in this process; the lock file sees to the others.
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
    /// The session with `server`, signed in if an earlier run was and did not sign out.
    pub(crate) fn open(paths: &Paths, server: &ServerUrl, channel: Channel) -> Self {
        let file = paths.session(server);
        let current = Arc::new(RwLock::new(read(&file)));
        Self { file, channel, dial: None, current, refreshing: Arc::default() }
    }

    /// The same over a channel that was dialled so.
    pub(crate) fn dialled(self, dial: Dial) -> Self {
        Self { dial: Some(dial), ..self }
    }

    /// Who is signed in.
    pub(crate) async fn username(&self) -> Option<String> {
        self.current.read().await.as_ref().map(|c| c.username.clone())
    }

    /// The access token to call with.
    pub(crate) async fn bearer(&self) -> Result<SecretString, Problem> {
        let current = self.current.read().await;
        current.as_ref().map(|c| c.access_token.clone()).ok_or_else(Problem::sign_in)
    }

    /// Signs in and keeps the session, with the name as the account has it and not as it was typed. Gives
    /// what the server has to say to the account's owner.
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
        let reply = deadline(client.login(request), self.dial.as_ref()).await?;
        let account = match &reply.session {
            Some(session) => whose(&mut client, session, self.dial.as_ref()).await,
            None => v1::GetMeResponse::default(),
        };
        let name = account.user.map(|user| user.username);
        self.keep(name.as_deref().unwrap_or(username), reply.session).await?;
        Ok(Some(account.notice).filter(|notice| !notice.is_empty()))
    }

    /// Creates an account; signing in is a step of its own.
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
        deadline(client.register(request), self.dial.as_ref()).await.map(drop)
    }

    /// A token to use in place of `stale`: another process's, or one refreshed here.
    pub(crate) async fn renew(&self, stale: &SecretString) -> Result<SecretString, Problem> {
        let (session, stale) = (self.clone(), stale.clone());
        // A task of its own: a caller that is dropped half-way must not lose the only refresh
        // token that still works.
        let renewal = tokio::spawn(async move { session.renew_now(&stale).await });
        renewal.await.unwrap_or_else(|_| Err(Problem::sign_in()))
    }

    /// Forgets the session if `token`, which the server refused, is still the one in use.
    pub(crate) async fn reject(&self, token: &SecretString) -> Result<(), Problem> {
        let in_use = self.bearer().await.is_ok_and(|t| t.expose_secret() == token.expose_secret());
        if in_use { self.forget().await } else { Ok(()) }
    }

    /// Forgets the tokens, here and in the file.
    pub(crate) async fn forget(&self) -> Result<(), Problem> {
        *self.current.write().await = None;
        private::remove_file(&self.file).map_err(|error| self.unwritable(&error))
    }

    async fn renew_now(&self, stale: &SecretString) -> Result<SecretString, Problem> {
        let _one = self.refreshing.lock().await;
        let _lock = self.lock().await?;
        // Whoever held the lock before may have refreshed already, in this process or another.
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
        match deadline(client.refresh(request), self.dial.as_ref()).await {
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

    /// Holds other processes off until it is dropped.
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

/// Whose session it is. Where nobody says so, signing in goes on without.
async fn whose(
    client: &mut AuthServiceClient<Channel>,
    session: &v1::Session,
    dial: Option<&Dial>,
) -> v1::GetMeResponse {
    let mut request = tonic::Request::new(v1::GetMeRequest {});
    if let Ok(bearer) = format!("Bearer {}", session.access_token).parse() {
        request.metadata_mut().insert("authorization", bearer);
    }
    deadline(client.get_me(request), dial).await.unwrap_or_default()
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

/// The stored tokens; a file that is missing or not ours means signing in again, no more.
fn read(file: &PathBuf) -> Option<Credentials> {
    let stored: Stored = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    (stored.version == 1).then(|| stored.into())
}
