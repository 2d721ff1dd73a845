//! `viva.v1.InterviewService`.

use tonic::{Request, Response, Status};
use viva_proto::v1::{self, interview_service_server::InterviewService};

use super::{caller, convert, mark, request, status};
use crate::{
    domain::{api_key::Scope, id::InterviewId},
    services::{callers::Callers, interviews::Interviews, marks::Marks},
};

/// The handlers.
pub(super) struct Interviewing {
    pub(super) callers: Callers,
    pub(super) interviews: Interviews,
    pub(super) marks: Marks,
}

#[tonic::async_trait]
impl InterviewService for Interviewing {
    async fn create_interview(
        &self,
        request: Request<v1::CreateInterviewRequest>,
    ) -> Result<Response<v1::CreateInterviewResponse>, Status> {
        let caller = caller::with(Scope::Practise, &self.callers, &request).await?;
        let (plan, key) = request::interview(request.get_ref()).map_err(status::of)?;
        let created =
            self.interviews.create(caller.user_id(), plan, key).await.map_err(status::of)?;
        Ok(Response::new(v1::CreateInterviewResponse {
            interview: Some(convert::interview(created.interview)),
            notice: created.notice,
        }))
    }

    async fn get_interview(
        &self,
        request: Request<v1::GetInterviewRequest>,
    ) -> Result<Response<v1::GetInterviewResponse>, Status> {
        let caller = caller::with(Scope::Read, &self.callers, &request).await?;
        let id = InterviewId::new(request.get_ref().interview_id);
        let interview = self.interviews.get(caller.user_id(), id).await.map_err(status::of)?;
        let interview = Some(convert::interview(interview));
        Ok(Response::new(v1::GetInterviewResponse { interview }))
    }

    async fn list_interviews(
        &self,
        request: Request<v1::ListInterviewsRequest>,
    ) -> Result<Response<v1::ListInterviewsResponse>, Status> {
        let caller = caller::with(Scope::Read, &self.callers, &request).await?;
        let asked = request::page(request.get_ref()).map_err(status::of)?;
        let page = self.interviews.list(caller.user_id(), asked.size, asked.older_than).await;
        let page = page.map_err(status::of)?;
        Ok(Response::new(v1::ListInterviewsResponse {
            interviews: page.interviews.into_iter().map(convert::interview).collect(),
            next_page_token: page.next.map(request::to_page_token).unwrap_or_default(),
        }))
    }

    async fn delete_interview(
        &self,
        request: Request<v1::DeleteInterviewRequest>,
    ) -> Result<Response<v1::DeleteInterviewResponse>, Status> {
        let caller = caller::with(Scope::Practise, &self.callers, &request).await?;
        let id = InterviewId::new(request.get_ref().interview_id);
        self.interviews.delete(caller.user_id(), id).await.map_err(status::of)?;
        Ok(Response::new(v1::DeleteInterviewResponse {}))
    }

    async fn add_follow_up(
        &self,
        request: Request<v1::AddFollowUpRequest>,
    ) -> Result<Response<v1::AddFollowUpResponse>, Status> {
        caller::with(Scope::Practise, &self.callers, &request).await?;
        Err(status::unimplemented("AddFollowUp"))
    }

    async fn list_templates(
        &self,
        request: Request<v1::ListTemplatesRequest>,
    ) -> Result<Response<v1::ListTemplatesResponse>, Status> {
        caller::with(Scope::Read, &self.callers, &request).await?;
        let templates = self.interviews.templates().into_iter().map(convert::template).collect();
        Ok(Response::new(v1::ListTemplatesResponse { templates }))
    }

    async fn set_question_mark(
        &self,
        request: Request<v1::SetQuestionMarkRequest>,
    ) -> Result<Response<v1::SetQuestionMarkResponse>, Status> {
        let caller = caller::with(Scope::Practise, &self.callers, &request).await?;
        let (target, change) = mark::change(request.get_ref()).map_err(status::of)?;
        let set = self.marks.set(caller.user_id(), target, change).await.map_err(status::of)?;
        Ok(Response::new(v1::SetQuestionMarkResponse { mark: Some(mark::mark(set)) }))
    }

    async fn list_question_marks(
        &self,
        request: Request<v1::ListQuestionMarksRequest>,
    ) -> Result<Response<v1::ListQuestionMarksResponse>, Status> {
        let caller = caller::with(Scope::Read, &self.callers, &request).await?;
        let asked = mark::page(request.get_ref()).map_err(status::of)?;
        let page = self.marks.list(caller.user_id(), asked.size, asked.older_than).await;
        let page = page.map_err(status::of)?;
        Ok(Response::new(v1::ListQuestionMarksResponse {
            questions: page.questions.into_iter().map(mark::marked).collect(),
            next_page_token: page.next.map(mark::to_page_token).unwrap_or_default(),
        }))
    }

    async fn preview_interview(
        &self,
        request: Request<v1::PreviewInterviewRequest>,
    ) -> Result<Response<v1::PreviewInterviewResponse>, Status> {
        let caller = caller::with(Scope::Read, &self.callers, &request).await?;
        let wanted = request.into_inner().interview.unwrap_or_default();
        let (plan, _) = request::interview(&wanted).map_err(status::of)?;
        let previewed =
            self.interviews.preview(caller.user_id(), plan).await.map_err(status::of)?;
        Ok(Response::new(convert::preview(previewed)))
    }
}
