//! The page's session over the wire.

use http::StatusCode;
use tonic::Code;
use viva_proto::v1;

use crate::{
    support::{PASSWORD, Person, TestServer, reason},
    web::{Reply, Web, request},
};

/// A gateway in front of a server on which ada has an account, with ada signed in through the page.
async fn signed_in() -> (TestServer, Web, Reply) {
    let server = TestServer::start().await;
    server.sign_up("ada").await;
    let web = Web::before(server.channel.clone()).await;
    let reply = web.page("/session/login", &login("ada", PASSWORD), &[]).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    (server, web, reply)
}

fn login(username: &str, password: &str) -> String {
    serde_json::json!({ "username": username, "password": password }).to_string()
}

/// The cookie that a reply sets, in the form in which the browser sends it back.
fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}

fn access_token(reply: &Reply) -> String {
    reply.json()["access_token"].as_str().unwrap().to_owned()
}

/// Whether the token works.
async fn works(server: &TestServer, access_token: String) -> bool {
    let session = v1::Session { access_token, ..Default::default() };
    let person = Person { channel: server.channel.clone(), session };
    person.auth().get_me(person.ask(v1::GetMeRequest {})).await.is_ok()
}

#[tokio::test]
async fn signing_in_gives_the_page_a_token_and_a_cookie_that_scripts_cannot_read() {
    let (server, web, reply) = signed_in().await;
    let told = reply.json();
    assert_eq!(told["username"], "ada");
    assert!(told["expires_at"].as_str().unwrap().ends_with('Z'), "{told}");
    assert_eq!(told.as_object().unwrap().len(), 3, "the refresh token is not in it: {told}");
    assert!(works(&server, access_token(&reply)).await);
    let set = reply.header("set-cookie");
    let (name, rest) = set.split_once('=').unwrap();
    assert_eq!(name, format!("viva_refresh_{}", web.address.port()));
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Strict", "; Max-Age=2"] {
        assert!(rest.contains(part), "{part} not in {set}");
    }
    assert!(!rest.contains("Domain") && !rest.contains("Secure"), "{set}");
    assert_eq!(reply.header("cache-control"), "no-store");

    let far = web.send(request(
        "POST",
        "/session/login",
        &[
            ("host", "localhost:1"),
            ("origin", "https://localhost:1"),
            ("content-type", "application/json"),
        ],
        login("ada", PASSWORD).into(),
    ));
    let far = far.await;
    let set = far.header("set-cookie");
    assert!(set.starts_with("__Host-viva_refresh_1=") && set.ends_with("; Secure"), "{set}");
}

#[tokio::test]
async fn errors_are_those_of_the_contract_in_json() {
    let (_server, web, _) = signed_in().await;
    let wrong = web.page("/session/login", &login("ada", "wrong"), &[]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let told = wrong.json();
    assert_eq!(told["code"], "UNAUTHENTICATED");
    assert_eq!(told["reason"], "INVALID_CREDENTIALS");
    assert_eq!(told["message"], "Invalid username or password");
    assert_eq!(told["violations"], serde_json::json!([]));
    assert!(!wrong.headers.contains_key("set-cookie"));
    for nonsense in ["", "{", "[]", r#"{"username":7}"#] {
        let reply = web.page("/session/login", nonsense, &[]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{nonsense}");
        assert_eq!(reply.json()["reason"], "VALIDATION_FAILED");
    }
    let code = web.page("/session/login", r#"{"code":"guessed"}"#, &[]).await;
    assert_eq!(code.status, StatusCode::UNAUTHORIZED, "this gateway has no owner");
    let large = login("ada", &"x".repeat(20_000));
    assert_eq!(
        web.page("/session/login", &large, &[]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let none = web.page("/session/refresh", "", &[]).await;
    assert_eq!(
        (none.status, &none.json()["reason"]),
        (StatusCode::UNAUTHORIZED, &"SESSION_ENDED".into())
    );
}

#[tokio::test]
async fn a_request_from_another_site_or_of_another_content_type_has_no_effect() {
    let (server, web, reply) = signed_in().await;
    let (cookie, origin) = (cookie(&reply), web.origin());
    let json = ("content-type", "application/json");
    let own = ("origin", origin.as_str());
    for (headers, status) in [
        (vec![json], StatusCode::FORBIDDEN),
        (vec![json, ("origin", "http://evil.example")], StatusCode::FORBIDDEN),
        (vec![json, ("origin", "null")], StatusCode::FORBIDDEN),
        (vec![json, own, ("sec-fetch-site", "cross-site")], StatusCode::FORBIDDEN),
        (vec![json, own, ("sec-fetch-site", "same-site")], StatusCode::FORBIDDEN),
        (vec![json, own, ("host", "evil.example")], StatusCode::FORBIDDEN),
        (vec![own], StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (vec![own, ("content-type", "text/plain")], StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        for path in ["/session/login", "/session/refresh", "/session/logout"] {
            let mut headers = headers.clone();
            headers.push(("cookie", &cookie));
            let body = login("ada", PASSWORD);
            let reply = web.send(request("POST", path, &headers, body.into())).await;
            assert_eq!(reply.status, status, "{path} {headers:?}");
            assert!(!reply.headers.contains_key("set-cookie"), "{path} {headers:?}");
        }
    }
    assert!(works(&server, access_token(&reply)).await, "the session still works");
    let right = [json, own, ("sec-fetch-site", "same-origin"), ("cookie", &cookie)];
    let right = request("POST", "/session/refresh", &right, bytes::Bytes::new());
    assert_eq!(web.send(right).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_proxy_that_changes_the_host_is_named_in_a_message_of_its_own() {
    let (_server, web, _) = signed_in().await;
    for path in ["/session/login", "/session/refresh"] {
        let headers = [
            ("content-type", "application/json"),
            ("origin", "http://viva.example:8443"),
            ("host", "127.0.0.1"),
            ("sec-fetch-site", "same-origin"),
        ];
        let reply = web.send(request("POST", path, &headers, login("ada", PASSWORD).into())).await;
        assert_eq!(
            (reply.status, &reply.json()["reason"]),
            (StatusCode::FORBIDDEN, &"HOST_CHANGED".into())
        );
        assert!(
            reply.text().contains("The proxy in front of Viva changes the host"),
            "{}",
            reply.text()
        );
    }
}

#[tokio::test]
async fn a_session_is_renewed_by_its_cookie_which_changes_each_time() {
    let (server, web, reply) = signed_in().await;
    let first = cookie(&reply);
    let renewed = web.page("/session/refresh", "", &[("cookie", &first)]).await;
    assert_eq!(renewed.status, StatusCode::OK, "{renewed:?}");
    assert_eq!(renewed.json()["username"], "ada");
    let second = cookie(&renewed);
    assert_ne!(first, second);
    assert!(works(&server, access_token(&renewed)).await);
    let again = web.page("/session/refresh", "", &[("cookie", &second)]).await;
    assert_eq!(again.status, StatusCode::OK);
    let rubbish = web.page("/session/refresh", "", &[("cookie", "viva_refresh=rubbish")]).await;
    assert_eq!(rubbish.status, StatusCode::UNAUTHORIZED);
    assert!(rubbish.header("set-cookie").contains("Max-Age=0"), "the invalid cookie is removed");
}

#[tokio::test]
async fn two_tabs_that_renew_at_once_both_succeed() {
    let (server, web, reply) = signed_in().await;
    let cookie = cookie(&reply);
    let shown = [("cookie", cookie.as_str())];
    let (one, other) = tokio::join!(
        web.page("/session/refresh", "", &shown),
        web.page("/session/refresh", "", &shown),
    );
    let late = web.page("/session/refresh", "", &shown).await;
    for reply in [&one, &other, &late] {
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        assert_eq!(self::cookie(reply), self::cookie(&one), "both tabs get the same cookie");
        assert!(works(&server, access_token(reply)).await);
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_at_the_server_and_removes_the_cookie() {
    let (server, web, reply) = signed_in().await;
    let cookie = cookie(&reply);
    let shown = [("cookie", cookie.as_str())];
    let out = web.page("/session/logout", r#"{"everywhere":false}"#, &shown).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    let name = format!("viva_refresh_{}", web.address.port());
    assert!(out.header("set-cookie").starts_with(&format!("{name}=; ")), "{out:?}");
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert!(!works(&server, access_token(&reply)).await);
    let after = web.page("/session/refresh", "", &shown).await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
    let again = web.page("/session/logout", "{}", &shown).await;
    assert_eq!(again.status, StatusCode::NO_CONTENT, "it has already ended, as requested");
    assert_eq!(web.page("/session/logout", "{}", &[]).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn signing_out_leaves_a_cookie_of_the_old_name_that_opens_nothing_here() {
    let (_server, web, reply) = signed_in().await;
    let cookie = cookie(&reply);
    let token = cookie.split_once('=').unwrap().1;
    let taken_away = async |cookies: &str| {
        let out = web.page("/session/logout", "{}", &[("cookie", cookies)]).await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        let set = out.headers.get_all("set-cookie").iter();
        set.filter(|line| line.as_bytes().starts_with(b"viva_refresh=;")).count()
    };
    assert_eq!(taken_away("viva_refresh=of-another-gateway").await, 0);
    assert_eq!(
        taken_away(&format!("viva_refresh={token}")).await,
        1,
        "this one was a session here"
    );
}

#[tokio::test]
async fn signing_out_everywhere_ends_the_sessions_of_other_browsers_too() {
    let (server, web, here) = signed_in().await;
    let there = web.page("/session/login", &login("ada", PASSWORD), &[]).await;
    let shown = [("cookie", &*cookie(&here))];
    let out = web.page("/session/logout", r#"{"everywhere":true}"#, &shown).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(!works(&server, access_token(&here)).await);
    assert!(!works(&server, access_token(&there)).await);
    let other = web.page("/session/refresh", "", &[("cookie", &*cookie(&there))]).await;
    assert_eq!(other.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_sign_out_that_does_not_reach_the_server_keeps_the_cookie_for_a_retry() {
    let (server, web, reply) = signed_in().await;
    server.store.close().await;
    let cookie = cookie(&reply);
    let out = web.page("/session/logout", "{}", &[("cookie", &cookie)]).await;
    assert_eq!(out.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(out.json()["reason"], "DATABASE_UNAVAILABLE");
    assert!(!out.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn an_account_is_registered_through_the_bridge_and_then_signed_in_by_the_page() {
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    let register = v1::RegisterRequest {
        username: "bob".into(),
        email: "bob@corpus.example".into(),
        password: PASSWORD.into(),
    };
    let method = "viva.v1.AuthService/Register";
    web.call::<v1::RegisterResponse>(method, &register, &[]).await.unwrap();
    let error = web.call::<v1::RegisterResponse>(method, &register, &[]).await.unwrap_err();
    assert_eq!((error.code(), reason(&error)), (Code::AlreadyExists, "USERNAME_TAKEN".to_owned()));
    let reply = web.page("/session/login", &login("bob", PASSWORD), &[]).await;
    assert_eq!(reply.status, StatusCode::OK);
}
