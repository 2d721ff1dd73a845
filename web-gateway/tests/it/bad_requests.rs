//! The corpus of bad requests as a browser would send it: each row's call over gRPC-Web, or by the
//! Connect protocol, must give the same result as over gRPC.

#[allow(dead_code)]
#[path = "../../../server/tests/it/bad_requests/expect.rs"]
mod expect;
#[allow(dead_code)]
#[path = "../../../server/tests/it/bad_requests/fixture.rs"]
mod fixture;
#[allow(dead_code)]
#[path = "../../../server/tests/it/bad_requests/raw.rs"]
mod raw;

use std::time::Instant;

use serde_json::Value;
use tonic::Status;

use crate::{
    connect::{self, JSON, PROTO},
    web::{BINARY, TEXT, Web, grpc_web},
};
use expect::{faults, rows};
use fixture::Fixture;

/// Sends a row's request with this content type; a stream is read to its first message.
async fn send(fixture: &Fixture, web: &Web, row: &Value, kind: &str) -> Result<(), Status> {
    let (method, message, authorization) = fixture.request(row);
    let (body, is_stream) = raw::encode(method, &message);
    let headers: Vec<_> =
        authorization.iter().map(|value| ("authorization", value.as_str())).collect();
    if [JSON, PROTO].contains(&kind) {
        let message = if kind == JSON { message.to_string().into() } else { body };
        return connect::call(web, (method, is_stream), kind, &headers, &message).await;
    }
    let mut open = web.open(grpc_web(method, kind, &headers, &body)).await;
    let is_refused = open.response.headers().contains_key("grpc-status");
    if is_stream && !is_refused {
        open.part().await.unwrap();
        return Ok(());
    }
    open.read().await.messages().map(drop)
}

#[tokio::test]
async fn every_row_of_the_corpus_gives_the_result_it_expects_through_the_gateway() {
    let mut wrong = Vec::new();
    for (at, row) in rows().iter().filter(|row| row["env"].is_null()).enumerate() {
        let fixture = Fixture::new().await;
        let web = Web::before(fixture.server.channel.clone()).await;
        let began = Instant::now();
        let kind = [BINARY, TEXT, JSON, PROTO][at % 4];
        let outcome = send(&fixture, &web, row, kind).await;
        let mut found = faults(row, &outcome, began.elapsed());
        if !fixture.answers_the_next_good_request().await {
            found.push("the next good request fails".into());
        }
        wrong.extend(found.into_iter().map(|fault| format!("{}: {fault}", row["name"])));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_database_that_is_down_is_reported_through_the_gateway() {
    let fixture = Fixture::new().await;
    let web = Web::before(fixture.server.channel.clone()).await;
    fixture.server.store.close().await;
    for row in rows().iter().filter(|row| row["env"] == "db_down") {
        let outcome = send(&fixture, &web, row, BINARY).await;
        let found = faults(row, &outcome, std::time::Duration::ZERO);
        assert!(found.is_empty(), "{}: {found:?}", row["name"]);
    }
}
