//! Creates the client for the server in the settings. A remote server is dialled by the first call,
//! so the client exists even if the server cannot be reached.

use std::time::Duration;

use secrecy::SecretString;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};

use crate::{
    access::Access,
    api::Api,
    local::{Dial, Local, llm::LlmConfig},
    paths::Paths,
    private,
    problem::{Problem, ProblemKind},
    server_url::ServerUrl,
    session::Session,
};

/// Returns a client of `server`, with the API key if there is one; without `server`, of an embedded
/// server with this model.
pub(crate) async fn connect(
    server: Option<&ServerUrl>,
    key: Option<&SecretString>,
    model: Option<&LlmConfig>,
    paths: &Paths,
) -> Result<Api, Problem> {
    match server {
        None => local(paths, model).await,
        Some(url) => remote(url, key, paths),
    }
}

async fn local(paths: &Paths, model: Option<&LlmConfig>) -> Result<Api, Problem> {
    private::make_folder(&paths.data).map_err(|error| {
        let folder = paths.data.display();
        let message = format!(
            "The folder {folder} cannot be used ({error}). Name another with VIVA_DATA_DIR."
        );
        Problem::new(ProblemKind::Local, message)
    })?;
    let local = Local::start(paths.data.clone(), paths.bank.clone(), model.cloned()).await?;
    Ok(Api::new(local.channel(), Access::Local(local)))
}

fn remote(url: &ServerUrl, key: Option<&SecretString>, paths: &Paths) -> Result<Api, Problem> {
    let unusable = |error: tonic::transport::Error| {
        Problem::new(ProblemKind::Local, format!("{url} cannot be used: {error}"))
    };
    let mut endpoint = Endpoint::from(url.uri().clone())
        .user_agent(format!("viva/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS))
        .map_err(unusable)?
        .connect_timeout(Duration::from_secs(5))
        // Detects a dead connection while an interview only watches.
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10));
    if url.uri().scheme_str() == Some("https") {
        endpoint = endpoint.tls_config(tls(url)?).map_err(unusable)?;
    }
    let dial = Dial::new(url.uri().clone());
    let channel = endpoint.connect_with_connector_lazy(dial.connector());
    let access = match key {
        Some(key) => Access::Key(key.clone()),
        None => Access::Remote(Session::open(paths, url, channel.clone()).dialled(dial.clone())),
    };
    Ok(Api::new(channel, access).dialled(dial))
}

/// The trusted certificates: those in the file that the settings name, or else the public ones.
fn tls(url: &ServerUrl) -> Result<ClientTlsConfig, Problem> {
    let Some(path) = url.authorities() else {
        return Ok(ClientTlsConfig::new().with_webpki_roots());
    };
    let pem = viva_text::decode::file_as_utf8(path).map_err(|error| {
        let message = format!("VIVA_CA_FILE: {} cannot be read ({error}).", path.display());
        Problem::new(ProblemKind::Local, message)
    })?;
    Ok(ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)))
}
