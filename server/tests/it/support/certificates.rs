//! An authority that issues certificates, and a folder with those of a server.

// Each of the test programs that share this uses a part of it.
#![allow(dead_code)]

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// An authority of its own.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// As the one that a client trusts.
    pub(crate) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        roots
    }

    /// A certificate for this machine and that use, and its key, as PEM.
    pub(crate) fn issue(&self, usage: ExtendedKeyUsagePurpose) -> (String, String) {
        self.issue_until(4000, usage)
    }

    /// The same, good until the end of January of that year.
    pub(crate) fn issue_until(
        &self,
        year: i32,
        usage: ExtendedKeyUsagePurpose,
    ) -> (String, String) {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).unwrap();
        params.not_after = date_time_ymd(year, 1, 31);
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }

    /// For a client.
    pub(crate) fn issue_to_client(&self) -> (String, String) {
        self.issue(ExtendedKeyUsagePurpose::ClientAuth)
    }
}

/// The files of a server.
pub(crate) struct ServerFiles {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) authority: Authority,
}

impl ServerFiles {
    pub(crate) fn new() -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap(), authority: Authority::new() };
        fs::write(files.authorities(), files.authority.pem()).unwrap();
        files.renew();
        files
    }

    /// Puts a new certificate in place.
    pub(crate) fn renew(&self) {
        self.renew_until(4000);
    }

    /// The same, good until the end of January of that year.
    pub(crate) fn renew_until(&self, year: i32) {
        let usage = ExtendedKeyUsagePurpose::ServerAuth;
        let (certificate, key) = self.authority.issue_until(year, usage);
        fs::write(self.certificate(), certificate).unwrap();
        self.write_key(&key);
    }

    pub(crate) fn write_key(&self, key: &str) {
        fs::write(self.key(), key).unwrap();
        fs::set_permissions(self.key(), fs::Permissions::from_mode(0o640)).unwrap();
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    /// A client that trusts the authority and has no certificate of its own.
    pub(crate) fn trusting(&self) -> ClientConfig {
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let roots = self.authority.roots();
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        config
    }

    /// The authority that issues to the server, and here to its clients.
    pub(crate) fn authorities(&self) -> PathBuf {
        self.folder.path().join("authorities.pem")
    }

    /// What a program is told in its environment.
    pub(crate) fn environment(&self) -> [(String, String); 2] {
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        [
            ("TLS_CERT_FILE".to_owned(), text(self.certificate())),
            ("TLS_KEY_FILE".to_owned(), text(self.key())),
        ]
    }
}
