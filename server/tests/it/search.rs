//! Searching your own questions and answers.

use viva_proto::v1;
use viva_server::startup::app::AppSettings;

use crate::support::{Person, TestServer, fields, scratch::with_database, settings};

/// The settings of a server that grades nothing.
fn serves() -> AppSettings {
    AppSettings { worker: None, ..settings() }
}

async fn page(
    person: &Person,
    query: &str,
    page_size: i32,
    page_token: String,
) -> v1::SearchAnswersResponse {
    let request = v1::SearchAnswersRequest { query: query.into(), page_size, page_token };
    person.answers().search_answers(person.ask(request)).await.unwrap().into_inner()
}

pub(crate) async fn search(person: &Person, query: &str) -> Vec<v1::SearchHit> {
    page(person, query, 0, String::new()).await.hits
}

/// The parts of a text in these ranges.
fn parts(text: &str, ranges: &[v1::TextRange]) -> Vec<String> {
    let place = |at: i32| usize::try_from(at).unwrap();
    let chars: Vec<char> = text.chars().collect();
    ranges.iter().map(|r| chars[place(r.start)..place(r.end)].iter().collect()).collect()
}

async fn own_words_are_found(server: &TestServer) {
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    let mine = ada.create("Backend engineer", 3).await;
    ada.submit(&mine, 0, "🔒 Ein Schloß; ДЕДЛОК droht, wenn zwei warten.").await.unwrap();
    ada.submit(&mine, 1, "Nothing about that here, at all.").await.unwrap();
    let his = bob.create("Backend engineer", 1).await;
    bob.submit(&his, 0, "Ein Schloß und ein дедлок, aber von Bob.").await.unwrap();

    for query in ["schloss? дедлок", "nirgends"] {
        assert!(search(&ada, query).await.is_empty(), "{query}");
    }
    for query in ["SCHLOß", "дедлок", "warten дедл"] {
        let hits = search(&ada, query).await;
        assert_eq!(hits.len(), 1, "{query}");
        let hit = &hits[0];
        assert_eq!((hit.interview_id, hit.question_id), (mine.id, mine.questions[0].id));
        assert_eq!((hit.order, hit.attempt, hit.score), (1, 1, None));
        assert!(hit.snippet.starts_with('🔒'));
        assert_eq!(hit.question_text, mine.questions[0].text);
    }
    let hit = &search(&ada, "дедлок schloß").await[0];
    assert_eq!(parts(&hit.snippet, &hit.snippet_matches), ["Schloß", "ДЕДЛОК"]);
    let asked = mine.questions[2].text.split_whitespace().next().unwrap().to_uppercase();
    let hits = search(&ada, &asked).await;
    let unanswered = hits.iter().find(|hit| hit.question_id == mine.questions[2].id).unwrap();
    let found = parts(&unanswered.question_text, &unanswered.question_matches);
    assert!(found.iter().all(|part| part.to_uppercase() == asked), "{found:?}");
    assert_eq!((unanswered.answer_id, unanswered.snippet.as_str()), (0, ""));
}

async fn pages_follow_each_other(server: &TestServer) {
    let ida = server.sign_up("ida").await;
    for _ in 0..3 {
        let interview = ida.create("Backend engineer", 3).await;
        for at in 0..3 {
            ida.submit(&interview, at, "The same réponse every time.").await.unwrap();
        }
    }
    // The database decides the first query; the second needs the service's own check.
    for query in ["same", "RÉPONSE"] {
        let all = search(&ida, query).await;
        assert_eq!(all.len(), 9, "{query}");
        assert!(all.is_sorted_by_key(|hit| (-hit.interview_id, hit.question_id)));
        let (mut paged, mut token) = (Vec::new(), String::new());
        loop {
            let next = page(&ida, query, 2, token).await;
            assert!(next.hits.len() <= 2);
            paged.extend(next.hits);
            token = next.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(paged, all, "{query}");
    }
}

#[tokio::test]
async fn your_own_words_are_found_in_any_script_and_no_other_accounts() {
    let server = TestServer::start_with(serves()).await;
    own_words_are_found(&server).await;
    pages_follow_each_other(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn on_postgres_your_own_words_are_found_in_any_script_and_no_other_accounts() {
    with_database(async |url| {
        let server = TestServer::start_on(&url, serves()).await;
        own_words_are_found(&server).await;
        pages_follow_each_other(&server).await;
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn an_evaluated_answer_is_found_with_its_score_and_grader() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    ada.submit(&interview, 0, "I would measure first.").await.unwrap();
    ada.settled(interview.id).await;
    let hits = search(&ada, "MEASURE first").await;
    assert!(hits[0].score.is_some_and(|score| (0.0..=10.0).contains(&score)), "{hits:?}");
    assert!(hits[0].grader.is_some());
}

#[tokio::test]
async fn a_query_without_words_is_refused_by_its_field() {
    let server = TestServer::start_with(serves()).await;
    let ada = server.sign_up("ada").await;
    for query in ["", " ", "nul\0"] {
        let request = v1::SearchAnswersRequest { query: query.into(), ..<_>::default() };
        let refused = ada.answers().search_answers(ada.ask(request)).await.unwrap_err();
        assert_eq!(fields(&refused), ["query"], "{query:?}");
    }
}
