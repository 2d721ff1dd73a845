//! Calls about what the account remembers.

use jiff::tz::TimeZone;
use viva_proto::v1::{self, memory_service_client::MemoryServiceClient};

use super::Api;
use crate::problem::Problem;

/// The IANA name of this machine's time zone; empty if unknown.
fn time_zone() -> String {
    let zone = TimeZone::system();
    if zone.is_unknown() { String::new() } else { zone.iana_name().unwrap_or_default().to_owned() }
}

impl Api {
    /// What is due, and how well each topic is remembered.
    pub(crate) async fn memory(&self) -> Result<v1::GetMemoryResponse, Problem> {
        let request = v1::GetMemoryRequest { time_zone: time_zone() };
        self.unary(request, |channel, request| async move {
            MemoryServiceClient::new(channel).get_memory(request).await
        })
        .await
    }

    /// The points to review now.
    pub(crate) async fn reviews(
        &self,
        mode: v1::ReviewMode,
        more: bool,
    ) -> Result<v1::ListReviewsResponse, Problem> {
        let request = v1::ListReviewsRequest { mode: mode.into(), more, time_zone: time_zone() };
        self.unary(request, |channel, request| async move {
            MemoryServiceClient::new(channel).list_reviews(request).await
        })
        .await
    }

    /// Answers a review; repeating it with the same key counts once.
    pub(crate) async fn submit_review(
        &self,
        request: v1::SubmitReviewRequest,
    ) -> Result<v1::SubmitReviewResponse, Problem> {
        let request = v1::SubmitReviewRequest { time_zone: time_zone(), ..request };
        self.unary(request, |channel, request| async move {
            MemoryServiceClient::new(channel).submit_review(request).await
        })
        .await
    }

    /// Puts a review off and returns the day on which it is then due.
    pub(crate) async fn postpone_review(
        &self,
        point_id: i64,
        days: i32,
    ) -> Result<v1::PostponeReviewResponse, Problem> {
        let request = v1::PostponeReviewRequest { point_id, days, time_zone: time_zone() };
        self.unary(request, |channel, request| async move {
            MemoryServiceClient::new(channel).postpone_review(request).await
        })
        .await
    }

    /// Stops asking for a point, or undoes that.
    pub(crate) async fn forget_point(
        &self,
        point_id: i64,
        undo: bool,
    ) -> Result<v1::ForgetPointResponse, Problem> {
        self.unary(v1::ForgetPointRequest { point_id, undo }, |channel, request| async move {
            MemoryServiceClient::new(channel).forget_point(request).await
        })
        .await
    }
}
