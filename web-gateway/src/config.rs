//! The gateway's settings: from flags, the environment and the settings file, with the same names
//! and rules as the server's. README.md lists them.

use std::{net::SocketAddr, path::PathBuf};

use http::{HeaderValue, Uri, uri::Authority};
use viva_runtime::{
    settings::{ConfigErrors, LogConfig, Reader, TransportConfig, address},
    tls::TlsFiles,
};

use crate::local::LlmConfig;

/// The address it listens on by default.
const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

/// All settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address the gateway listens on.
    pub listen: SocketAddr,
    /// The server; `None` means an embedded one.
    pub upstream: Option<Uri>,
    /// The authorities that may issue the server's certificate, as PEM; `None`: the public ones.
    pub authorities: Option<PathBuf>,
    /// The gateway's own certificate and key, for a server that requires client certificates.
    pub identity: Option<TlsFiles>,
    /// TLS between browser and gateway.
    pub transport: TransportConfig,
    /// The other origins whose pages may call.
    pub origins: Vec<HeaderValue>,
    /// The host names it answers to, in addition to the machine's own.
    pub hosts: Vec<String>,
    /// Whether the page may use the microphone and voices, if the browser needs nothing outside this
    /// machine for them.
    pub speech: bool,
    /// The embedded server's data folder.
    pub data_folder: PathBuf,
    /// A folder of bank files that the embedded server adds to its bank.
    pub bank_dir: Option<PathBuf>,
    /// The embedded server's language model.
    pub model: Option<LlmConfig>,
    /// The log.
    pub log: LogConfig,
}

/// Command-line flags, which override the settings.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// Same as `VIVA_WEB_LISTEN`.
    pub listen: Option<SocketAddr>,
    /// Same as `VIVA_SERVER`.
    pub upstream: Option<String>,
    /// Same as `PLAINTEXT=allow`.
    pub plaintext: bool,
}

impl Config {
    /// Reads each setting through `get`; `file` is the text of the settings file, if there is one.
    pub fn load(
        flags: &Flags,
        get: impl Fn(&str) -> Option<String>,
        file: Option<&str>,
    ) -> Result<Self, ConfigErrors> {
        // A flag counts as the setting with its name, so a bad one is reported in the same way.
        let get = |name: &str| match name {
            "VIVA_SERVER" => flags.upstream.clone().or_else(|| get(name)),
            _ => get(name),
        };
        let mut reader = Reader::new(&get, file);
        let right = "an address such as 127.0.0.1:8080";
        let listen =
            reader.parsed("VIVA_WEB_LISTEN", DEFAULT_LISTEN, right, |text| text.parse().ok());
        let right = "a server's address such as http://127.0.0.1:50051 or https://viva.example";
        let upstream = reader.parsed("VIVA_SERVER", None, right, |text| server(text).map(Some));
        let authorities = reader.path("VIVA_CA_FILE");
        let identity = identity(&mut reader, upstream.as_ref());
        let mut transport = TransportConfig::load(&mut reader);
        transport.plaintext |= flags.plaintext;
        let right = "origins such as https://page.example, separated by commas";
        let origins = reader.parsed("CORS_ORIGINS", Vec::new(), right, |text| list(text, origin));
        let right = "names such as viva.example, separated by commas";
        let hosts = reader.parsed("VIVA_WEB_HOSTS", Vec::new(), right, |text| list(text, host));
        let speech = reader.parsed("VIVA_WEB_SPEECH", false, "allow, or not set", |text| {
            (text == "allow").then_some(true)
        });
        let config = Self {
            listen: flags.listen.unwrap_or(listen),
            upstream,
            authorities,
            identity,
            transport,
            origins,
            hosts,
            speech,
            data_folder: reader.data_folder(),
            bank_dir: reader.path("VIVA_BANK_DIR"),
            model: LlmConfig::load(&mut reader),
            log: LogConfig::load(&mut reader),
        };
        reader.finish(config)
    }
}

/// The gateway's own certificate: two files or none, and only if the connection to the server uses
/// TLS.
fn identity(reader: &mut Reader, upstream: Option<&Uri>) -> Option<TlsFiles> {
    let certificate = reader.path("UPSTREAM_CLIENT_CERT_FILE");
    let key = reader.path("UPSTREAM_CLIENT_KEY_FILE");
    if certificate.is_none() && key.is_some() {
        reader.missing("UPSTREAM_CLIENT_CERT_FILE", "the certificate's file, as PEM");
    }
    if key.is_none() && certificate.is_some() {
        reader.missing("UPSTREAM_CLIENT_KEY_FILE", "the file of the certificate's key, as PEM");
    }
    let files = TlsFiles { certificate: certificate?, key: key?, clients: None };
    if upstream.is_some_and(|uri| uri.scheme_str() != Some("https")) {
        let right = "an https:// address, because UPSTREAM_CLIENT_CERT_FILE needs TLS";
        reader.parsed("VIVA_SERVER", (), right, |_| None);
    }
    Some(files)
}

/// The items between commas, if all of them are valid.
fn list<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(parse).collect()
}

/// A server's address: scheme, host and port.
fn server(text: &str) -> Option<Uri> {
    let uri: Uri = text.parse().ok()?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let is_bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
    let has_port = address::has_sound_port(&uri);
    (is_web && is_bare && has_port && !text.contains('@')).then_some(uri)
}

/// An origin as browsers send it: in lower case, without a path. `*` and `null` are not accepted.
fn origin(text: &str) -> Option<HeaderValue> {
    let uri = server(text)?;
    let is_bare = !text.ends_with('/') && text == text.to_ascii_lowercase();
    let value = HeaderValue::from_str(text).ok();
    value.filter(|_| is_bare && uri.host().is_some_and(|host| host != "*"))
}

/// A host name, with a port if only that port is meant.
fn host(text: &str) -> Option<String> {
    let name = Authority::try_from(text).ok()?;
    (!text.contains(['@', '*'])).then(|| name.as_str().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(flags: &Flags, environment: &[(&str, &str)]) -> Result<Config, String> {
        let get = |name: &str| match name {
            "HOME" => Some("/home/ada".to_owned()),
            _ => environment.iter().find(|(set, _)| *set == name).map(|(_, v)| (*v).to_owned()),
        };
        Config::load(flags, get, None).map_err(|errors| errors.to_string())
    }

    #[test]
    fn without_settings_it_is_the_terminal_apps_server_on_this_machine() {
        let config = load(&Flags::default(), &[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert!(config.upstream.is_none() && config.origins.is_empty() && config.hosts.is_empty());
        assert!(!config.speech, "the microphone is off by default");
        assert_eq!(config.data_folder, PathBuf::from("/home/ada/.local/share/viva"));
    }

    #[test]
    fn a_flag_wins_over_the_environment() {
        let flags = Flags {
            listen: Some("127.0.0.1:1".parse().unwrap()),
            upstream: Some("https://flag.example".into()),
            ..Flags::default()
        };
        let environment =
            [("VIVA_WEB_LISTEN", "127.0.0.1:2"), ("VIVA_SERVER", "http://environment.example")];
        let config = load(&flags, &environment).unwrap();
        assert_eq!(config.listen.port(), 1);
        assert_eq!(config.upstream.unwrap().host(), Some("flag.example"));
        let config = load(&Flags::default(), &environment).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.upstream.unwrap().host(), Some("environment.example"));
    }

    #[test]
    fn the_gateways_own_certificate_needs_both_files_and_tls() {
        let (cert, key) =
            (("UPSTREAM_CLIENT_CERT_FILE", "a.pem"), ("UPSTREAM_CLIENT_KEY_FILE", "b.pem"));
        let (by_tls, plain) =
            (("VIVA_SERVER", "https://viva.example"), ("VIVA_SERVER", "http://viva.example"));
        let identity = load(&Flags::default(), &[cert, key, by_tls]).unwrap().identity.unwrap();
        assert_eq!((identity.certificate, identity.key), ("a.pem".into(), "b.pem".into()));
        for (set, told) in [
            (&[cert, by_tls][..], "UPSTREAM_CLIENT_KEY_FILE is not set"),
            (&[key, by_tls][..], "UPSTREAM_CLIENT_CERT_FILE is not set"),
            (
                &[cert, key, plain][..],
                "it must be an https:// address, because UPSTREAM_CLIENT_CERT_FILE",
            ),
        ] {
            let error = load(&Flags::default(), set).unwrap_err();
            assert!(error.contains(told), "{told} not in {error}");
        }
    }

    #[test]
    fn lists_are_read_and_every_bad_value_is_named_with_a_correct_one() {
        let good = [
            ("CORS_ORIGINS", "https://a.example, http://127.0.0.1:5173,"),
            ("VIVA_WEB_HOSTS", "Viva.example,10.0.0.1:8080"),
        ];
        let config = load(&Flags::default(), &good).unwrap();
        assert_eq!(config.origins, ["https://a.example", "http://127.0.0.1:5173"]);
        assert_eq!(config.hosts, ["viva.example", "10.0.0.1:8080"]);
        assert!(load(&Flags::default(), &[("VIVA_WEB_SPEECH", "allow")]).unwrap().speech);
        for (name, bad) in [
            ("CORS_ORIGINS", "*"),
            ("CORS_ORIGINS", "null"),
            ("CORS_ORIGINS", "https://*"),
            ("CORS_ORIGINS", "https://a.example/"),
            ("CORS_ORIGINS", "https://a.example/path"),
            ("CORS_ORIGINS", "https://A.example"),
            ("CORS_ORIGINS", "a.example"),
            ("VIVA_WEB_HOSTS", "https://a.example"),
            ("VIVA_WEB_HOSTS", "*"),
            ("VIVA_WEB_LISTEN", "8080"),
            ("VIVA_WEB_SPEECH", "yes"),
            ("VIVA_SERVER", "viva.example"),
            ("VIVA_SERVER", "http://u:p@viva.example"),
            ("VIVA_SERVER", "https://ada:hush"),
            ("VIVA_SERVER", "ada:hush"),
        ] {
            let told = load(&Flags::default(), &[(name, bad)]).unwrap_err();
            assert!(told.contains(name) && told.contains("it must be"), "{bad}: {told}");
            assert!(!told.contains("hush"), "{told}");
        }
    }
}
