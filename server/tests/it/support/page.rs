//! Reads a metrics page as Prometheus does.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// The reply to one request to this address, including the head.
pub(crate) async fn get(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    reply
}

/// The metrics page.
pub(crate) async fn scrape(address: &str) -> String {
    let reply = get(address, "GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").await;
    let (head, page) = reply.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    page.to_owned()
}

/// The value of a series, named as on the page; `None` if the page does not have it.
pub(crate) fn value(page: &str, series: &str) -> Option<f64> {
    let line = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map(|value| value.parse().unwrap())
}

/// Matches exactly this value.
pub(crate) fn is(wanted: f64) -> impl Fn(f64) -> bool {
    move |value| value.total_cmp(&wanted).is_eq()
}

/// Reads the page until a series has a right value. A call is counted at its end, which may be a
/// moment after the caller has received the reply.
pub(crate) async fn wait_for(address: &str, series: &str, right: impl Fn(f64) -> bool) -> String {
    let mut page = String::new();
    let wait = async {
        loop {
            page = scrape(address).await;
            if value(&page, series).is_some_and(&right) {
                break;
            }
        }
    };
    let came = timeout(Duration::from_secs(20), wait).await;
    assert!(came.is_ok(), "{series} did not become right on\n{page}");
    page
}
