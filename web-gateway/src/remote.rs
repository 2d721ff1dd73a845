//! A server on the network: how to connect to it, which certificates to trust, and which
//! certificate the gateway presents. The gateway's own certificate is reloaded while calls
//! continue.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use http::Uri;
use tokio::signal::unix::{SignalKind, signal};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity};
use viva_runtime::tls::{Tls, TlsFiles, WEB};
use viva_text::decode;

use crate::{config::Config, upstream::Upstream};

/// How often the files are checked when no signal arrives.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// The server named in the settings. Connections are opened by the first calls, and replaced when
/// the gateway's own certificate has changed; calls in progress stay on the old ones.
pub(crate) fn upstream(uri: &Uri, config: &Config) -> Result<Upstream> {
    let remote = Remote {
        uri: uri.clone(),
        authorities: config.authorities.clone(),
        identity: config.identity.clone(),
    };
    let shown = remote.shown()?;
    let upstream = Upstream::remote(&remote.endpoint(shown.as_ref())?);
    if shown.is_some() {
        remote.keep_up(upstream.clone(), shown)?;
    }
    Ok(upstream)
}

/// A certificate and its key, as PEM.
#[derive(PartialEq)]
struct Pair {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

struct Remote {
    uri: Uri,
    authorities: Option<PathBuf>,
    identity: Option<TlsFiles>,
}

impl Remote {
    fn endpoint(&self, shown: Option<&Pair>) -> Result<Endpoint> {
        let endpoint = Endpoint::from(self.uri.clone())
            .user_agent(concat!("viva-web/", env!("CARGO_PKG_VERSION")))?
            .connect_timeout(Duration::from_secs(5))
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10));
        if self.uri.scheme_str() != Some("https") {
            return Ok(endpoint);
        }
        let mut tls = match &self.authorities {
            None => ClientTlsConfig::new().with_webpki_roots(),
            Some(path) => ClientTlsConfig::new()
                .ca_certificate(Certificate::from_pem(bytes(path).context("VIVA_CA_FILE")?)),
        };
        if let Some(Pair { certificate, key }) = shown {
            tls = tls.identity(Identity::from_pem(certificate, key));
        }
        endpoint.tls_config(tls).context("VIVA_CA_FILE cannot be used")
    }

    /// What the files contain now. They are checked like a server's own files.
    fn shown(&self) -> Result<Option<Pair>> {
        let Some(files) = &self.identity else { return Ok(None) };
        let pair = || {
            Tls::load(files.clone(), WEB)?;
            anyhow::Ok(Pair { certificate: bytes(&files.certificate)?, key: bytes(&files.key)? })
        };
        let names = "UPSTREAM_CLIENT_CERT_FILE and UPSTREAM_CLIENT_KEY_FILE";
        pair().map(Some).context(names)
    }

    /// Checks the files on every SIGHUP and at regular intervals, until the process ends.
    fn keep_up(self, upstream: Upstream, mut shown: Option<Pair>) -> Result<()> {
        let mut hang_up = signal(SignalKind::hangup())?;
        tokio::spawn(async move {
            let mut told = String::new();
            loop {
                tokio::select! {
                    _ = hang_up.recv() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
                // These are a few small files, and only this task waits for them.
                let fault = self.look(&upstream, &mut shown).err();
                let fault = fault.map(|error| format!("{error:#}")).unwrap_or_default();
                // Do not report the same fault at every check.
                if !fault.is_empty() && fault != told {
                    tracing::error!(
                        error = fault,
                        "the new certificate cannot be used; the old one stays in use"
                    );
                }
                told = fault;
            }
        });
        Ok(())
    }

    fn look(&self, upstream: &Upstream, shown: &mut Option<Pair>) -> Result<()> {
        let now = self.shown()?;
        if now != *shown {
            upstream.redial(&self.endpoint(now.as_ref())?);
            *shown = now;
            tracing::info!("new connections to the server use the new certificate");
        }
        Ok(())
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    decode::file_as_utf8(path).with_context(|| format!("cannot read {}", path.display()))
}
