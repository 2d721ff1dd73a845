//! The signing keys of access tokens. The current one is set as SECRET_KEY, or generated once and
//! stored beside the database, readable only by its owner; previous ones are accepted until the
//! tokens that they have signed have expired.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngExt;
use sha2::{Digest, Sha256};

/// The fewest bytes of a key, as HS256 requires (RFC 7518, section 3.2).
pub const MIN_BYTES: usize = 32;

/// A key of at least [`MIN_BYTES`] bytes. It is never printed.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The given key is too short.
    #[error(
        "SECRET_KEY has {0} bytes and must have at least {MIN_BYTES}; `openssl rand -hex 32` makes one"
    )]
    TooShort(usize),
    /// The kept key is too short.
    #[error(
        "the key file {0} has a key of {1} bytes and must have one of at least {MIN_BYTES}; put back what was in it, or delete it to sign everybody out with a new key"
    )]
    FileTooShort(String, usize),
    /// The stored key can be read by others.
    #[error(
        "{0} can be read by other users of this machine (mode {1:o}); run `chmod 600` on it, or delete it to sign everybody out with a new key"
    )]
    Exposed(String, u32),
    /// The file cannot be used.
    #[error("cannot use the key file {0}: {1}")]
    File(String, io::Error),
}

impl SigningKey {
    /// Parses the key from a setting.
    pub fn parse(secret: &str) -> Result<Self, KeyError> {
        if secret.len() < MIN_BYTES {
            return Err(KeyError::TooShort(secret.len()));
        }
        Ok(Self(secret.as_bytes().to_vec()))
    }

    /// Reads the key from the file, which is created if it does not exist. Two processes that
    /// create it at the same time get the same key.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let fault = |cause| KeyError::File(path.display().to_string(), cause);
        match File::open(path) {
            Ok(file) => Self::read(file, path),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                create(path).map_err(fault)?;
                Self::read(File::open(path).map_err(fault)?, path)
            }
            Err(cause) => Err(fault(cause)),
        }
    }

    fn read(mut file: File, path: &Path) -> Result<Self, KeyError> {
        let fault = |cause| KeyError::File(path.display().to_string(), cause);
        let mode = file.metadata().map_err(fault)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::Exposed(path.display().to_string(), mode));
        }
        let mut secret = String::new();
        file.read_to_string(&mut secret).map_err(fault)?;
        let secret = secret.trim_start_matches('\u{feff}').trim();
        Self::parse(secret)
            .map_err(|_| KeyError::FileTooShort(path.display().to_string(), secret.len()))
    }

    /// The key's bytes, for signing only.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The id by which a token names its key: 64 bits of a hash, enough to distinguish keys and too
    /// few to reveal anything. The signature, not the id, proves a token.
    pub(super) fn id(&self) -> String {
        let mut hash = Sha256::new_with_prefix(b"viva key id\n");
        hash.update(&self.0);
        URL_SAFE_NO_PAD.encode(&hash.finalize()[..8])
    }

    #[cfg(test)]
    pub(crate) fn for_tests(secret: &str) -> Self {
        Self(secret.repeat(MIN_BYTES).into_bytes())
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

/// The key that signs, and those whose tokens are still accepted.
#[derive(Debug, Clone)]
pub struct Keyring {
    /// The key that signs.
    pub current: SigningKey,
    /// Keys that signed before it.
    pub previous: Vec<SigningKey>,
}

impl From<&SigningKey> for Keyring {
    /// Makes a ring without previous keys.
    fn from(key: &SigningKey) -> Self {
        Self { current: key.clone(), previous: Vec::new() }
    }
}

impl From<&Keyring> for Keyring {
    fn from(keys: &Keyring) -> Self {
        keys.clone()
    }
}

/// Writes a new key to a temporary file and hard-links it to its place, which fails if another
/// process was first: the file is never half-written and never replaced.
fn create(path: &Path) -> io::Result<()> {
    let secret = URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 48]>());
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}.new", URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 6]>())));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(secret.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => Err(cause),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_created_once_and_readable_only_by_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret_key");
        let made = SigningKey::load_or_create(&path).unwrap();
        let again = SigningKey::load_or_create(&path).unwrap();
        assert_eq!(made.bytes(), again.bytes());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn processes_that_start_together_share_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret_key");
        let keys: Vec<_> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| SigningKey::load_or_create(&path).unwrap()))
                .collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(keys.windows(2).all(|pair| pair[0].bytes() == pair[1].bytes()));
    }

    #[test]
    fn a_key_that_others_can_read_is_refused_and_the_error_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret_key");
        SigningKey::load_or_create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = SigningKey::load_or_create(&path).unwrap_err().to_string();
        assert!(error.contains("secret_key") && error.contains("644"), "{error}");
    }

    #[test]
    fn a_key_file_that_is_too_short_is_named_and_what_an_editor_adds_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret_key");
        let made = SigningKey::load_or_create(&path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("\u{feff}{text}\r\n")).unwrap();
        assert_eq!(SigningKey::load_or_create(&path).unwrap().bytes(), made.bytes());
        for short in ["", "short"] {
            fs::write(&path, short).unwrap();
            let error = SigningKey::load_or_create(&path).unwrap_err().to_string();
            assert!(
                error.contains("secret_key has a key of") && error.contains("delete it"),
                "{error}"
            );
            assert!(!error.contains("SECRET_KEY"), "{error}");
        }
    }

    #[test]
    fn a_key_id_is_a_short_hash_that_is_always_the_same() {
        let (one, other) = (SigningKey::for_tests("one"), SigningKey::for_tests("other"));
        assert_eq!(one.id(), one.clone().id());
        assert_ne!(one.id(), other.id());
        assert_eq!(one.id().len(), 11);
    }

    #[test]
    fn a_short_key_is_refused_and_never_printed() {
        let error = SigningKey::parse("short").unwrap_err().to_string();
        assert!(error.contains("SECRET_KEY") && error.contains("32"), "{error}");
        assert_eq!(format!("{:?}", SigningKey::for_tests("k")), "SigningKey(***)");
    }
}
