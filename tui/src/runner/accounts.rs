//! Effects that connect to a server and sign in.

use secrecy::SecretString;

use super::Runner;
use crate::{
    api::Api,
    connect::connect,
    effect::Password,
    model::link::Account,
    msg::Reply,
    problem::{Problem, ProblemKind},
};

impl Runner {
    pub(super) fn connect(&mut self) {
        let before = self.client.send_replace(None);
        let (server, key) = (self.server.clone(), self.key.clone());
        let (model, paths) = (self.model.clone(), self.paths.clone());
        let client = self.client.clone();
        self.load(async move {
            // The embedded server that this one replaces.
            if let Some(Ok(api)) = before {
                api.access().shutdown().await;
            }
            let outcome = connect(server.as_ref(), key.as_ref(), model.as_ref(), &paths).await;
            client.send_replace(Some(outcome.clone()));
            Reply::Connected(match outcome {
                Ok(api) => Ok(account(&api).await),
                Err(problem) => Err(problem),
            })
        });
    }

    pub(super) fn sign_in(&mut self, username: String, email: Option<String>, password: Password) {
        let client = self.client();
        let replies = self.replies.clone();
        let password = SecretString::from(password.0);
        self.load(async move {
            let sign_in = async {
                let api = client.await?;
                let session = api.access().session().ok_or_else(no_accounts)?;
                if let Some(email) = email {
                    session.register(&username, &email, &password).await?;
                }
                if let Some(notice) = session.sign_in(&username, &password).await? {
                    // The receiving loop may have ended.
                    let _ = replies.send(Reply::Remark(notice));
                }
                Ok(account(&api).await)
            };
            Reply::SignedIn(sign_in.await)
        });
    }
}

async fn account(api: &Api) -> Account {
    match api.access().session() {
        None if api.access().is_key() => Account::Named("API key".to_owned()),
        None => Account::Owner,
        Some(session) => session.username().await.map_or(Account::Nobody, Account::Named),
    }
}

fn no_accounts() -> Problem {
    Problem::new(ProblemKind::Unsupported, "The built-in server needs no account.")
}
