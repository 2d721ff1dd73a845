//! `viva.v1.ServerService`.

use tonic::{Request, Response, Status};
use viva_proto::v1::{self, server_service_server::ServerService};
use viva_runtime::limits::{MAX_MESSAGE_BYTES, MAX_REPLY_BYTES};

use super::{caller, convert, status};
use crate::{
    domain::{answer::AnswerText, grading},
    services::{
        api_keys::MOST_KEYS,
        callers::Callers,
        grading::{MOST_BATCHES, MOST_CALLS, MOST_ITEMS},
        server_info::{About, LlmUsage, ServerInfo},
    },
};

/// The protobuf package of the contract.
const CONTRACT: &str = "viva.v1";

/// The handlers.
pub(super) struct ServerInfoHandlers {
    pub(super) callers: Callers,
    pub(super) server: ServerInfo,
}

#[tonic::async_trait]
impl ServerService for ServerInfoHandlers {
    async fn get_server_info(
        &self,
        _: Request<v1::GetServerInfoRequest>,
    ) -> Result<Response<v1::GetServerInfoResponse>, Status> {
        Ok(Response::new(info(self.server.about())))
    }

    async fn get_usage(
        &self,
        request: Request<v1::GetUsageRequest>,
    ) -> Result<Response<v1::GetUsageResponse>, Status> {
        let caller = caller::any(&self.callers, &request).await?;
        let model_calls = self.server.usage(caller).await.map_err(status::of)?.map(usage);
        Ok(Response::new(v1::GetUsageResponse { model_calls }))
    }
}

fn info(about: About) -> v1::GetServerInfoResponse {
    let mut formats = vec![v1::ReportFormat::Markdown.into(), v1::ReportFormat::Json.into()];
    if cfg!(feature = "pdf") {
        formats.push(v1::ReportFormat::Pdf.into());
    }
    v1::GetServerInfoResponse {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        contract: CONTRACT.to_owned(),
        model: if about.has_llm { about.grader.name.clone() } else { String::new() },
        languages: if about.has_llm { Vec::new() } else { vec!["en".to_owned()] },
        limits: Some(limits(&about)),
        graders: vec![convert::grader(about.grader)],
        report_formats: formats,
        registration_open: about.is_open,
    }
}

fn limits(about: &About) -> v1::ServerLimits {
    let calls = |most: Option<std::num::NonZeroU32>| most.map_or(0, |most| number(most.get()));
    v1::ServerLimits {
        request_bytes: number(MAX_MESSAGE_BYTES),
        reply_bytes: number(MAX_REPLY_BYTES),
        calls_per_minute_and_address: calls(about.limits.per_address),
        calls_per_minute_and_account: calls(about.limits.per_user),
        answer_min_chars: number(AnswerText::MIN_CHARS),
        answer_max_chars: number(AnswerText::MAX_CHARS),
        question_max_chars: number(grading::MOST_QUESTION_CHARS),
        reference_max_chars: number(grading::MOST_REFERENCE_CHARS),
        rubric_text_max_chars: number(grading::MOST_PART_CHARS),
        rubric_max_chars: number(grading::MOST_RUBRIC_CHARS),
        rubric_max_parts: number(grading::MOST_PARTS),
        point_max_phrasings: number(grading::MOST_PHRASINGS),
        batch_max_items: number(MOST_ITEMS),
        batches_at_once: number(MOST_BATCHES),
        grade_calls_at_once: number(MOST_CALLS),
        api_keys: number(MOST_KEYS),
    }
}

fn usage(usage: LlmUsage) -> v1::ModelUsage {
    v1::ModelUsage {
        used: Some(number(usage.used)),
        limit: number(usage.limit),
        renews_at: Some(convert::time(usage.renews_at)),
    }
}

fn number(of: impl TryInto<i32>) -> i32 {
    of.try_into().unwrap_or(i32::MAX)
}
