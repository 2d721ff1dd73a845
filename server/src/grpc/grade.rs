//! `viva.v1.GradeService`.

use std::pin::Pin;

use futures::{Stream, StreamExt};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use tonic_types::StatusExt;
use viva_proto::v1::{self, grade_answers_response::Outcome, grade_service_server::GradeService};

use super::{caller, convert, grade_request, status};
use crate::{
    domain::api_key::Scope,
    services::{
        ServiceError,
        callers::Callers,
        grading::{Graded, Grading, ItemOutcome},
    },
};

/// The handlers.
pub(super) struct GradeHandlers {
    pub(super) callers: Callers,
    pub(super) grading: Grading,
}

#[tonic::async_trait]
impl GradeService for GradeHandlers {
    async fn grade_answer(
        &self,
        request: Request<v1::GradeAnswerRequest>,
    ) -> Result<Response<v1::GradeAnswerResponse>, Status> {
        let caller = caller::with(Scope::Grade, &self.callers, &request).await?;
        let task = grade_request::task(request.get_ref());
        let task = task.map_err(|wrong| status::of(ServiceError::Validation(wrong)))?;
        let graded = self.grading.grade(caller.user_id(), task).await.map_err(status::of)?;
        Ok(Response::new(v1::GradeAnswerResponse { evaluation: Some(evaluation(graded)) }))
    }

    type GradeAnswersStream =
        Pin<Box<dyn Stream<Item = Result<v1::GradeAnswersResponse, Status>> + Send>>;

    async fn grade_answers(
        &self,
        request: Request<v1::GradeAnswersRequest>,
    ) -> Result<Response<Self::GradeAnswersStream>, Status> {
        let caller = caller::with(Scope::Grade, &self.callers, &request).await?;
        let items = grade_request::items(request.into_inner()).map_err(status::of)?;
        let outcomes = self.grading.grade_all(caller, items).map_err(status::of)?;
        let outcomes = ReceiverStream::new(outcomes);
        // The stream is read after the call has returned; its errors still belong to the call.
        let span = tracing::Span::current();
        let replies =
            outcomes.map(move |outcome| span.in_scope(|| outcome.map(reply).map_err(status::of)));
        Ok(Response::new(Box::pin(replies)))
    }
}

fn reply(outcome: ItemOutcome) -> v1::GradeAnswersResponse {
    let told = match outcome.graded {
        Ok(graded) => Outcome::Evaluation(evaluation(graded)),
        Err(error) => Outcome::Error(item_error(error)),
    };
    v1::GradeAnswersResponse { item_id: outcome.id, outcome: Some(told) }
}

fn evaluation(graded: Graded) -> v1::Evaluation {
    match graded.assessment {
        Ok(assessment) => convert::callers_assessment(assessment, &graded.rubric),
        Err(declined) => convert::declined(declined),
    }
}

/// Returns the path of a field of a batch, relative to its item or to the item's request.
fn within_item(path: &str) -> &str {
    let field = path.split_once("].").map_or(path, |(_, field)| field);
    field.strip_prefix("request.").unwrap_or(field)
}

/// Converts an error to a message with what the status of a call would say.
fn item_error(error: ServiceError) -> v1::ItemError {
    let status = status::of(error);
    let details = status.get_error_details();
    let violations = details.bad_request().map(|bad| bad.field_violations.clone());
    let violations =
        violations.unwrap_or_default().into_iter().map(|violation| v1::ItemViolation {
            field: within_item(&violation.field).to_owned(),
            description: violation.description,
            path: violation.field,
        });
    let retry_after = details.retry_info().and_then(|retry| retry.retry_delay);
    v1::ItemError {
        code: status.code().into(),
        message: status.message().to_owned(),
        reason: details.error_info().map(|info| info.reason.clone()).unwrap_or_default(),
        violations: violations.collect(),
        retry_after: retry_after.and_then(|after| after.try_into().ok()),
    }
}
