//! `viva.v1.InterviewService`.

use tonic::{Request, Response, Status};
use viva_proto::v1::{self, interview_service_server::InterviewService};

use super::{caller, convert, mark, paging, request, status};
use crate::{
    domain::{
        api_key::Scope,
        help::Hint,
        id::{InterviewId, QuestionId},
    },
    services::{
        callers::Callers, follow_ups::FollowUps, help::QuestionHelp, interviews::Interviews,
        marks::Marks,
    },
};

/// The name of the list of templates in page tokens.
const TEMPLATES: &str = "templates";

/// The handlers.
pub(super) struct InterviewHandlers {
    pub(super) callers: Callers,
    pub(super) interviews: Interviews,
    pub(super) follow_ups: FollowUps,
    pub(super) help: QuestionHelp,
    pub(super) marks: Marks,
}

#[tonic::async_trait]
impl InterviewService for InterviewHandlers {
    async fn create_interview(
        &self,
        request: Request<v1::CreateInterviewRequest>,
    ) -> Result<Response<v1::CreateInterviewResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let asked = request::interview(request.get_ref());
        let (plan, key) = caller::sound(&self.callers, &request, caller, asked).await?;
        let created = self.interviews.create(caller, plan, key).await;
        let created = created.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(v1::CreateInterviewResponse {
            interview: Some(convert::interview(created.interview)),
            notice: created.notice,
        }))
    }

    async fn get_interview(
        &self,
        request: Request<v1::GetInterviewRequest>,
    ) -> Result<Response<v1::GetInterviewResponse>, Status> {
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let id = InterviewId::new(request.get_ref().interview_id);
        let interview = self.interviews.get(caller, id).await;
        let interview = interview.map_err(|error| caller::failed(&request, caller, error))?;
        let interview = Some(convert::interview(interview));
        Ok(Response::new(v1::GetInterviewResponse { interview }))
    }

    async fn list_interviews(
        &self,
        request: Request<v1::ListInterviewsRequest>,
    ) -> Result<Response<v1::ListInterviewsResponse>, Status> {
        let caller = caller::says_with(Scope::Read, &self.callers, &request).await?;
        let asked = request::page(request.get_ref());
        let asked = caller::sound(&self.callers, &request, caller, asked).await?;
        let page = self.interviews.list(caller, asked.size, asked.older_than).await;
        let page = page.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(v1::ListInterviewsResponse {
            interviews: page.interviews.into_iter().map(convert::interview).collect(),
            next_page_token: page.next.map(request::to_page_token).unwrap_or_default(),
        }))
    }

    async fn end_interview(
        &self,
        request: Request<v1::EndInterviewRequest>,
    ) -> Result<Response<v1::EndInterviewResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let id = InterviewId::new(request.get_ref().interview_id);
        let ended = self.interviews.end(caller, id).await;
        let ended = ended.map_err(|error| caller::failed(&request, caller, error))?;
        let interview = Some(convert::interview(ended));
        Ok(Response::new(v1::EndInterviewResponse { interview }))
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
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let id = QuestionId::new(request.get_ref().question_id);
        let followed = self.follow_ups.add(caller, id).await;
        let followed = followed.map_err(|error| caller::failed(&request, caller, error))?;
        let question = Some(convert::question(followed.question));
        Ok(Response::new(v1::AddFollowUpResponse { question, quote: followed.quote }))
    }

    async fn get_hint(
        &self,
        request: Request<v1::GetHintRequest>,
    ) -> Result<Response<v1::GetHintResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let v1::GetHintRequest { question_id, number } = *request.get_ref();
        let number = request::hint_number(number);
        let number = caller::sound(&self.callers, &request, caller, number).await?;
        let hint = self.help.hint(caller, QuestionId::new(question_id), number).await;
        let hint = hint.map_err(|error| caller::failed(&request, caller, error))?;
        let Hint { text, number, of } = hint;
        Ok(Response::new(v1::GetHintResponse { text, number, available: of }))
    }

    async fn reveal_question(
        &self,
        request: Request<v1::RevealQuestionRequest>,
    ) -> Result<Response<v1::RevealQuestionResponse>, Status> {
        let caller = caller::says_with(Scope::Practise, &self.callers, &request).await?;
        let id = QuestionId::new(request.get_ref().question_id);
        let revealed = self.help.reveal(caller, id).await;
        let revealed = revealed.map_err(|error| caller::failed(&request, caller, error))?;
        Ok(Response::new(convert::revealed(revealed)))
    }

    async fn list_templates(
        &self,
        request: Request<v1::ListTemplatesRequest>,
    ) -> Result<Response<v1::ListTemplatesResponse>, Status> {
        caller::with(Scope::Read, &self.callers, &request).await?;
        let v1::ListTemplatesRequest { page_size, page_token } = request.get_ref();
        let page = paging::asked(TEMPLATES, *page_size, page_token).map_err(status::of)?;
        let all = self.interviews.templates();
        // The bank changes only when the server starts; lists then start from the beginning.
        let (templates, next_page_token) =
            page.of(TEMPLATES, all, |template| template.id.clone(), |_, _| true);
        let templates = templates.into_iter().map(convert::template).collect();
        Ok(Response::new(v1::ListTemplatesResponse { templates, next_page_token }))
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
