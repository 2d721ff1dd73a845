//! TLS from files: the certificate and its key, and whose certificates clients may show. The files
//! are read again while connections go on; what cannot be used then leaves the old ones in place.

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

use crate::domain::clock::{Clock, SystemClock};
use expiry::Expiry;

pub use probe::connector as probe;

/// How often the files are looked at without being told to.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// The versions that are spoken. Older ones have known weaknesses and no users.
const VERSIONS: &[&rustls::SupportedProtocolVersion] = &[&TLS13, &TLS12];

/// What a server of gRPC alone speaks.
pub const GRPC: &[&str] = &["h2"];

/// What a server of browsers speaks.
pub const WEB: &[&str] = &["h2", "http/1.1"];

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those that lead to its authority, as PEM.
    pub certificate: PathBuf,
    /// Its key, as PEM, which nobody but its owner and a group may read.
    pub key: PathBuf,
    /// Whose certificates clients show; none: clients have none.
    pub clients: Option<ClientCertificates>,
}

/// The certificates of clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificates {
    /// The authorities that they come from, as PEM.
    pub authority: PathBuf,
    /// Whether a client must show one.
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
        /// The system's words.
        cause: io::Error,
    },
    /// The key can be read by everybody.
    #[error("{} can be read by every user of this machine (mode {mode:o}); run `chmod o= {0}` on it", path.display())]
    Exposed {
        /// The key's file.
        path: PathBuf,
        /// Who may do what with it.
        mode: u32,
    },
    /// A file holds nothing that belongs there.
    #[error("{} holds no {what} as PEM", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// What the files hold does not go together.
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

/// What the files hold.
struct Contents {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    authorities: Vec<CertificateDer<'static>>,
}

/// TLS as the files have it now.
pub struct Tls {
    files: TlsFiles,
    protocols: &'static [&'static str],
    config: ArcSwap<ServerConfig>,
    /// Of the files as they were when they were last taken up.
    loaded: Mutex<[u8; 32]>,
    /// What was last said to be wrong with them, so that it is said once.
    told: Mutex<Option<String>>,
    /// What was last said of its time, so that it is said once.
    told_of_time: Mutex<Option<Expiry>>,
    clock: SystemClock,
}

impl Tls {
    /// Reads the files for a server that speaks these protocols, [`GRPC`] or [`WEB`].
    pub fn load(files: TlsFiles, protocols: &'static [&'static str]) -> Result<Self, TlsError> {
        let digest = digest(&files)?;
        let config = ArcSwap::from_pointee(read(&files, protocols)?);
        let loaded = Mutex::new(digest);
        let (told, told_of_time) = (Mutex::default(), Mutex::default());
        let tls = Self { files, protocols, config, loaded, told, told_of_time, clock: SystemClock };
        tls.look_at_time();
        Ok(tls)
    }

    /// What new connections are taken with. Those that there are go on as they began.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.config.load_full())
    }

    /// Takes the files up if they are not what is in use; whether it did. Files that cannot be used
    /// are tried again with each call: what is wrong may be their permissions, not what they hold.
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

    /// Reads the files again at every SIGHUP, and looks at them now and again, until the process ends.
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
                // Reading files blocks, if only for a moment.
                let _ = tokio::task::spawn_blocking(move || tls.look()).await;
            }
        }))
    }

    fn look(&self) {
        let fault = match self.reload() {
            Ok(true) => {
                tracing::info!("new connections have the new certificate");
                None
            }
            Ok(false) => None,
            Err(error) => Some(error.to_string()),
        };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        // The same fault is not told at every look.
        if let Some(error) = fault.as_ref().filter(|fault| told.as_ref() != Some(*fault)) {
            tracing::error!(error, "the new certificate is not used; the old one stays");
        }
        *told = fault;
        drop(told);
        self.look_at_time();
    }

    /// Says so when the certificate's time has passed, or is about to.
    fn look_at_time(&self) {
        // One that cannot be read is told of elsewhere.
        let Ok(chain) = certificates(&self.files.certificate) else { return };
        let now = chain.first().and_then(|own| expiry::of(own, self.clock.now()));
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
    // A group may: that is how a key is shared between a server and what renews it.
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

/// One digest of all files.
fn digest(files: &TlsFiles) -> Result<[u8; 32], TlsError> {
    let mut digest = Sha256::new();
    let clients = files.clients.as_ref().map(|clients| clients.authority.as_path());
    for path in [files.certificate.as_path(), files.key.as_path()].into_iter().chain(clients) {
        digest.update(Sha256::digest(bytes(path)?));
    }
    Ok(digest.finalize().into())
}

fn bytes(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|cause| unread(path, cause))
}

fn unread(path: &Path, cause: io::Error) -> TlsError {
    TlsError::File { path: path.to_owned(), cause }
}

// The whole-server tests make theirs in the same way.
#[cfg(test)]
#[path = "../tests/it/support/certificates.rs"]
pub(crate) mod certificates;
#[cfg(test)]
mod tests;
