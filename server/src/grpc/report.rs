//! `viva.v1.ReportService`.

use tonic::{Request, Response, Status};
use viva_proto::v1::{self, report_service_server::ReportService};

use super::{caller, convert, request, status};
use crate::{
    domain::{api_key::Scope, id::InterviewId},
    services::{callers::Callers, reports::Reports},
};

/// The handlers.
pub(super) struct Reporting {
    pub(super) callers: Callers,
    pub(super) reports: Reports,
}

#[tonic::async_trait]
impl ReportService for Reporting {
    async fn get_report(
        &self,
        request: Request<v1::GetReportRequest>,
    ) -> Result<Response<v1::GetReportResponse>, Status> {
        let caller = caller::with(Scope::Read, &self.callers, &request).await?;
        let id = InterviewId::new(request.get_ref().interview_id);
        let report = self.reports.get(caller.user_id(), id).await.map_err(status::of)?;
        Ok(Response::new(v1::GetReportResponse { report: Some(convert::report(report)) }))
    }

    async fn export_report(
        &self,
        request: Request<v1::ExportReportRequest>,
    ) -> Result<Response<v1::ExportReportResponse>, Status> {
        caller::with(Scope::Read, &self.callers, &request).await?;
        Err(status::unimplemented("ExportReport"))
    }

    async fn get_progress(
        &self,
        request: Request<v1::GetProgressRequest>,
    ) -> Result<Response<v1::GetProgressResponse>, Status> {
        let caller = caller::with(Scope::Read, &self.callers, &request).await?;
        let most = request::most_interviews(*request.get_ref()).map_err(status::of)?;
        let history = self.reports.history(caller.user_id(), most).await.map_err(status::of)?;
        Ok(Response::new(convert::history(history)))
    }
}
