//! Limits on attempts: wrong passwords, registrations, worthless refresh tokens, and calls in
//! general. The callers' addresses come from a proxy that the servers trust.

use std::{num::NonZeroU32, time::Duration};

use tonic::{Code, Request, Status};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt;
use viva_proto::v1;
use viva_server::{
    domain::{origin::Network, throttle::RequestLimits},
    startup::app::AppSettings,
};

use crate::support::{
    HOUR, PASSWORD, TestServer, reason, scratch::with_database, settings, sign_in_rates,
};

const HERE: &str = "203.0.113.7";
const THERE: &str = "198.51.100.9";

/// The settings of a server on a network.
fn guarded() -> AppSettings {
    AppSettings { sign_in_limits: sign_in_rates(), ..settings() }
}

/// Limits of a server that trusts the caller's address from a proxy.
fn proxied() -> RequestLimits {
    let loopback = Network::parse("127.0.0.0/8").unwrap();
    RequestLimits { trusted_proxies: vec![loopback], ..RequestLimits::default() }
}

async fn server() -> TestServer {
    TestServer::start_limited(guarded(), proxied()).await
}

/// A call that a proxy forwards from this address.
fn from<T>(address: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("x-forwarded-for", address.parse().unwrap());
    request
}

async fn login(
    server: &TestServer,
    name: &str,
    password: &str,
    address: &str,
) -> Result<v1::Session, Status> {
    let request = v1::LoginRequest { username: name.into(), password: password.into() };
    let reply = server.auth().login(from(address, request)).await?;
    Ok(reply.into_inner().session.unwrap())
}

async fn register(server: &TestServer, name: &str, address: &str) -> Result<(), Status> {
    let request = v1::RegisterRequest {
        username: name.into(),
        email: format!("{name}@corpus.example"),
        password: PASSWORD.into(),
    };
    server.auth().register(from(address, request)).await.map(drop)
}

/// Checks that the call was refused by a limit, with the contract's message and details, and may be
/// retried within `most`.
#[track_caller]
fn assert_too_many(status: &Status, most: Duration) {
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    assert_eq!(reason(status), "RATE_LIMITED");
    assert!(status.message().starts_with("Too many requests: "), "{status:?}");
    let wait = status.get_details_retry_info().and_then(|info| info.retry_delay).unwrap();
    assert!(wait > Duration::ZERO && wait <= most + Duration::from_secs(1), "{wait:?}");
}

/// Sends ten wrong passwords from one address, alternating between servers on one database; then
/// both refuse the address, and the owner can still sign in from elsewhere.
async fn one_budget(servers: [&TestServer; 2]) {
    register(servers[0], "ada", THERE).await.unwrap();
    for at in 0..10 {
        let wrong = login(servers[at % 2], "ada", "wrong", HERE).await.unwrap_err();
        assert_eq!(reason(&wrong), "INVALID_CREDENTIALS");
    }
    for server in servers {
        for password in ["wrong", PASSWORD] {
            let refused = login(server, "ada", password, HERE).await.unwrap_err();
            assert_too_many(&refused, HOUR);
        }
        login(server, "ada", PASSWORD, THERE).await.unwrap();
        let unknown = login(server, "bob", "wrong", HERE).await.unwrap_err();
        assert_eq!(reason(&unknown), "INVALID_CREDENTIALS", "another account");
    }
}

#[tokio::test]
async fn the_eleventh_wrong_password_is_refused_and_the_owner_elsewhere_is_let_in() {
    let server = server().await;
    one_budget([&server, &server]).await;
}

#[tokio::test]
async fn two_processes_on_one_file_share_each_budget() {
    let one = server().await;
    let other = one.start_beside(guarded(), proxied()).await;
    one_budget([&one, &other]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn two_processes_on_postgres_share_each_budget() {
    with_database(async |url| {
        let one = TestServer::start_limited_on(&url, guarded(), proxied()).await;
        let other = TestServer::start_limited_on(&url, guarded(), proxied()).await;
        one_budget([&one, &other]).await;
        one.stop().await;
        other.stop().await;
    })
    .await;
}

#[tokio::test]
async fn an_unknown_name_is_counted_like_any_other() {
    let server = server().await;
    for _ in 0..10 {
        let wrong = login(&server, "nobody", "wrong", HERE).await.unwrap_err();
        assert_eq!(reason(&wrong), "INVALID_CREDENTIALS");
    }
    let refused = login(&server, "nobody", "wrong", HERE).await.unwrap_err();
    assert_too_many(&refused, HOUR);
}

#[tokio::test]
async fn many_wrong_passwords_at_once_do_not_get_round_the_budget() {
    let server = server().await;
    let tries = (0..40).map(|_| login(&server, "ada", "wrong", HERE));
    let results = futures::future::join_all(tries).await;
    let codes = results.into_iter().map(|result| result.unwrap_err().code());
    assert_eq!(codes.filter(|code| *code == Code::Unauthenticated).count(), 10);
}

#[tokio::test]
async fn guessing_many_names_from_one_network_is_limited_too() {
    let server = server().await;
    for at in 0..50 {
        // All of one subscriber, who has the whole of 2001:db8::/64.
        let address = format!("2001:db8::{at:x}");
        let wrong = login(&server, &format!("name{at}"), "wrong", &address).await.unwrap_err();
        assert_eq!(reason(&wrong), "INVALID_CREDENTIALS", "{at}");
    }
    let refused = login(&server, "ada", "wrong", "2001:db8::ffff:1").await.unwrap_err();
    assert_too_many(&refused, HOUR);
    let wrong = login(&server, "ada", "wrong", "2001:db8:0:1::1").await.unwrap_err();
    assert_eq!(reason(&wrong), "INVALID_CREDENTIALS", "the neighbouring network is not affected");
}

#[tokio::test]
async fn an_address_may_register_twenty_accounts_a_minute() {
    let server = server().await;
    for at in 0..20 {
        register(&server, &format!("person{at}"), HERE).await.unwrap();
    }
    // A call that would reveal that the name is taken is refused, too.
    let refused = register(&server, "person1", HERE).await.unwrap_err();
    assert_too_many(&refused, HOUR);
    register(&server, "elsewhere", THERE).await.unwrap();
}

#[tokio::test]
async fn with_registration_closed_no_one_registers_and_everyone_signs_in() {
    let open = TestServer::start().await;
    open.sign_up("ada").await;
    let folder = open.stop().await;
    let closed = AppSettings { is_open: false, ..guarded() };
    let server = TestServer::start_in(folder, closed).await;
    for at in 0..20 {
        // The refusal does not reveal either whether a name is taken.
        let name = if at % 2 == 0 { "ada" } else { "bob" };
        let refused = register(&server, name, HERE).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
        assert_eq!(refused.message(), "Registration is closed on this server");
        assert_eq!(reason(&refused), "REGISTRATION_CLOSED");
    }
    assert_too_many(&register(&server, "bob", HERE).await.unwrap_err(), HOUR);
    login(&server, "ada", PASSWORD, HERE).await.unwrap();
}

#[tokio::test]
async fn worthless_refresh_tokens_are_counted_and_working_ones_are_not() {
    let server = server().await;
    register(&server, "ada", HERE).await.unwrap();
    let mut session = login(&server, "ada", PASSWORD, HERE).await.unwrap();
    let refresh = async |token: &str, address: &str| {
        let request = v1::RefreshRequest { refresh_token: token.into() };
        server.auth().refresh(from(address, request)).await
    };
    for _ in 0..40 {
        let reply = refresh(&session.refresh_token, HERE).await.unwrap();
        session = reply.into_inner().session.unwrap();
    }
    for _ in 0..30 {
        let refused = refresh("worthless", HERE).await.unwrap_err();
        assert_eq!(reason(&refused), "SESSION_ENDED");
    }
    assert_too_many(&refresh("worthless", HERE).await.unwrap_err(), HOUR);
    // A good token that is used too early is still good afterwards.
    assert_too_many(&refresh(&session.refresh_token, HERE).await.unwrap_err(), HOUR);
    refresh(&session.refresh_token, THERE).await.unwrap();
}

#[tokio::test]
async fn only_a_trusted_proxy_says_where_calls_come_from() {
    let server = TestServer::start_limited(guarded(), RequestLimits::default()).await;
    for at in 0..10 {
        let address = format!("203.0.113.{at}");
        login(&server, "ada", "wrong", &address).await.unwrap_err();
    }
    let refused = login(&server, "ada", "wrong", THERE).await.unwrap_err();
    assert_too_many(&refused, HOUR);
}

/// Limits of this many calls a minute per address and per account.
fn at_most(per_address: u32, per_user: u32) -> RequestLimits {
    let (per_address, per_user) = (NonZeroU32::new(per_address), NonZeroU32::new(per_user));
    RequestLimits { per_address, per_user, ..proxied() }
}

#[tokio::test]
async fn an_address_over_its_limit_learns_when_to_retry_and_others_are_served() {
    let server = TestServer::start_limited(settings(), at_most(2, 0)).await;
    let mut health = HealthClient::new(server.channel.clone());
    let ask = || HealthCheckRequest { service: String::new() };
    for _ in 0..2 {
        health.check(from(HERE, ask())).await.unwrap();
    }
    let refused = health.check(from(HERE, ask())).await.unwrap_err();
    assert_too_many(&refused, Duration::from_secs(30));
    let refused = server.auth().get_me(from(HERE, v1::GetMeRequest {})).await.unwrap_err();
    assert_too_many(&refused, Duration::from_secs(30));
    health.check(from(THERE, ask())).await.unwrap();
}

#[tokio::test]
async fn an_account_over_its_limit_is_refused_from_any_address_and_others_are_served() {
    let server = TestServer::start_limited(settings(), at_most(0, 2)).await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    for at in 0..3 {
        let mut request = ada.ask(v1::GetMeRequest {});
        let address = if at % 2 == 0 { HERE } else { THERE };
        request.metadata_mut().insert("x-forwarded-for", address.parse().unwrap());
        let reply = ada.auth().get_me(request).await;
        match reply {
            Ok(_) => assert!(at < 2),
            Err(refused) => {
                assert_eq!(at, 2);
                assert_too_many(&refused, Duration::from_secs(30));
            }
        }
    }
    bob.auth().get_me(bob.ask(v1::GetMeRequest {})).await.unwrap();
    let mut health = HealthClient::new(server.channel.clone());
    for _ in 0..20 {
        health.check(HealthCheckRequest { service: String::new() }).await.unwrap();
    }
}
