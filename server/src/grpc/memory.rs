//! `viva.v1.MemoryService`.

use tonic::{Request, Response, Status};
use viva_proto::v1::{self, memory_service_server::MemoryService};

use super::{caller, memory_message as message};
use crate::{
    domain::{api_key::Scope, id::PointId},
    services::{callers::Callers, memory::Memories},
};

/// The handlers.
pub(super) struct MemoryHandlers {
    pub(super) callers: Callers,
    pub(super) memories: Memories,
}

#[tonic::async_trait]
impl MemoryService for MemoryHandlers {
    async fn get_memory(
        &self,
        request: Request<v1::GetMemoryRequest>,
    ) -> Result<Response<v1::GetMemoryResponse>, Status> {
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let zone = message::zone(&request.get_ref().time_zone);
        let zone = caller::sound(&self.callers, &request, caller, zone).await?;
        let overview = self.memories.overview(caller, zone).await;
        let overview = overview.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(message::overview(overview)))
    }

    async fn list_reviews(
        &self,
        request: Request<v1::ListReviewsRequest>,
    ) -> Result<Response<v1::ListReviewsResponse>, Status> {
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let asked = message::list(request.get_ref());
        let (mode, zone) = caller::sound(&self.callers, &request, caller, asked).await?;
        let reviews = self.memories.reviews(caller, mode, zone).await;
        let reviews = reviews.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(message::reviews(reviews)))
    }

    async fn submit_review(
        &self,
        request: Request<v1::SubmitReviewRequest>,
    ) -> Result<Response<v1::SubmitReviewResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let draft = message::draft(request.get_ref());
        let draft = caller::sound(&self.callers, &request, caller, draft).await?;
        let reviewed = self.memories.review(caller, draft).await;
        let reviewed = reviewed.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(message::reviewed(reviewed)))
    }

    async fn postpone_review(
        &self,
        request: Request<v1::PostponeReviewRequest>,
    ) -> Result<Response<v1::PostponeReviewResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let asked = message::postponement(request.get_ref());
        let (id, days, zone) = caller::sound(&self.callers, &request, caller, asked).await?;
        let due_on = self.memories.postpone(caller, id, days, zone).await;
        let due_on = due_on.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(v1::PostponeReviewResponse { due_day: due_on.to_string() }))
    }

    async fn forget_point(
        &self,
        request: Request<v1::ForgetPointRequest>,
    ) -> Result<Response<v1::ForgetPointResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let v1::ForgetPointRequest { point_id, undo } = *request.get_ref();
        let forgotten = self.memories.forget(caller, PointId::new(point_id), undo).await;
        forgotten.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(v1::ForgetPointResponse {}))
    }
}
