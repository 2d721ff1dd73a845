//! How the client handles connections that go wrong, and where it never connects.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::Arc,
    thread,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{
    ask, client, client_with,
    endpoint::{Endpoint, Reply, completion, response},
    failure, retry, settings,
};
use crate::{
    domain::clock::SystemClock,
    llm::{LlmClient, LlmError, SetupError},
};

/// A self-signed certificate for 127.0.0.1 and its key, made only for these tests.
const CERTIFICATE: &str = "MIIBUDCCAQKgAwIBAgIUdawQel43oQeBY3dAPhvcDvOe9XcwBQYDK2VwMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDAgFw0yNjExMjMwNzM1MTNaGA8yMTI2MTAzMDA3MzUxM1owFDESMBAGA1UEAwwJbG9jYWxob3N0MCowBQYDK2VwAyEATxcCKnsYJuq+C/XfKUZ/GOyfDKGa06BsYO13x1mw2Z6jZDBiMB0GA1UdDgQWBBQtfc7U+raALcfVAdgk467ghES37zAfBgNVHSMEGDAWgBQtfc7U+raALcfVAdgk467ghES37zAPBgNVHRMBAf8EBTADAQH/MA8GA1UdEQQIMAaHBH8AAAEwBQYDK2VwA0EALJEzzJ2um21CuqeE5CjAY9yQElwezOm8SkKAe8ebFS73RD3yz1IGkL2c71sGNIrm8wYwwU0BN37e49hSEMoWDA==";
const ITS_KEY: &str = "MC4CAQAwBQYDK2VwBCIEICCvMG002crcS1rIMOue2Q+2eBz293zx0UDeUs4V2a2O";

/// The beginnings of compressed replies, with and without a stated length.
const PACKED: &[u8] =
    b"HTTP/1.1 200 x\r\ncontent-encoding: gzip\r\ncontent-length: 99\r\n\r\n\x1f\x8b\x08";
const UNMEASURED: &[u8] = b"HTTP/1.1 200 x\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_broken_connection_is_retried_later() {
    let head = b"HTTP/1.1 200 x\r\ncontent-length: 100\r\n\r\n{";
    let chunked = b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{";
    for reply in [
        Reply::Reset(Vec::new()),
        Reply::Close(Vec::new()),
        Reply::Close(b"HTTP/1.1 200".to_vec()),
        Reply::Reset(head.to_vec()),
        Reply::Close(head.to_vec()),
        Reply::Close(chunked.to_vec()),
        Reply::Reset(PACKED.to_vec()),
        Reply::Close(PACKED.to_vec()),
        Reply::Close([UNMEASURED, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"].concat()),
    ] {
        let endpoint = Endpoint::always(reply.clone()).await;
        let reason = retry(&client(endpoint.url())).await;
        let expected = "The connection to the language model was lost.";
        assert_eq!(reason, expected, "{reply:?}");
    }
}

#[tokio::test]
async fn an_unreachable_endpoint_is_retried_later() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    drop(listener);
    for host in [host, "no-such-host.invalid:80".to_owned()] {
        let reason = retry(&client(format!("http://{host}/v1?token=query-hush"))).await;
        assert_eq!(reason, "The language model (LLM_API_URL) cannot be reached.");
    }
}

#[tokio::test]
async fn a_reply_that_cannot_be_decompressed_is_not_a_chat_completion() {
    for body in [b"this is no gzip".as_slice(), b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xff\xff"]
    {
        let endpoint = Endpoint::always(response(200, &[("content-encoding", "gzip")], body)).await;
        assert!(failure(&client(endpoint.url())).await.contains("LLM_API_URL"));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_goes_nowhere_else() {
    let elsewhere = Endpoint::always(completion("{}")).await;
    for status in [300, 301, 302, 303, 307, 308] {
        let location = elsewhere.url();
        let endpoint =
            Endpoint::always(response(status, &[("location", location.as_str())], b"")).await;
        let reason = failure(&client(endpoint.url())).await;
        assert!(reason.contains("LLM_API_URL") && reason.contains("redirect"), "{reason}");
        assert_eq!(endpoint.seen().len(), 1);
    }
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_requested_wait_is_passed_on() {
    let endpoint = Endpoint::always(response(429, &[("retry-after", "2")], b"")).await;
    match client(endpoint.url()).complete(&ask()).await {
        Err(LlmError::Retry { after, .. }) => assert_eq!(after, Some(Duration::from_secs(2))),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn without_a_key_none_is_sent_and_the_fault_says_so() {
    for key in [None, Some("".into())] {
        let endpoint = Endpoint::always(response(401, &[], b"")).await;
        let client = client_with(endpoint.url(), |settings| settings.key = key);
        assert!(failure(&client).await.contains("requires a key"));
        assert!(!endpoint.seen()[0].head.contains("authorization"));
    }
}

#[test]
fn a_setting_that_cannot_work_is_named_and_the_key_is_not_repeated() {
    let refused = |change: fn(&mut crate::llm::LlmSettings)| {
        let mut settings = settings("http://localhost:1/v1".to_owned());
        change(&mut settings);
        let error = LlmClient::new(settings, Arc::new(SystemClock)).err();
        error.unwrap().to_string()
    };
    assert!(refused(|s| s.url = "localhost".to_owned()).starts_with("LLM_API_URL must be"));
    assert!(refused(|s| s.model = " ".to_owned()).starts_with("LLM_MODEL must be"));
    for key in ["sk-hush\n", " sk-hush", "sk-hush\u{e9}", "sk-\0hush"] {
        let mut settings = settings("http://localhost:1/v1".to_owned());
        settings.key = Some(key.into());
        let error = LlmClient::new(settings, Arc::new(SystemClock)).err().unwrap();
        assert_eq!(error, SetupError::Key);
        assert!(error.to_string().contains("LLM_API_KEY"));
        assert!(!error.to_string().contains("hush"));
    }
}

#[tokio::test]
async fn an_untrusted_certificate_fails_and_a_cut_handshake_is_retried() {
    let https = |host: &str| client(format!("https://{host}/v1"));
    let host = listen(|stream| {
        let mut tls = rustls::ServerConnection::new(server_config()).unwrap();
        // The client hangs up in the middle, as intended.
        let _ = tls.complete_io(stream);
    });
    let reason = failure(&https(&host)).await;
    assert!(reason.contains("certificate") && reason.contains("LLM_API_URL"), "{reason}");

    let host = listen(|stream| {
        let _ = stream.read(&mut [0; 16]);
    });
    let reason = retry(&https(&host)).await;
    assert_eq!(reason, "The language model (LLM_API_URL) cannot be reached.");

    let host = listen(|stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = stream.read(&mut [0; 4096]);
    });
    let reason = failure(&https(&host)).await;
    assert!(reason.contains("does not speak TLS"), "{reason}");
}

#[tokio::test]
async fn an_endpoint_that_speaks_tls_and_is_called_without_it_is_reported() {
    // An alert, as a TLS server sends it to what is not a handshake, and then the end.
    let alert = |stream: &mut std::net::TcpStream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"\x15\x03\x01\x00\x02\x02\x46");
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        // The call, and the probe for TLS.
        for _ in 0..2 {
            alert(&mut listener.accept().unwrap().0);
        }
    });
    let reason = failure(&client(format!("http://{host}/v1"))).await;
    assert!(reason.contains("speaks TLS; write https in LLM_API_URL"), "{reason}");
}

/// A listener for one connection, on its own thread; returns its host and port.
fn listen(serve: impl FnOnce(&mut std::net::TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    thread::spawn(move || serve(&mut listener.accept().unwrap().0));
    host
}

fn server_config() -> Arc<rustls::ServerConfig> {
    let certificate = CertificateDer::from(STANDARD.decode(CERTIFICATE).unwrap());
    let key = PrivateKeyDer::Pkcs8(STANDARD.decode(ITS_KEY).unwrap().into());
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    Arc::new(config.with_single_cert(vec![certificate], key).unwrap())
}
