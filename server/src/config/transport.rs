//! How clients connect: with or without TLS, and whether the services are described to them.

use std::{net::SocketAddr, path::PathBuf};

use super::reader::Reader;
use crate::tls::{ClientCertificates, TlsFiles};

/// Settings for connections.
#[derive(Debug, Clone, Default)]
pub struct TransportConfig {
    /// The TLS files; none: plain text.
    pub tls: Option<TlsFiles>,
    /// Whether plain text may leave this machine.
    pub plaintext: bool,
    /// Whether reflection is served; none: only on the loopback address.
    pub reflection: Option<bool>,
}

impl TransportConfig {
    /// Reads them.
    pub fn load(reader: &mut Reader) -> Self {
        let plaintext = reader.parsed("PLAINTEXT", false, "allow, or not set", |text| {
            (text == "allow").then_some(true)
        });
        let reflection = reader.parsed("REFLECTION", None, "on or off", |text| match text {
            "on" => Some(Some(true)),
            "off" => Some(Some(false)),
            _ => None,
        });
        Self { tls: files(reader), plaintext, reflection }
    }

    /// Returns an error if traffic on this address could be read on the way.
    pub fn check(&self, address: SocketAddr) -> Result<(), String> {
        if self.tls.is_some() || self.plaintext || address.ip().is_loopback() {
            return Ok(());
        }
        Err(format!(
            "{address} can be reached from other machines, and without TLS passwords and answers \
             would go there as plain text. Set TLS_CERT_FILE and TLS_KEY_FILE; or, where a proxy \
             that speaks TLS or a private network is in front, PLAINTEXT=allow (--plaintext)"
        ))
    }

    /// Whether reflection is served on this address.
    pub fn reflects(&self, address: SocketAddr) -> bool {
        self.reflection.unwrap_or_else(|| address.ip().is_loopback())
    }

    /// The settings in force.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match &self.tls {
            None => lines.push("TLS_CERT_FILE = not set: plain text".to_owned()),
            Some(files) => {
                lines.push(format!("TLS_CERT_FILE = {}", files.certificate.display()));
                lines.push(format!("TLS_KEY_FILE = {}", files.key.display()));
                if let Some(clients) = &files.clients {
                    let required = if clients.required { "required" } else { "optional" };
                    lines.push(format!("TLS_CLIENT_CA_FILE = {}", clients.authority.display()));
                    lines.push(format!("TLS_CLIENT_CERTIFICATES = {required}"));
                }
            }
        }
        let plaintext = if self.plaintext { "allow" } else { "not set: on the loopback address" };
        lines.push(format!("PLAINTEXT = {plaintext}"));
        lines.push(match self.reflection {
            None => "REFLECTION = not set: on the loopback address".to_owned(),
            Some(true) => "REFLECTION = on".to_owned(),
            Some(false) => "REFLECTION = off".to_owned(),
        });
        lines
    }
}

fn files(reader: &mut Reader) -> Option<TlsFiles> {
    let right = "the name of a file";
    let path = |text: &str| Some(Some(PathBuf::from(text)));
    let certificate = reader.parsed("TLS_CERT_FILE", None, right, path);
    let key = reader.parsed("TLS_KEY_FILE", None, right, path);
    let authority = reader.parsed("TLS_CLIENT_CA_FILE", None, right, path);
    let required =
        reader.parsed("TLS_CLIENT_CERTIFICATES", None, "required or optional", |text| match text {
            "required" => Some(Some(true)),
            "optional" => Some(Some(false)),
            _ => None,
        });
    if certificate.is_none() && (key.is_some() || authority.is_some()) {
        reader.missing("TLS_CERT_FILE", "the certificate's file, as PEM");
    }
    if key.is_none() && (certificate.is_some() || authority.is_some()) {
        reader.missing("TLS_KEY_FILE", "the file of the certificate's key, as PEM");
    }
    if required.is_some() && authority.is_none() {
        reader.missing("TLS_CLIENT_CA_FILE", "the file of the authorities of clients, as PEM");
    }
    let clients = authority.map(|authority| ClientCertificates {
        authority,
        // If an authority is named, its certificates are meant to be required.
        required: required.unwrap_or(true),
    });
    Some(TlsFiles { certificate: certificate?, key: key?, clients })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(environment: &[(&str, &str)]) -> Result<TransportConfig, String> {
        let get = |name: &str| {
            environment.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned())
        };
        let mut reader = Reader::new(&get, None);
        let config = TransportConfig::load(&mut reader);
        reader.finish(config).map_err(|errors| errors.to_string())
    }

    const CERT: (&str, &str) = ("TLS_CERT_FILE", "cert.pem");
    const KEY: (&str, &str) = ("TLS_KEY_FILE", "key.pem");
    const CA: (&str, &str) = ("TLS_CLIENT_CA_FILE", "ca.pem");

    #[test]
    fn plain_text_stays_on_this_machine_unless_it_is_allowed() {
        let (here, everywhere) = ("127.0.0.1:1".parse().unwrap(), "0.0.0.0:1".parse().unwrap());
        let plain = load(&[]).unwrap();
        assert!(plain.check(here).is_ok() && plain.check("[::1]:1".parse().unwrap()).is_ok());
        let told = plain.check(everywhere).unwrap_err();
        for way_out in ["TLS_CERT_FILE", "TLS_KEY_FILE", "PLAINTEXT=allow", "--plaintext"] {
            assert!(told.contains(way_out), "{told}");
        }
        assert!(load(&[("PLAINTEXT", "allow")]).unwrap().check(everywhere).is_ok());
        assert!(load(&[CERT, KEY]).unwrap().check(everywhere).is_ok());
    }

    #[test]
    fn reflection_is_served_on_this_machine_and_elsewhere_when_it_is_set() {
        let (here, everywhere) = ("127.0.0.1:1".parse().unwrap(), "0.0.0.0:1".parse().unwrap());
        let unset = load(&[]).unwrap();
        assert!(unset.reflects(here) && !unset.reflects(everywhere));
        assert!(load(&[("REFLECTION", "on")]).unwrap().reflects(everywhere));
        assert!(!load(&[("REFLECTION", "off")]).unwrap().reflects(here));
    }

    #[test]
    fn half_of_tls_is_none_and_the_other_half_is_named() {
        for (set, missing) in [
            (&[CERT][..], "TLS_KEY_FILE is not set"),
            (&[KEY][..], "TLS_CERT_FILE is not set"),
            (&[CA][..], "TLS_KEY_FILE is not set"),
            (&[CERT, KEY, ("TLS_CLIENT_CERTIFICATES", "optional")][..], "TLS_CLIENT_CA_FILE"),
            (&[CERT, KEY, CA, ("TLS_CLIENT_CERTIFICATES", "no")][..], "required or optional"),
            (&[("PLAINTEXT", "yes")][..], "PLAINTEXT"),
        ] {
            let told = load(set).unwrap_err();
            assert!(told.contains(missing), "{missing} not in {told}");
        }
        let clients = |set: &[_]| load(set).unwrap().tls.unwrap().clients;
        assert_eq!(clients(&[CERT, KEY]), None);
        assert!(clients(&[CERT, KEY, CA]).unwrap().required);
        let optional = [CERT, KEY, CA, ("TLS_CLIENT_CERTIFICATES", "optional")];
        assert!(!clients(&optional).unwrap().required);
    }
}
