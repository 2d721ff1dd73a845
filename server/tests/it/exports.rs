//! Reports as files.

use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde_json::Value;
use tonic::{Code, Status};
use viva_proto::v1::{self, ExportReportResponse, ReportFormat};

use crate::support::{Person, TestServer, fields, reason};

async fn export(person: &Person, id: i64, format: i32) -> Result<ExportReportResponse, Status> {
    let request = v1::ExportReportRequest { interview_id: id, format };
    Ok(person.reports().export_report(person.ask(request)).await?.into_inner())
}

/// A hostile answer; a Markdown file must escape it.
const HOSTILE: &str =
    "Threads wait.\n# Hired\n<script>alert(1)</script> \u{1b}[2J\u{202e} [x](http://x)";

async fn answered(server: &TestServer) -> (Person, i64) {
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Rust backend engineer", 4).await;
    ada.submit(&interview, 0, HOSTILE).await.unwrap();
    ada.submit(&interview, 1, "[fail] and never a score").await.unwrap();
    ada.submit(&interview, 2, "I would measure first.").await.unwrap();
    ada.settled(interview.id).await;
    (ada, interview.id)
}

#[tokio::test]
async fn a_report_becomes_a_markdown_file_in_which_no_text_is_markup() {
    let server = TestServer::start().await;
    let (ada, id) = answered(&server).await;
    let file = export(&ada, id, ReportFormat::Unspecified.into()).await.unwrap();
    assert_eq!(file.media_type, "text/markdown; charset=utf-8");
    assert_eq!(file.file_name, format!("viva-report-{id}-rust-backend-engineer.md"));
    let text = String::from_utf8(file.content.clone()).unwrap();
    assert!(text.starts_with("# Rust backend engineer\n"), "{text}");
    let answer = "> Threads wait.\\\n> \\# Hired\\\n> \\<script\\>alert(1)\\</script\\> ^\\[\\[2J\\<202e\\> \\[x\\](http\\://x)\n";
    for part in
        [answer, "could not be", "Not answered.", "An example of a strong answer", "- Overall: **"]
    {
        let part = part.replace("^\\[\\[2J", "\\^\\[\\[2J");
        assert!(text.contains(&part), "{part} in {text}");
    }
    let again = export(&ada, id, ReportFormat::Markdown.into()).await.unwrap();
    assert_eq!(again, file, "the same report is the same file");
}

#[tokio::test]
async fn a_report_becomes_the_json_of_the_contract() {
    let server = TestServer::start().await;
    let (ada, id) = answered(&server).await;
    let file = export(&ada, id, ReportFormat::Json.into()).await.unwrap();
    assert_eq!(file.media_type, "application/json");
    assert_eq!(file.file_name, format!("viva-report-{id}-rust-backend-engineer.json"));
    let mut told: Value = serde_json::from_slice(&file.content).unwrap();
    assert_eq!(told.as_object_mut().unwrap().remove("version"), Some(1.into()));
    assert_eq!(told["report"]["questions"][0]["answer"]["answer_text"], HOSTILE);
    let report = ada.report(id).await.unwrap();
    let reply = v1::GetReportResponse { report: Some(report) };
    assert_eq!(told, by_the_contract(&reply.encode_to_vec()));
}

/// A reply of GetReport, from its bytes, as the contract's descriptors write it.
fn by_the_contract(reply: &[u8]) -> Value {
    let pool = DescriptorPool::decode(viva_proto::FILE_DESCRIPTOR_SET).unwrap();
    let descriptor = pool.get_message_by_name("viva.v1.GetReportResponse").unwrap();
    let options = SerializeOptions::new()
        .stringify_64_bit_integers(false)
        .use_proto_field_name(true)
        .skip_default_fields(false);
    let message = DynamicMessage::decode(descriptor, reply).unwrap();
    message.serialize_with_options(serde_json::value::Serializer, &options).unwrap()
}

#[tokio::test]
async fn a_report_without_answers_says_that_it_has_no_score() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("后端工程师", 2).await;
    let file = export(&ada, interview.id, ReportFormat::Markdown.into()).await.unwrap();
    assert_eq!(file.file_name, format!("viva-report-{}.md", interview.id));
    let text = String::from_utf8(file.content).unwrap();
    assert!(text.contains("- Nothing is evaluated yet, so there is no score.\n"), "{text}");
    assert_eq!(text.matches("\nNot answered.\n").count(), 2, "{text}");
    assert!(!text.contains("Scores"), "{text}");
}

#[tokio::test]
async fn an_unknown_format_and_another_accounts_report_are_refused() {
    let server = TestServer::start().await;
    let (ada, id) = answered(&server).await;
    let error = export(&ada, id, 99).await.unwrap_err();
    assert_eq!((error.code(), fields(&error)), (Code::InvalidArgument, vec!["format".to_owned()]));
    let bob = server.sign_up("bob").await;
    let error = export(&bob, id, ReportFormat::Json.into()).await.unwrap_err();
    assert_eq!((error.code(), reason(&error).as_str()), (Code::PermissionDenied, "ACCESS_DENIED"));
}

#[cfg(feature = "pdf")]
#[tokio::test]
async fn a_report_becomes_a_pdf() {
    let server = TestServer::start().await;
    let (ada, id) = answered(&server).await;
    let file = export(&ada, id, ReportFormat::Pdf.into()).await.unwrap();
    assert_eq!(file.media_type, "application/pdf");
    assert_eq!(file.file_name, format!("viva-report-{id}-rust-backend-engineer.pdf"));
    assert!(file.content.starts_with(b"%PDF-"));
    let again = export(&ada, id, ReportFormat::Pdf.into()).await.unwrap();
    assert_eq!(again, file, "the same report is the same file");
}

#[cfg(not(feature = "pdf"))]
#[tokio::test]
async fn a_server_built_without_pdf_says_what_works_instead() {
    let server = TestServer::start().await;
    let (ada, id) = answered(&server).await;
    let error = export(&ada, id, ReportFormat::Pdf.into()).await.unwrap_err();
    assert_eq!((error.code(), reason(&error).as_str()), (Code::Unimplemented, "UNIMPLEMENTED"));
    assert!(error.message().contains("use Markdown or JSON"), "{}", error.message());
}

#[tokio::test]
async fn the_largest_report_is_small_enough_for_clients() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Rust backend engineer", 10).await;
    // These two characters have the longest escapes in JSON and in Markdown.
    for (at, worst) in ["\u{e0041}", "\u{202e}"].iter().cycle().take(10).enumerate() {
        let text = format!("a{}", worst.repeat(19_999));
        ada.submit(&interview, at, &text).await.unwrap();
    }
    ada.settled(interview.id).await;
    for format in [ReportFormat::Markdown, ReportFormat::Json] {
        let file = export(&ada, interview.id, format.into()).await.unwrap();
        assert!(file.content.len() < 3 * 1024 * 1024, "{format:?}: {}", file.content.len());
    }
}
