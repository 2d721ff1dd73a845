//! The program with TLS: who gets in, the health check, new certificates while it runs; and what it
//! says to plain text where others could read it.

use std::{error::Error, path::Path};

use nix::sys::signal::Signal;
use rcgen::ExtendedKeyUsagePurpose;
use tonic::{
    Code, Status,
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity},
};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest,
};
use viva_proto::v1::{GetMeRequest, auth_service_client::AuthServiceClient};

use crate::support::{
    Person,
    certificates::{Authority, ServerFiles},
    program::{Program, command},
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
    // None of them has ended the server.
    assert_eq!(
        ask(connect(&program, trusting(&files)).await.unwrap()).await,
        Code::Unauthenticated
    );
}

#[tokio::test]
async fn clients_show_a_certificate_where_they_must() {
    let (home, files) = (tempfile::tempdir().unwrap(), ServerFiles::new());
    let authorities = files.authorities();
    let program =
        serve(home.path(), &files, &[("TLS_CLIENT_CA_FILE", authorities.to_str().unwrap())]);
    let with = |by: &Authority| {
        let (certificate, key) = by.issue_to_client();
        trusting(&files).identity(Identity::from_pem(certificate, key))
    };
    let channel = connect(&program, with(&files.authority)).await.unwrap();
    assert_eq!(ask(channel).await, Code::Unauthenticated, "the certificate is no credential");
    for tls in [trusting(&files), with(&Authority::new())] {
        // By TLS 1.3 a client hears only with its first call that it was turned away.
        if let Ok(channel) = connect(&program, tls).await {
            assert_ne!(ask(channel).await, Code::Unauthenticated);
        }
    }
    let own = files.environment();
    let mut check = command(home.path(), &["healthcheck", "--listen", &program.address]);
    check.envs(own).env("TLS_CLIENT_CA_FILE", &authorities);
    assert!(check.status().unwrap().success(), "the machine's own health check gets in");
    // Nobody has told the server yet, and it looks only now and again.
    files.renew();
    assert!(check.status().unwrap().success(), "and so it does when the certificate is new");
}

#[tokio::test]
async fn a_certificate_whose_time_has_passed_is_told_of_and_refused_on_either_side() {
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
    program.says("new connections have the new certificate").await;
    assert_eq!(ask(connect(&program, good()).await.unwrap()).await, Code::Unauthenticated);
    let expired = showing(files.authority.issue_until(2024, usage));
    if let Ok(channel) = connect(&program, expired).await {
        assert_ne!(ask(channel).await, Code::Unauthenticated, "the client's has expired");
    }
}

#[tokio::test]
async fn a_new_certificate_is_taken_up_on_sighup_and_connections_go_on() {
    let (home, files) = (tempfile::tempdir().unwrap(), ServerFiles::new());
    let program = serve(home.path(), &files, &[]);
    let before = connect(&program, trusting(&files)).await.unwrap();
    let ada = Person::register(before, "ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let (others, new) = (ServerFiles::new(), trusting(&files));
    // The certificate of another authority, so that who has the new one can be told.
    for (from, to) in [(others.certificate(), files.certificate()), (others.key(), files.key())] {
        std::fs::copy(from, to).unwrap();
    }
    program.signal(Signal::SIGHUP);
    while connect(&program, trusting(&others)).await.is_err() {}
    assert!(connect(&program, new).await.is_err());
    ada.submit(&interview, 0, "Sent on the connection from before.").await.unwrap();

    std::fs::write(files.certificate(), "no certificate").unwrap();
    program.signal(Signal::SIGHUP);
    program.says("the new certificate is not used; the old one stays").await;
    assert!(connect(&program, trusting(&others)).await.is_ok());
    program.signal(Signal::SIGTERM);
    let (status, log) = program.ended().await;
    assert!(status.success(), "{log}");
    assert!(log.contains("new connections have the new certificate"), "{log}");
}

#[tokio::test]
async fn the_health_check_asks_by_tls_where_there_is_tls() {
    let (home, files) = (tempfile::tempdir().unwrap(), ServerFiles::new());
    let program = serve(home.path(), &files, &[]);
    let check = || command(home.path(), &["healthcheck", "--listen", &program.address]);
    assert!(check().envs(files.environment()).status().unwrap().success());
    assert!(!check().status().unwrap().success(), "plain text finds nothing there");
}

#[tokio::test]
async fn plain_text_where_others_could_read_it_is_refused_at_the_start() {
    let home = tempfile::tempdir().unwrap();
    let serve = command(home.path(), &["serve", "--listen", "0.0.0.0:0"]);
    let ended = tokio::process::Command::from(serve).kill_on_drop(true).output();
    let longest = std::time::Duration::from_secs(10);
    let done = tokio::time::timeout(longest, ended).await.expect("it serves").unwrap();
    assert!(!done.status.success());
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(told.contains("TLS_CERT_FILE") && told.contains("PLAINTEXT=allow"), "{told}");
    assert!(!home.path().join(".local").exists(), "nothing was begun");
    let half = command(home.path(), &["serve"]).env("TLS_KEY_FILE", "key.pem").output().unwrap();
    assert!(String::from_utf8(half.stderr).unwrap().contains("TLS_CERT_FILE is not set"));
}

/// What reflection says when it is asked for the services.
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
async fn reflection_is_for_this_machine_unless_it_is_set_otherwise() {
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
