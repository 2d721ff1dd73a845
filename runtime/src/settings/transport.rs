//! How clients connect: with or without TLS, and whether the services are described to them.

use std::net::SocketAddr;

use super::reader::Reader;
use crate::tls::{ClientCertificates, TlsFiles};

/// Settings for connections.
#[derive(Debug, Clone, Default)]
pub struct TransportConfig {
    /// The TLS files; `None`: plain text.
    pub tls: Option<TlsFiles>,
    /// Whether plain text may leave this machine.
    pub plaintext: bool,
    /// Whether reflection is served; `None`: only on the loopback address.
    pub reflection: Option<bool>,
}

impl TransportConfig {
    /// Reads the settings for connections.
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

    /// Returns an error if traffic on this address would leave the machine unencrypted.
    pub fn check(&self, address: SocketAddr) -> Result<(), String> {
        if self.tls.is_some() || self.plaintext || address.ip().is_loopback() {
            return Ok(());
        }
        Err(format!(
            "{address} can be reached from other machines, and without TLS passwords and answers \
             would be sent unencrypted. Set TLS_CERT_FILE and TLS_KEY_FILE; or, if a TLS proxy or \
             a private network protects them, PLAINTEXT=allow (--plaintext)"
        ))
    }

    /// Whether reflection is served on this address.
    pub fn reflects(&self, address: SocketAddr) -> bool {
        self.reflection.unwrap_or_else(|| address.ip().is_loopback())
    }

    /// The settings in force.
    pub fn lines(&self) -> Vec<String> {
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
    let certificate = reader.path("TLS_CERT_FILE");
    let key = reader.path("TLS_KEY_FILE");
    let authority = reader.path("TLS_CLIENT_CA_FILE");
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
        // If an authority is set, its certificates are required by default.
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
    fn reflection_is_served_on_this_machine_and_elsewhere_only_if_set() {
        let (here, everywhere) = ("127.0.0.1:1".parse().unwrap(), "0.0.0.0:1".parse().unwrap());
        let unset = load(&[]).unwrap();
        assert!(unset.reflects(here) && !unset.reflects(everywhere));
        assert!(load(&[("REFLECTION", "on")]).unwrap().reflects(everywhere));
        assert!(!load(&[("REFLECTION", "off")]).unwrap().reflects(here));
    }

    #[test]
    fn incomplete_tls_settings_are_refused_and_the_missing_one_is_named() {
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
