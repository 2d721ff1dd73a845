use rcgen::ExtendedKeyUsagePurpose;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsConnector;

use viva_testing::certificates::{Authority, ServerFiles};

use super::*;

fn paths(files: &ServerFiles) -> TlsFiles {
    TlsFiles { certificate: files.certificate(), key: files.key(), clients: None }
}

/// The same, accepting client certificates from the same authority.
fn with_clients(files: &ServerFiles, required: bool) -> TlsFiles {
    let clients = ClientCertificates { authority: files.authorities(), required };
    TlsFiles { clients: Some(clients), ..paths(files) }
}

/// Connects to a server with these files and echoes one byte; returns an error if that fails.
async fn echo(tls: &Tls, client: ClientConfig) -> Result<CertificateDer<'static>, io::Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let acceptor = tls.acceptor();
    let serving = tokio::spawn(async move {
        let mut stream = acceptor.accept(listener.accept().await?.0).await?;
        let byte = stream.read_u8().await?;
        stream.write_u8(byte).await?;
        stream.shutdown().await
    });
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TcpStream::connect(address).await?;
    let mut stream = TlsConnector::from(Arc::new(client)).connect(name, stream).await?;
    stream.write_u8(7).await?;
    stream.read_u8().await?;
    serving.await.unwrap()?;
    Ok(stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned())
}

fn client(roots: RootCertStore) -> ClientConfig {
    let builder = ClientConfig::builder_with_provider(provider());
    let builder = builder.with_protocol_versions(VERSIONS).unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

/// A client with a certificate for this use from this authority.
fn client_with(
    roots: RootCertStore,
    by: &Authority,
    usage: ExtendedKeyUsagePurpose,
) -> ClientConfig {
    showing(roots, by.issue(usage))
}

/// A client with this certificate and key, as PEM.
fn showing(roots: RootCertStore, (certificate, key): (String, String)) -> ClientConfig {
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let builder = ClientConfig::builder_with_provider(provider());
    let builder = builder.with_protocol_versions(VERSIONS).unwrap();
    builder.with_root_certificates(roots).with_client_auth_cert(chain, key).unwrap()
}

#[tokio::test]
async fn a_new_certificate_is_loaded_and_an_unusable_one_leaves_the_old_one() {
    let files = ServerFiles::new();
    let tls = Tls::load(paths(&files), GRPC).unwrap();
    let first = echo(&tls, client(files.authority.roots())).await.unwrap();
    assert!(!tls.reload().unwrap(), "nothing has changed");
    files.renew();
    assert!(tls.reload().unwrap());
    let second = echo(&tls, client(files.authority.roots())).await.unwrap();
    assert_ne!(first, second);
    let (_, other_key) = files.authority.issue(ExtendedKeyUsagePurpose::ServerAuth);
    files.write_key(&other_key);
    let error = tls.reload().unwrap_err().to_string();
    assert!(error.contains("key.pem") && error.contains("cert.pem"), "{error}");
    assert!(tls.reload().is_err(), "it is tried again");
    assert_eq!(echo(&tls, client(files.authority.roots())).await.unwrap(), second);
}

#[tokio::test]
async fn a_new_key_readable_by_everyone_is_loaded_once_it_no_longer_is() {
    use std::{fs, os::unix::fs::PermissionsExt};
    let files = ServerFiles::new();
    let tls = Tls::load(paths(&files), GRPC).unwrap();
    let first = echo(&tls, client(files.authority.roots())).await.unwrap();
    files.renew();
    let key = paths(&files).key;
    let mode = |mode| fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o644);
    assert!(tls.reload().is_err());
    assert_eq!(echo(&tls, client(files.authority.roots())).await.unwrap(), first);
    mode(0o600);
    assert!(tls.reload().unwrap(), "its content has not changed since");
    assert_ne!(echo(&tls, client(files.authority.roots())).await.unwrap(), first);
}

#[tokio::test]
async fn files_with_a_byte_order_mark_or_in_utf_16_are_read() {
    let files = ServerFiles::new();
    for path in [files.certificate(), files.key()] {
        let text = fs::read_to_string(&path).unwrap();
        let wide = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes));
        for bytes in [format!("\u{feff}{text}").into_bytes(), wide.collect()] {
            fs::write(&path, bytes).unwrap();
            Tls::load(paths(&files), GRPC).unwrap();
        }
    }
}

#[tokio::test]
async fn a_connection_continues_while_the_certificate_changes() {
    let files = ServerFiles::new();
    let tls = Tls::load(paths(&files), GRPC).unwrap();
    let (near, far) = tokio::io::duplex(64 * 1024);
    let acceptor = tls.acceptor();
    let name = ServerName::try_from("localhost").unwrap();
    let connector = TlsConnector::from(Arc::new(client(files.authority.roots())));
    let (theirs, ours) = tokio::join!(acceptor.accept(far), connector.connect(name, near));
    let (mut theirs, mut ours) = (theirs.unwrap(), ours.unwrap());
    files.renew();
    assert!(tls.reload().unwrap());
    ours.write_u8(7).await.unwrap();
    assert_eq!(theirs.read_u8().await.unwrap(), 7);
}

#[test]
fn files_that_cannot_be_used_are_named_with_what_is_wrong() {
    let files = ServerFiles::new();
    let told = |files: TlsFiles| Tls::load(files, GRPC).unwrap_err().to_string();
    fs::set_permissions(files.key(), fs::Permissions::from_mode(0o644)).unwrap();
    let error = told(paths(&files));
    assert!(error.contains("key.pem") && error.contains("chmod o="), "{error}");
    files.write_key("no key");
    assert!(told(paths(&files)).contains("key.pem contains no key"));
    files.renew();
    fs::write(files.certificate(), "").unwrap();
    assert!(told(paths(&files)).contains("cert.pem contains no certificate"));
    fs::remove_file(files.certificate()).unwrap();
    assert!(told(paths(&files)).contains("cannot read"));
}

#[tokio::test]
async fn a_client_must_present_a_certificate_of_the_authority_if_required() {
    let files = ServerFiles::new();
    let roots = || files.authority.roots();
    let of_clients = || ExtendedKeyUsagePurpose::ClientAuth;
    let required = Tls::load(with_clients(&files, true), GRPC).unwrap();
    assert!(echo(&required, client(roots())).await.is_err(), "none is presented");
    let good = client_with(roots(), &files.authority, of_clients());
    echo(&required, good).await.unwrap();
    let stranger = Authority::new();
    let bad = client_with(roots(), &stranger, of_clients());
    assert!(echo(&required, bad).await.is_err(), "it is from another authority");
    let usage = ExtendedKeyUsagePurpose::ServerAuth;
    let bad = client_with(roots(), &files.authority, usage);
    assert!(echo(&required, bad).await.is_err(), "it is not for clients");

    let optional = Tls::load(with_clients(&files, false), GRPC).unwrap();
    echo(&optional, client(roots())).await.unwrap();
    let bad = client_with(roots(), &stranger, of_clients());
    assert!(echo(&optional, bad).await.is_err(), "one that is presented must be valid");
}

#[tokio::test]
async fn an_expired_certificate_is_refused_on_either_side() {
    let files = ServerFiles::new();
    files.renew_until(2024);
    let tls = Tls::load(paths(&files), GRPC).unwrap();
    let refused = echo(&tls, client(files.authority.roots())).await.unwrap_err().to_string();
    assert!(refused.contains("expired"), "{refused}");
    files.renew();
    let tls = Tls::load(with_clients(&files, true), GRPC).unwrap();
    let expired = files.authority.issue_until(2024, ExtendedKeyUsagePurpose::ClientAuth);
    assert!(echo(&tls, showing(files.authority.roots(), expired)).await.is_err());
    let good = files.authority.issue_to_client();
    echo(&tls, showing(files.authority.roots(), good)).await.unwrap();
}

#[tokio::test]
async fn the_servers_new_certificate_is_accepted_from_a_client_before_the_server_loads_it() {
    let files = ServerFiles::new();
    let tls = Tls::load(with_clients(&files, true), GRPC).unwrap();
    let read = |path| fs::read_to_string(path).unwrap();
    let own = || showing(files.authority.roots(), (read(files.certificate()), read(files.key())));
    echo(&tls, own()).await.unwrap();
    let old = own();
    files.renew();
    echo(&tls, own()).await.unwrap();
    assert!(echo(&tls, old).await.is_err(), "the old one is not accepted any more");
}

#[tokio::test]
async fn only_tls_1_2_and_1_3_and_the_servers_protocols_are_negotiated() {
    let files = ServerFiles::new();
    let tls = Tls::load(paths(&files), GRPC).unwrap();
    let mut web = client(files.authority.roots());
    web.alpn_protocols = vec![b"http/1.1".to_vec()];
    assert!(echo(&tls, web).await.is_err());
    let builder = ClientConfig::builder_with_provider(provider());
    let builder = builder.with_protocol_versions(&[&TLS12]).unwrap();
    let older = builder.with_root_certificates(files.authority.roots()).with_no_client_auth();
    echo(&tls, older).await.unwrap();
    assert!(VERSIONS.iter().all(|version| {
        [rustls::ProtocolVersion::TLSv1_2, rustls::ProtocolVersion::TLSv1_3]
            .contains(&version.version)
    }));
}
