//! The program with TLS: who may connect, the health check, new certificates while it runs, and its
//! refusal of plain text where others could read it.

use std::{error::Error, path::Path, sync::Arc};

use nix::sys::signal::Signal;
use rcgen::ExtendedKeyUsagePurpose;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::{
    Code, Status,
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity},
};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest,
};
use viva_proto::v1::{GetMeRequest, auth_service_client::AuthServiceClient};
use viva_testing::certificates::{Authority, ServerFiles};

use crate::{
    connect::http,
    support::{
        Person,
        program::{Program, command},
    },
};

fn serve(home: &Path, files: &ServerFiles, more: &[(&str, &str)]) -> Program {
    let own = files.environment();
    let own = own.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Program::serve(home, &own.chain(more.iter().copied()).collect::<Vec<_>>())
}

fn trusting(files: &ServerFiles) -> ClientTlsConfig {
    ClientTlsConfig::new().ca_certificate(Certificate::from_pem(files.authority.pem()))
}

async fn connect(
    program: &Program,
    tls: ClientTlsConfig,
) -> Result<Channel, tonic::transport::Error> {
    let endpoint = Endpoint::from_shared(format!("https://{}", program.address)).unwrap();
    endpoint.tls_config(tls)?.connect().await
}

/// The code of a call without a credential.
async fn ask(channel: Channel) -> Code {
    AuthServiceClient::new(channel).get_me(GetMeRequest {}).await.unwrap_err().code()
}

#[tokio::test]
async fn json_is_served_to_a_client_that_speaks_only_http1() {
    let (home, files) = (tempfile::tempdir().unwrap(), ServerFiles::new());
    let program = serve(home.path(), &files, &[]);
    let mut trusting = files.trusting();
    trusting.alpn_protocols = vec![b"http/1.1".to_vec()];
    let stream = TcpStream::connect(&program.address).await.unwrap();
    let name = "localhost".try_into().unwrap();
    let stream = TlsConnector::from(Arc::new(trusting)).connect(name, stream).await.unwrap();
    let request = http::post("ServerService/GetServerInfo", http::JSON, &[], "{}");
    let reply = http::read(http::begin_on(stream, request).await).await;
    assert_eq!(reply.json()["contract"], "viva.v1");
}

#[tokio::test]
async fn a_client_that_trusts_the_authority_is_served_and_others_are_not() {
    let (home, files) = (tempfile::tempdir().unwrap(), ServerFiles::new());
    let program = serve(home.path(), &files, &[]);
    let channel = connect(&program, trusting(&files)).await.unwrap();
    let ada = Person::register(channel, "ada").await;
    ada.create("Backend engineer", 1).await;
    assert!(connect(&program, trusting(&ServerFiles::new())).await.is_err());
    let plain = Endpoint::from_shared(format!("http://{}", program.address)).unwrap();
    if let Ok(channel) = plain.connect().await {
        assert_ne!(ask(channel).await, Code::Unauthenticated, "no call comes through");
    }
    // None of these connections has stopped the server.
    assert_eq!(
        ask(connect(&program, trusting(&files)).await.unwrap()).await,
        Code::Unauthenticated
    );
}

#[tokio::test]
async fn clients_must_show_a_certificate_where_one_is_required() {
    let (home, files) = (tempfile::tempdir().unwrap(), ServerFiles::new());
    let authorities = files.authorities();
    let program =
        serve(home.path(), &files, &[("TLS_CLIENT_CA_FILE", authorities.to_str().unwrap())]);
    let with = |by: &Authority| {
        let (certificate, key) = by.issue_to_client();
        trusting(&files).identity(Identity::from_pem(certificate, key))
    };
    let channel = connect(&program, with(&files.authority)).await.unwrap();
    assert_eq!(ask(channel).await, Code::Unauthenticated, "a certificate is not a credential");
    for tls in [trusting(&files), with(&Authority::new())] {
        // With TLS 1.3, a client learns only from its first call that it was rejected.
        if let Ok(channel) = connect(&program, tls).await {
            assert_ne!(ask(channel).await, Code::Unauthenticated);
        }
    }
    let own = files.environment();
    let mut check = command(home.path(), &["healthcheck", "--listen", &program.address]);
    check.envs(own).env("TLS_CLIENT_CA_FILE", &authorities);
    assert!(check.status().unwrap().success(), "the machine's own health check is accepted");
    // The server has had no signal, and looks at its files only from time to time.
    files.renew();
    assert!(
        check.status().unwrap().success(),
        "the health check works with a new certificate, too"
    );
}

#[tokio::test]
async fn an_expired_certificate_is_reported_and_refused_on_either_side() {
    let (home, files) = (tempfile::tempdir().unwrap(), ServerFiles::new());
    files.renew_until(2024);
    let authorities = files.authorities();
    let program =
        serve(home.path(), &files, &[("TLS_CLIENT_CA_FILE", authorities.to_str().unwrap())]);
    program.says("the certificate has expired").await;
    program.says("2024-01-31").await;
    let usage = ExtendedKeyUsagePurpose::ClientAuth;
    let showing = |(certificate, key): (String, String)| {
        trusting(&files).identity(Identity::from_pem(certificate, key))
    };
    let good = || showing(files.authority.issue_to_client());
    let refused = connect(&program, good()).await.unwrap_err();
    let told = refused.source().map(ToString::to_string).unwrap_or_default();
    assert!(told.contains("certificate expired"), "{told}");

    files.renew();
    program.signal(Signal::SIGHUP);
    program.says("new connections use the new certificate").await;
    assert_eq!(ask(connect(&program, good()).await.unwrap()).await, Code::Unauthenticated);
    let expired = showing(files.authority.issue_until(2024, usage));
    if let Ok(channel) = connect(&program, expired).await {
        assert_ne!(ask(channel).await, Code::Unauthenticated, "the client's has expired");
    }
}

#[tokio::test]
async fn a_new_certificate_is_used_after_sighup_and_connections_continue() {
    let (home, files) = (tempfile::tempdir().unwrap(), ServerFiles::new());
    let program = serve(home.path(), &files, &[]);
    let before = connect(&program, trusting(&files)).await.unwrap();
    let ada = Person::register(before, "ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let (others, new) = (ServerFiles::new(), trusting(&files));
    // The certificate of another authority, to recognise the new one.
    for (from, to) in [(others.certificate(), files.certificate()), (others.key(), files.key())] {
        std::fs::copy(from, to).unwrap();
    }
    program.signal(Signal::SIGHUP);
    while connect(&program, trusting(&others)).await.is_err() {}
    assert!(connect(&program, new).await.is_err());
    ada.submit(&interview, 0, "Sent on the connection from before.").await.unwrap();

    std::fs::write(files.certificate(), "no certificate").unwrap();
    program.signal(Signal::SIGHUP);
    program.says("the new certificate cannot be used; the old one stays in use").await;
    assert!(connect(&program, trusting(&others)).await.is_ok());
    program.signal(Signal::SIGTERM);
    let (status, log) = program.ended().await;
    assert!(status.success(), "{log}");
    assert!(log.contains("new connections use the new certificate"), "{log}");
}

#[tokio::test]
async fn the_health_check_uses_tls_if_the_server_does() {
    let (home, files) = (tempfile::tempdir().unwrap(), ServerFiles::new());
    let program = serve(home.path(), &files, &[]);
    let check = || command(home.path(), &["healthcheck", "--listen", &program.address]);
    assert!(check().envs(files.environment()).status().unwrap().success());
    let told = |output: std::process::Output| {
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let said = told(check().output().unwrap());
    assert!(said.contains("speaks TLS; give this check TLS_CERT_FILE"), "{said}");
    let (home, plain) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let program = Program::serve(plain.path(), &[]);
    let mut check = command(home.path(), &["healthcheck", "--listen", &program.address]);
    let said = told(check.envs(files.environment()).output().unwrap());
    assert!(said.contains("does not speak TLS, but TLS_CERT_FILE is set"), "{said}");
}

#[tokio::test]
async fn plain_text_where_others_could_read_it_prevents_the_start() {
    let home = tempfile::tempdir().unwrap();
    let serve = command(home.path(), &["serve", "--listen", "0.0.0.0:0"]);
    let ended = tokio::process::Command::from(serve).kill_on_drop(true).output();
    let longest = std::time::Duration::from_secs(10);
    let done = tokio::time::timeout(longest, ended).await.expect("the program serves").unwrap();
    assert!(!done.status.success());
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(told.contains("TLS_CERT_FILE") && told.contains("PLAINTEXT=allow"), "{told}");
    assert!(!home.path().join(".local").exists(), "nothing was created");
    let half = command(home.path(), &["serve"]).env("TLS_KEY_FILE", "key.pem").output().unwrap();
    assert!(String::from_utf8(half.stderr).unwrap().contains("TLS_CERT_FILE is not set"));
}

/// The reply of reflection to a request for the list of services.
async fn reflection(address: &str) -> Result<(), Status> {
    let port = address.rsplit(':').next().unwrap();
    let channel = Channel::from_shared(format!("http://127.0.0.1:{port}")).unwrap();
    let mut client = ServerReflectionClient::new(channel.connect().await.unwrap());
    let question = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut replies =
        client.server_reflection_info(tokio_stream::once(question)).await?.into_inner();
    replies.message().await.map(drop)
}

#[tokio::test]
async fn reflection_is_for_this_machine_only_unless_configured_otherwise() {
    let everywhere = ["serve", "--plaintext", "--listen", "0.0.0.0:0"];
    let here = ["serve", "--listen", "127.0.0.1:0"];
    for (arguments, set, served) in [
        (&here[..], "", true),
        (&here[..], "off", false),
        (&everywhere[..], "", false),
        (&everywhere[..], "on", true),
    ] {
        let home = tempfile::tempdir().unwrap();
        let program = Program::start(home.path(), arguments, &[("REFLECTION", set)]);
        let told = reflection(&program.address).await.map_err(|status| status.code());
        let wanted = if served { Ok(()) } else { Err(Code::Unimplemented) };
        assert_eq!(told, wanted, "{arguments:?} {set}");
    }
}
