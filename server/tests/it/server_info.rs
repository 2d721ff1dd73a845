//! What the server says about itself, and short lists in pages.

use tonic::{Code, Request};
use viva_fake_model::Script;
use viva_proto::v1::{
    self, GraderKind, ReportFormat, Scope, server_service_client::ServerServiceClient,
};
use viva_runtime::limits;

use crate::{
    api_keys::{create, holder},
    llm::world::{INDEX_ANSWER, World},
    support::{Person, TestServer, fields, settings},
};

async fn info(server: &TestServer) -> v1::GetServerInfoResponse {
    let mut client = ServerServiceClient::new(server.channel.clone());
    client.get_server_info(v1::GetServerInfoRequest {}).await.unwrap().into_inner()
}

async fn usage(person: &Person) -> Option<v1::ModelUsage> {
    let mut client = ServerServiceClient::new(person.channel.clone());
    let reply = client.get_usage(person.ask(v1::GetUsageRequest {})).await.unwrap();
    reply.into_inner().model_calls
}

#[tokio::test]
async fn anyone_learns_what_the_server_is_and_can_do() {
    let server = TestServer::start().await;
    let told = info(&server).await;
    assert_eq!(
        (told.version.as_str(), told.contract.as_str()),
        (env!("CARGO_PKG_VERSION"), "viva.v1")
    );
    assert_eq!(told.graders[0].kind(), GraderKind::Offline);
    assert_eq!((told.model.as_str(), told.languages.as_slice()), ("", &["en".to_owned()][..]));
    let formats: Vec<_> = told.report_formats().collect();
    assert!(formats.contains(&ReportFormat::Markdown) && formats.contains(&ReportFormat::Json));
    assert_eq!(formats.contains(&ReportFormat::Pdf), cfg!(feature = "pdf"));
    assert!(told.registration_open);
    let limits = told.limits.unwrap();
    assert_eq!(usize::try_from(limits.request_bytes).unwrap(), limits::MAX_MESSAGE_BYTES);
    assert_eq!((limits.answer_min_chars, limits.answer_max_chars), (10, 20_000));
    assert_eq!((limits.batch_max_items, limits.rubric_max_parts, limits.api_keys), (1000, 50, 20));
    assert_eq!(limits.calls_per_minute_and_account, 0, "the test server has no such limit");
}

#[tokio::test]
async fn a_server_with_registration_closed_says_so() {
    let mut closed = settings();
    closed.is_open = false;
    let server = TestServer::start_with(closed).await;
    assert!(!info(&server).await.registration_open);
}

#[tokio::test]
async fn an_account_sees_how_many_model_calls_it_has_used() {
    let caps = [("LLM_CALLS_PER_USER_AND_DAY", "7")];
    let world = World::with_settings(Script::honest(), &caps, settings()).await;
    let told = info(&world.server).await;
    assert_eq!(told.graders[0].kind(), GraderKind::Model);
    assert_eq!(told.model, told.graders[0].name);
    assert!(told.languages.is_empty(), "any language that the model reads");
    let before = usage(&world.ada).await.unwrap();
    assert_eq!((before.used, before.limit), (Some(0), 7));
    let interview = world.ask(&world.ada, &[crate::llm::world::INDEX]).await;
    crate::llm::world::evaluated(&world.ada, &interview, INDEX_ANSWER).await;
    let after = usage(&world.ada).await.unwrap();
    assert_eq!(after.used(), i32::try_from(world.model.calls()).unwrap());
    assert_eq!(after.renews_at.unwrap().seconds % (24 * 60 * 60), 0, "midnight");
    let bob = world.server.sign_up("bob").await;
    assert_eq!(usage(&bob).await.unwrap().used, Some(0));
}

#[tokio::test]
async fn a_server_without_a_language_model_has_no_calls_to_count() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    assert_eq!(usage(&ada).await, None);
    let key = create(&ada, &[Scope::Grade]).await.unwrap();
    assert_eq!(usage(&holder(&ada, &key.secret)).await, None, "an API key may ask too");
    let mut client = ServerServiceClient::new(server.channel.clone());
    let error = client.get_usage(Request::new(v1::GetUsageRequest {})).await.unwrap_err();
    assert_eq!(error.code(), Code::Unauthenticated);
}

async fn templates(person: &Person, page_size: i32, page_token: &str) -> v1::ListTemplatesResponse {
    let request = v1::ListTemplatesRequest { page_size, page_token: page_token.into() };
    person.interviews().list_templates(person.ask(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn templates_come_in_pages_or_all_together() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let all = templates(&ada, 0, "").await;
    assert!(all.templates.len() > 8 && all.next_page_token.is_empty());
    let (mut told, mut token) = (Vec::new(), String::new());
    loop {
        let page = templates(&ada, 4, &token).await;
        assert!(page.templates.len() <= 4);
        told.extend(page.templates);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(told, all.templates);
    let bad = v1::ListTemplatesRequest { page_size: -1, page_token: "rubbish".into() };
    let error = ada.interviews().list_templates(ada.ask(bad)).await.unwrap_err();
    assert_eq!(fields(&error), ["page_size", "page_token"]);
}

#[tokio::test]
async fn api_keys_come_in_pages_that_a_revoked_key_does_not_disturb() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    for _ in 0..5 {
        create(&ada, &[Scope::Read]).await.unwrap();
    }
    let page = async |page_size, page_token: &str| {
        let request = v1::ListApiKeysRequest { page_size, page_token: page_token.into() };
        let reply = ada.auth().list_api_keys(ada.ask(request)).await.unwrap().into_inner();
        let ids: Vec<_> = reply.api_keys.iter().map(|key| key.id).collect();
        (ids, reply.next_page_token)
    };
    let (all, none) = page(0, "").await;
    assert_eq!((all.len(), none.as_str()), (5, ""));
    let (first, next) = page(2, "").await;
    assert_eq!(first, all[..2]);
    let revoked = v1::RevokeApiKeyRequest { api_key_id: all[1] };
    ada.auth().revoke_api_key(ada.ask(revoked)).await.unwrap();
    let (second, next) = page(2, &next).await;
    assert_eq!(second, all[2..4]);
    assert_eq!(page(2, &next).await, (all[4..].to_vec(), String::new()));
}
