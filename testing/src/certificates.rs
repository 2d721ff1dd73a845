//! A certificate authority, and a folder with a server's certificate files.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// A certificate authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// Creates an authority with a new key.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its certificate, as PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// The authority as a client's trusted root.
    pub fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        roots
    }

    /// Issues a certificate for this machine and this use; returns it and its key as PEM.
    pub fn issue(&self, usage: ExtendedKeyUsagePurpose) -> (String, String) {
        self.issue_until(4000, usage)
    }

    /// The same, valid until the end of January of this year.
    pub fn issue_until(&self, year: i32, usage: ExtendedKeyUsagePurpose) -> (String, String) {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).unwrap();
        params.not_after = date_time_ymd(year, 1, 31);
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }

    /// Issues a client's certificate.
    pub fn issue_to_client(&self) -> (String, String) {
        self.issue(ExtendedKeyUsagePurpose::ClientAuth)
    }
}

/// A server's certificate files.
pub struct ServerFiles {
    /// The folder that the files are in.
    pub folder: tempfile::TempDir,
    /// The authority that issued them.
    pub authority: Authority,
}

impl ServerFiles {
    /// A certificate and key from a new authority.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap(), authority: Authority::new() };
        fs::write(files.authorities(), files.authority.pem()).unwrap();
        files.renew();
        files
    }

    /// Replaces the certificate with a new one.
    pub fn renew(&self) {
        self.renew_until(4000);
    }

    /// The same, valid until the end of January of this year.
    pub fn renew_until(&self, year: i32) {
        let usage = ExtendedKeyUsagePurpose::ServerAuth;
        let (certificate, key) = self.authority.issue_until(year, usage);
        fs::write(self.certificate(), certificate).unwrap();
        self.write_key(&key);
    }

    /// Replaces the key, which the file's group may read.
    pub fn write_key(&self, key: &str) {
        fs::write(self.key(), key).unwrap();
        fs::set_permissions(self.key(), fs::Permissions::from_mode(0o640)).unwrap();
    }

    /// The path of the certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// The path of the key.
    pub fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    /// A client that trusts the authority and has no certificate.
    pub fn trusting(&self) -> ClientConfig {
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let roots = self.authority.roots();
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        config
    }

    /// The file with the authority's certificate; here it also issues to clients.
    pub fn authorities(&self) -> PathBuf {
        self.folder.path().join("authorities.pem")
    }

    /// The environment variables for a program that uses these files.
    pub fn environment(&self) -> [(String, String); 2] {
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        [
            ("TLS_CERT_FILE".to_owned(), text(self.certificate())),
            ("TLS_KEY_FILE".to_owned(), text(self.key())),
        ]
    }
}
