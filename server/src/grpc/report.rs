//! `viva.v1.ReportService`.

use tonic::{Request, Response, Status};
use viva_proto::{
    json::Json,
    v1::{self, report_service_server::ReportService},
};
use viva_runtime::limits::MAX_REPLY_BYTES;

use super::{attempts, caller, convert, progress, request, status};
use crate::{
    domain::{
        api_key::Scope,
        id::{InterviewId, QuestionId},
        report::Report,
    },
    export::{self, Format},
    services::{ServiceError, ServiceResult, callers::Callers, reports::Reports},
};

/// The largest file that is sent: the limit on replies, minus room for the rest of the message.
const MAX_FILE_BYTES: usize = MAX_REPLY_BYTES - 4096;

/// The handlers.
pub(super) struct ReportHandlers {
    pub(super) callers: Callers,
    pub(super) reports: Reports,
}

#[tonic::async_trait]
impl ReportService for ReportHandlers {
    async fn get_report(
        &self,
        request: Request<v1::GetReportRequest>,
    ) -> Result<Response<v1::GetReportResponse>, Status> {
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let id = InterviewId::new(request.get_ref().interview_id);
        let report = self.reports.get(caller, id).await;
        let report = report.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(v1::GetReportResponse { report: Some(convert::report(report)) }))
    }

    async fn export_report(
        &self,
        request: Request<v1::ExportReportRequest>,
    ) -> Result<Response<v1::ExportReportResponse>, Status> {
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let format = request::export_format(request.get_ref());
        let format = caller::sound(&self.callers, &request, caller, format).await?;
        let id = InterviewId::new(request.get_ref().interview_id);
        let report = self.reports.get(caller, id).await;
        let report = report.map_err(|error| caller::failed(&request, caller, error))?;
        let file_name = export::file_name(&report.interview, format);
        let content = match format {
            Format::Markdown => export::markdown(&report).into_bytes(),
            Format::Json => json(report).map_err(status::of)?,
            #[cfg(feature = "pdf")]
            Format::Pdf => self.reports.pdf(report).await.map_err(status::of)?,
            #[cfg(not(feature = "pdf"))]
            Format::Pdf => return Err(status::without_pdf()),
        };
        let content = sendable(content)?;
        let media_type = format.media_type().to_owned();
        Ok(Response::new(v1::ExportReportResponse { content, media_type, file_name }))
    }

    async fn get_progress(
        &self,
        request: Request<v1::GetProgressRequest>,
    ) -> Result<Response<v1::GetProgressResponse>, Status> {
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let asked = progress::asked(*request.get_ref());
        let (most, ahead) = caller::sound(&self.callers, &request, caller, asked).await?;
        let history = self.reports.history(caller, most, ahead).await;
        let (history, totals) = history.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(progress::history(history, totals)))
    }

    async fn get_rubric(
        &self,
        request: Request<v1::GetRubricRequest>,
    ) -> Result<Response<v1::GetRubricResponse>, Status> {
        let caller = caller::with(Scope::Read, &self.callers, &request).await?;
        let id = QuestionId::new(request.get_ref().question_id);
        let asked = self.reports.rubric(caller.user_id(), id).await.map_err(status::of)?;
        Ok(Response::new(convert::rubric(asked)))
    }

    async fn compare_attempts(
        &self,
        request: Request<v1::CompareAttemptsRequest>,
    ) -> Result<Response<v1::CompareAttemptsResponse>, Status> {
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let asked = attempts::asked(*request.get_ref());
        let (id, earlier, later) = caller::sound(&self.callers, &request, caller, asked).await?;
        let compared = self.reports.compare(caller, id, earlier, later).await;
        let compared = compared.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(attempts::compared(compared.0, compared.1)))
    }
}

fn json(mut report: Report) -> ServiceResult<Vec<u8>> {
    // A file may be passed on, and marks are private.
    for asked in &mut report.questions {
        asked.question.mark = None;
    }
    let reply = v1::GetReportResponse { report: Some(convert::report(report)) };
    let file = export::json(&Json(&reply)).map_err(ServiceError::internal)?;
    Ok(file.into_bytes())
}

/// Returns the file unless it is too large for one message. No report comes near the limit now: ten
/// answers of the most characters, all with the longest escape, are half of it.
fn sendable(file: Vec<u8>) -> Result<Vec<u8>, Status> {
    if file.len() > MAX_FILE_BYTES {
        return Err(status::export_too_large());
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_too_large_for_a_message_is_refused_with_the_reason() {
        assert!(sendable(vec![0; MAX_FILE_BYTES]).is_ok());
        let error = sendable(vec![0; MAX_FILE_BYTES + 1]).unwrap_err();
        assert_eq!(error.code(), tonic::Code::FailedPrecondition);
        assert!(error.message().contains("too large"), "{}", error.message());
    }
}
