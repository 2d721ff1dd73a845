//! The keys of access tokens. The one that signs is given as SECRET_KEY, or made once and kept
//! beside the database, readable by its owner alone; those before it are believed until the tokens
//! that they have signed have run out.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngExt;
use sha2::{Digest, Sha256};

/// The fewest bytes that a key may have, which is what HS256 asks for (RFC 7518, section 3.2).
pub const MIN_BYTES: usize = 32;

/// A key of at least [`MIN_BYTES`] bytes. It is never printed.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The given key is too short.
    #[error(
        "SECRET_KEY has {0} bytes and must have at least {MIN_BYTES}; `openssl rand -hex 32` makes one"
    )]
    TooShort(usize),
    /// The kept key can be read by others.
    #[error(
        "{0} can be read by other users of this machine (mode {1:o}); run `chmod 600` on it, or delete it to sign everybody out with a new key"
    )]
    Exposed(String, u32),
    /// The file cannot be used.
    #[error("cannot use the key file {0}: {1}")]
    File(String, io::Error),
}

impl SigningKey {
    /// The key that a setting gives.
    pub fn parse(secret: &str) -> Result<Self, KeyError> {
        if secret.len() < MIN_BYTES {
            return Err(KeyError::TooShort(secret.len()));
        }
        Ok(Self(secret.as_bytes().to_vec()))
    }

    /// The key that is kept in the file; it is made there if it is not. Two processes that make it
    /// at the same time end up with one key.
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
        Self::parse(secret.trim())
    }

    /// The key's bytes, for signing only.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// What a token calls its key: a hash too short to tell anything of it. 64 bits of it tell keys
    /// apart; that a token is ours, its signature says.
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

/// The key that signs, and those whose tokens are still believed.
#[derive(Debug, Clone)]
pub struct Keyring {
    /// Signs.
    pub current: SigningKey,
    /// Signed before it.
    pub previous: Vec<SigningKey>,
}

impl From<&SigningKey> for Keyring {
    /// With no key before it.
    fn from(key: &SigningKey) -> Self {
        Self { current: key.clone(), previous: Vec::new() }
    }
}

impl From<&Keyring> for Keyring {
    fn from(keys: &Keyring) -> Self {
        keys.clone()
    }
}

/// Writes a new key under a name of its own and then links it to its place, which fails if another
/// process was first: the file is never seen half-written and never replaced.
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
    fn a_key_is_made_once_and_readable_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret_key");
        let made = SigningKey::load_or_create(&path).unwrap();
        let again = SigningKey::load_or_create(&path).unwrap();
        assert_eq!(made.bytes(), again.bytes());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn processes_that_start_together_end_up_with_one_key() {
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
    fn a_key_is_called_by_a_short_hash_that_is_always_the_same_and_no_part_of_it() {
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
