//! Which client certificates are accepted: those issued by the configured authorities, and the
//! server's own certificate as it is on disk, which the health check on the same machine presents.

use std::{path::PathBuf, sync::Arc};

use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, RootCertStore, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    pki_types::{CertificateDer, UnixTime},
    server::{
        WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};

use super::{certificates, provider};

/// Accepts certificates issued by the authorities, and the server's own certificate.
pub(super) fn verifier(
    authorities: &[CertificateDer<'static>],
    required: bool,
    own: PathBuf,
) -> Result<Arc<dyn ClientCertVerifier>, String> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        let added = roots.add(authority.clone());
        added.map_err(|error| format!("TLS_CLIENT_CA_FILE cannot be used: {error}"))?;
    }
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
    let builder = if required { builder } else { builder.allow_unauthenticated() };
    let issued = builder.build().map_err(|error| error.to_string())?;
    Ok(Arc::new(IssuedOrOwn { issued, own }))
}

#[derive(Debug)]
struct IssuedOrOwn {
    issued: Arc<dyn ClientCertVerifier>,
    /// The path of the server's own certificate.
    own: PathBuf,
}

impl IssuedOrOwn {
    fn is_own(&self, certificate: &CertificateDer<'_>) -> bool {
        certificates(&self.own).is_ok_and(|chain| chain.first() == Some(certificate))
    }
}

impl ClientCertVerifier for IssuedOrOwn {
    fn offer_client_auth(&self) -> bool {
        self.issued.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.issued.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        // None: a client that is told the authorities would not present a certificate from another.
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let issued = self.issued.verify_client_cert(end_entity, intermediates, now);
        // Anyone who can sign with the server's own key, which is verified as for any other
        // certificate, controls this server anyway. The file is read again because the health check
        // may present a new certificate before the server has loaded it. A client with an issued
        // certificate never gets this far.
        if issued.is_err() && self.is_own(end_entity) {
            return Ok(ClientCertVerified::assertion());
        }
        issued
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.issued.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.issued.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.issued.supported_verify_schemes()
    }
}
