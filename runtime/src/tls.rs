//! TLS from files: the certificate and its key, and which client certificates are accepted. The
//! files are reloaded while connections continue; if the new ones cannot be used, the old ones stay
//! in use.

mod clients;
mod expiry;
mod probe;

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::{TLS12, TLS13},
};
use sha2::{Digest, Sha256};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use expiry::Expiry;

pub use probe::connector as probe;

/// How often the files are checked without a signal.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// The supported versions. Older ones have known weaknesses and no users.
const VERSIONS: &[&rustls::SupportedProtocolVersion] = &[&TLS13, &TLS12];

/// The protocols of a gRPC client.
pub const GRPC: &[&str] = &["h2"];

/// The protocols of a server that is also called without gRPC.
pub const WEB: &[&str] = &["h2", "http/1.1"];

/// The paths of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and the chain up to its authority, as PEM.
    pub certificate: PathBuf,
    /// Its key, as PEM; only its owner and its group may read it.
    pub key: PathBuf,
    /// The client certificates to accept; `None`: clients do not present any.
    pub clients: Option<ClientCertificates>,
}

/// Which client certificates are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificates {
    /// The authorities that issue them, as PEM.
    pub authority: PathBuf,
    /// Whether a client must present one.
    pub required: bool,
}

/// Why the files cannot be used. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error.
        cause: io::Error,
    },
    /// Everybody can read the key.
    #[error("{} can be read by every user of this machine (mode {mode:o}); run `chmod o= {0}` on it", path.display())]
    Exposed {
        /// The key's file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// A file does not contain what it should.
    #[error("{} contains no {what} in PEM format", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// What it should contain.
        what: &'static str,
    },
    /// The contents of the files do not match.
    #[error("the certificate in {} cannot be used with the key in {}: {cause}", certificate.display(), key.display())]
    Unusable {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What is wrong.
        cause: String,
    },
}

/// The contents of the files.
struct Contents {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    authorities: Vec<CertificateDer<'static>>,
}

/// TLS as configured by the files now.
pub struct Tls {
    files: TlsFiles,
    protocols: &'static [&'static str],
    config: ArcSwap<ServerConfig>,
    /// The digest of the files when they were last loaded.
    loaded: Mutex<[u8; 32]>,
    /// The fault that was last logged, so that each is logged once.
    told: Mutex<Option<String>>,
    /// The expiry that was last logged, so that each is logged once.
    told_of_time: Mutex<Option<Expiry>>,
}

impl Tls {
    /// Reads the files, for a server that speaks these protocols, [`GRPC`] or [`WEB`].
    pub fn load(files: TlsFiles, protocols: &'static [&'static str]) -> Result<Self, TlsError> {
        let digest = digest(&files)?;
        let config = ArcSwap::from_pointee(read(&files, protocols)?);
        let loaded = Mutex::new(digest);
        let (told, told_of_time) = (Mutex::default(), Mutex::default());
        let tls = Self { files, protocols, config, loaded, told, told_of_time };
        tls.look_at_time();
        Ok(tls)
    }

    /// Returns the acceptor for new connections. Existing ones are not affected.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.config.load_full())
    }

    /// Loads the files if they differ from those in use, and returns whether it did. Files that
    /// cannot be used are tried again with each call: the fault may be in their permissions, not
    /// their contents.
    pub fn reload(&self) -> Result<bool, TlsError> {
        let now = digest(&self.files)?;
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if *loaded == now {
            return Ok(false);
        }
        self.config.store(Arc::new(read(&self.files, self.protocols)?));
        *loaded = now;
        Ok(true)
    }

    /// Reloads the files on every SIGHUP, and checks them at regular intervals, until the process
    /// ends.
    pub fn keep_up(self: &Arc<Self>) -> io::Result<JoinHandle<()>> {
        let mut hang_up = signal(SignalKind::hangup())?;
        let tls = Arc::clone(self);
        Ok(tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = hang_up.recv() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
                let tls = Arc::clone(&tls);
                // Reading files blocks, if only briefly.
                let _ = tokio::task::spawn_blocking(move || tls.look()).await;
            }
        }))
    }

    fn look(&self) {
        let fault = match self.reload() {
            Ok(true) => {
                tracing::info!("new connections use the new certificate");
                None
            }
            Ok(false) => None,
            Err(error) => Some(error.to_string()),
        };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        // Do not report the same fault at every check.
        if let Some(error) = fault.as_ref().filter(|fault| told.as_ref() != Some(*fault)) {
            tracing::error!(error, "the new certificate cannot be used; the old one stays in use");
        }
        *told = fault;
        drop(told);
        self.look_at_time();
    }

    /// Logs a warning if the certificate has expired, or is about to.
    fn look_at_time(&self) {
        // A certificate that cannot be read is reported elsewhere.
        let Ok(chain) = certificates(&self.files.certificate) else { return };
        let now = chain.first().and_then(|own| expiry::of(own, jiff::Timestamp::now()));
        let mut told = self.told_of_time.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(expiry) = now.as_ref().filter(|expiry| told.as_ref() != Some(*expiry)) {
            expiry::tell(expiry);
        }
        *told = now;
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("files", &self.files).finish_non_exhaustive()
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn read(files: &TlsFiles, protocols: &[&str]) -> Result<ServerConfig, TlsError> {
    let contents = contents(files)?;
    let unusable = |cause: String| TlsError::Unusable {
        certificate: files.certificate.clone(),
        key: files.key.clone(),
        cause,
    };
    let builder = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(VERSIONS)
        .map_err(|error| unusable(error.to_string()))?;
    let builder = match &files.clients {
        None => builder.with_no_client_auth(),
        Some(clients) => {
            let own = files.certificate.clone();
            let verifier = clients::verifier(&contents.authorities, clients.required, own);
            builder.with_client_cert_verifier(verifier.map_err(unusable)?)
        }
    };
    let mut config = builder
        .with_single_cert(contents.chain, contents.key)
        .map_err(|error| unusable(error.to_string()))?;
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    Ok(config)
}

fn contents(files: &TlsFiles) -> Result<Contents, TlsError> {
    let mode = fs::metadata(&files.key).map_err(|cause| unread(&files.key, cause))?;
    let mode = mode.permissions().mode() & 0o777;
    // A group may read it, so that a server can share the key with the program that renews it.
    if mode & 0o007 != 0 {
        return Err(TlsError::Exposed { path: files.key.clone(), mode });
    }
    let key = bytes(&files.key)?;
    let key = PrivateKeyDer::from_pem_slice(&key)
        .map_err(|_| TlsError::Empty { path: files.key.clone(), what: "key" })?;
    let authorities = match &files.clients {
        Some(clients) => certificates(&clients.authority)?,
        None => Vec::new(),
    };
    Ok(Contents { chain: certificates(&files.certificate)?, key, authorities })
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = bytes(path)?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(TlsError::Empty { path: path.to_owned(), what: "certificate" }),
    }
}

/// Returns one digest of all files.
fn digest(files: &TlsFiles) -> Result<[u8; 32], TlsError> {
    let mut digest = Sha256::new();
    let clients = files.clients.as_ref().map(|clients| clients.authority.as_path());
    for path in [files.certificate.as_path(), files.key.as_path()].into_iter().chain(clients) {
        digest.update(Sha256::digest(bytes(path)?));
    }
    Ok(digest.finalize().into())
}

fn bytes(path: &Path) -> Result<Vec<u8>, TlsError> {
    viva_text::decode::file_as_utf8(path).map_err(|cause| unread(path, cause))
}

fn unread(path: &Path, cause: io::Error) -> TlsError {
    TlsError::File { path: path.to_owned(), cause }
}

#[cfg(test)]
mod tests;
