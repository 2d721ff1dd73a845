//! A server that speaks TLS with a certificate from a private authority.

use std::fs;

use viva_runtime::tls::TlsFiles;
use viva_testing::certificates::ServerFiles;

use crate::support::{Server, Viva};

fn server(files: &ServerFiles) -> Server {
    let files = TlsFiles { certificate: files.certificate(), key: files.key(), clients: None };
    Server::start_with(Some(files))
}

/// Configures the binary to trust the authority in this file.
fn trust(viva: &Viva, authorities: &std::path::Path) {
    let folder = viva.home.path().join(".config/viva");
    fs::create_dir_all(&folder).unwrap();
    let line = format!("viva_ca_file = \"{}\"\n", authorities.display());
    fs::write(folder.join("config.toml"), line).unwrap();
}

#[test]
fn a_server_on_https_works_like_any_other_once_its_authority_is_trusted() {
    let files = ServerFiles::new();
    let server = server(&files);
    let viva = Viva::on(&server.url);
    trust(&viva, &files.authorities());
    viva.sign_up("ana");
    viva.interview(1);
    assert_eq!(viva.run(&["interview", "list"]).code, 0);
    assert!(viva.run(&["config", "show"]).out.contains("viva_ca_file"));
}

#[test]
fn a_server_of_an_unknown_authority_is_not_reached() {
    let files = ServerFiles::new();
    let server = server(&files);
    let register = ["register", "--username", "ana", "--email", "ana@corpus.example"];
    let stranger = Viva::on(&server.url);
    let refused = stranger.run_with(&register, "correct horse 42\n");
    assert_eq!(refused.code, 5);
    assert!(refused.err.contains("VIVA_CA_FILE"), "{}", refused.err);
    let mistaken = Viva::on(&server.url);
    trust(&mistaken, &ServerFiles::new().authorities());
    assert_eq!(mistaken.run_with(&register, "correct horse 42\n").code, 1, "the file is gone");
    let other = ServerFiles::new();
    trust(&mistaken, &other.authorities());
    assert_eq!(mistaken.run_with(&register, "correct horse 42\n").code, 5);
}

#[test]
fn an_expired_certificate_is_refused_and_given_as_the_reason() {
    let files = ServerFiles::new();
    files.renew_until(2024);
    let server = server(&files);
    let viva = Viva::on(&server.url);
    trust(&viva, &files.authorities());
    let register = ["register", "--username", "ana", "--email", "ana@corpus.example"];
    let refused = viva.run_with(&register, "correct horse 42\n");
    assert_eq!(refused.code, 5);
    assert!(refused.err.contains("certificate has expired"), "{}", refused.err);
}

/// The server's address with the other scheme, http or https.
fn turned(url: &str) -> String {
    match url.strip_prefix("https://") {
        Some(at) => format!("http://{at}"),
        None => url.replacen("http://", "https://", 1),
    }
}

#[test]
fn an_address_with_the_wrong_scheme_is_named_with_the_right_one() {
    let files = ServerFiles::new();
    let (with, without) = (server(&files), Server::start());
    for (server, speaks) in [(&with, "speaks TLS"), (&without, "does not speak TLS")] {
        let viva = Viva::on(&turned(&server.url));
        trust(&viva, &files.authorities());
        let login = viva.run_with(&["login", "--username", "ana"], "correct horse 42\n");
        for refused in [login, viva.run(&["interview", "list"])] {
            assert_eq!(refused.code, 5, "{}", refused.err);
            let told = format!("Use {} instead of {}", server.url, turned(&server.url));
            assert!(refused.err.contains(speaks) && refused.err.contains(&told), "{}", refused.err);
        }
    }
}

#[test]
fn a_server_that_is_not_viva_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            use std::io::{Read as _, Write as _};
            let mut stream = stream.unwrap();
            stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n").unwrap();
            // Until the client hangs up.
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    for scheme in ["http", "https"] {
        let refused = Viva::on(&format!("{scheme}://{address}")).run(&["interview", "list"]);
        assert_eq!(refused.code, 5, "{}", refused.err);
        assert!(
            refused.err.contains(&format!("{address} is not a Viva server")),
            "{}",
            refused.err
        );
    }
}
