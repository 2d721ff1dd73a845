//! Calls about the account: its name, password, data, sessions and API keys.

use secrecy::{ExposeSecret as _, SecretString};
use tonic::{Request, Streaming, transport::Channel};
use viva_proto::v1::{self, auth_service_client::AuthServiceClient};

use super::{Api, incomplete};
use crate::problem::Problem;

impl Api {
    /// The account that makes the calls.
    pub(crate) async fn me(&self) -> Result<v1::User, Problem> {
        self.who().await?.user.ok_or_else(|| incomplete("account"))
    }

    /// The account, with the server's notice about signing in.
    pub(crate) async fn who(&self) -> Result<v1::GetMeResponse, Problem> {
        self.unary(v1::GetMeRequest {}, |channel, request| async move {
            AuthServiceClient::new(channel).get_me(request).await
        })
        .await
    }

    /// Changes the account's password; its other sessions end, and optionally its API keys. The
    /// reply says how many API keys still work.
    pub(crate) async fn change_password(
        &self,
        current: &SecretString,
        new: &SecretString,
        revoke_api_keys: bool,
    ) -> Result<v1::ChangePasswordResponse, Problem> {
        let request = v1::ChangePasswordRequest {
            revoke_api_keys,
            current_password: current.expose_secret().to_owned(),
            new_password: new.expose_secret().to_owned(),
        };
        self.unary(request, |channel, request| async move {
            AuthServiceClient::new(channel).change_password(request).await
        })
        .await
    }

    /// Deletes the account with everything in it; the built-in server's needs no password.
    pub(crate) async fn delete_account(&self, password: &SecretString) -> Result<(), Problem> {
        let request = v1::DeleteAccountRequest { password: password.expose_secret().to_owned() };
        self.unary(request, |channel, request| async move {
            AuthServiceClient::new(channel).delete_account(request).await
        })
        .await
        .map(drop)
    }

    /// Opens a stream of the document with everything stored about the account.
    pub(crate) async fn export_account(
        &self,
    ) -> Result<Streaming<v1::ExportAccountResponse>, Problem> {
        let open = |channel: Channel, mut request: Request<v1::ExportAccountRequest>| async move {
            // The deadline is for opening the stream, not for reading it.
            request.metadata_mut().remove("grpc-timeout");
            AuthServiceClient::new(channel).export_account(request).await
        };
        self.unary(v1::ExportAccountRequest {}, open).await
    }

    /// Ends this session on the server, or all of the account's; their tokens stop working.
    pub(crate) async fn logout(&self, everywhere: bool) -> Result<(), Problem> {
        self.unary(v1::LogoutRequest { everywhere }, |channel, request| async move {
            AuthServiceClient::new(channel).logout(request).await
        })
        .await
        .map(drop)
    }

    /// The account's sessions, most recently used first.
    pub(crate) async fn sessions(&self) -> Result<v1::ListSessionsResponse, Problem> {
        self.unary(v1::ListSessionsRequest {}, |channel, request| async move {
            AuthServiceClient::new(channel).list_sessions(request).await
        })
        .await
    }

    /// Ends a session of the account.
    pub(crate) async fn end_session(
        &self,
        session_id: i64,
    ) -> Result<v1::EndSessionResponse, Problem> {
        self.unary(v1::EndSessionRequest { session_id }, |channel, request| async move {
            AuthServiceClient::new(channel).end_session(request).await
        })
        .await
    }

    /// Ends all sessions of the account except this one.
    pub(crate) async fn end_other_sessions(&self) -> Result<v1::EndOtherSessionsResponse, Problem> {
        self.unary(v1::EndOtherSessionsRequest {}, |channel, request| async move {
            AuthServiceClient::new(channel).end_other_sessions(request).await
        })
        .await
    }

    /// Creates an API key; only the reply contains its secret.
    pub(crate) async fn create_api_key(
        &self,
        request: v1::CreateApiKeyRequest,
    ) -> Result<v1::CreateApiKeyResponse, Problem> {
        self.unary(request, |channel, request| async move {
            AuthServiceClient::new(channel).create_api_key(request).await
        })
        .await
    }

    /// The account's API keys, newest first.
    pub(crate) async fn api_keys(&self) -> Result<Vec<v1::ApiKey>, Problem> {
        let reply = self
            .unary(v1::ListApiKeysRequest::default(), |channel, request| async move {
                AuthServiceClient::new(channel).list_api_keys(request).await
            })
            .await?;
        Ok(reply.api_keys)
    }

    /// Stops an API key from working.
    pub(crate) async fn revoke_api_key(&self, api_key_id: i64) -> Result<(), Problem> {
        self.unary(v1::RevokeApiKeyRequest { api_key_id }, |channel, request| async move {
            AuthServiceClient::new(channel).revoke_api_key(request).await
        })
        .await
        .map(drop)
    }
}
