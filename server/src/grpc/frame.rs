//! What every call is wrapped in: its id, its deadline, its end, and a proper error if a handler
//! panics or the request never reaches one.

use std::{
    convert::Infallible,
    error::Error,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures::FutureExt;
use http::{Request, Response};
use tonic::{Code, Status, body::Body};
use tower::{Layer, Service};
use tracing::Instrument;
use viva_proto::bounded::TooHeavy;
use viva_runtime::request_id;

use super::{call_end::ActiveCall, deadline, rpc, status};
use crate::telemetry;

/// Wraps the routes in the frame.
#[derive(Debug, Clone, Copy)]
pub struct FrameLayer {
    /// The longest time until the reply of a call begins.
    pub limit: Duration,
    /// The same for creating an interview or follow-up, which may wait for a language model.
    pub creation_limit: Duration,
    /// The same for grading an answer, which may wait for a language model too.
    pub grading_limit: Duration,
}

impl FrameLayer {
    fn limit(&self, rpc: &str) -> Duration {
        match rpc {
            CREATION | FOLLOW_UP => self.creation_limit,
            GRADING | CHALLENGE => self.grading_limit,
            _ => self.limit,
        }
    }
}

/// The call that adds a follow-up.
const FOLLOW_UP: &str = "viva.v1.InterviewService/AddFollowUp";

/// The call that creates an interview.
const CREATION: &str = "viva.v1.InterviewService/CreateInterview";

/// The call that grades an answer.
const GRADING: &str = "viva.v1.GradeService/GradeAnswer";

/// The call that has a point of an answer graded again.
const CHALLENGE: &str = "viva.v1.AnswerService/ChallengePoint";

impl<S> Layer<S> for FrameLayer {
    type Service = Frame<S>;

    fn layer(&self, inner: S) -> Frame<S> {
        Frame { inner, limits: *self }
    }
}

/// The routes in their frame.
#[derive(Debug, Clone)]
pub struct Frame<S> {
    inner: S,
    limits: FrameLayer,
}

impl<S> Service<Request<Body>> for Frame<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let id = request_id::of(request.headers());
        let rpc = rpc::of(request.uri().path());
        let limit = deadline::of(request.headers(), self.limits.limit(rpc));
        // An id is always plain text; others were replaced.
        let span = telemetry::call(rpc, id.to_str().unwrap_or_default());
        let mut active = ActiveCall::new(rpc, span.clone());
        let handled = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        let call = async move {
            let mut response = match tokio::time::timeout(limit, handled).await {
                Ok(Ok(Ok(response))) => readable(response),
                Ok(Err(_)) => {
                    tracing::error!("a handler panicked");
                    status::internal().into_http()
                }
                Err(_) => status::timeout().into_http(),
            };
            response.headers_mut().insert(request_id::HEADER, id);
            active.reply_begins(response.headers());
            Ok(response.map(|body| active.with(body)))
        };
        Box::pin(call.instrument(span))
    }
}

/// Returns why a message was refused before it was decoded, if it was.
fn too_heavy(status: &Status) -> Option<TooHeavy> {
    status.source()?.downcast_ref().copied()
}

/// Replaces the status with which tonic rejects a message that is too large or broken before any
/// handler sees it: its codes blame the server, but the request is at fault.
fn readable(response: Response<Body>) -> Response<Body> {
    if let Some(heavy) = response.extensions().get().and_then(too_heavy) {
        return status::too_heavy(heavy).into_http();
    }
    let blames_server =
        matches!(status::code(response.headers()), Some(Code::OutOfRange | Code::Internal));
    // All errors of this server have details, so one without them is tonic's.
    let is_ours = response.headers().contains_key("grpc-status-details-bin");
    if !blames_server || is_ours {
        return response;
    }
    let refused = response.extensions().get::<Status>();
    match refused.and_then(|status| size(status.message())) {
        Some(bytes) => status::too_large(Some(bytes)).into_http(),
        None => status::unreadable().into_http(),
    }
}

/// Returns the size of a message that is too large. Only tonic's error message has it.
fn size(message: &str) -> Option<u64> {
    let (_, sizes) = message.split_once("message length too large: found ")?;
    sizes.split_once(" bytes, the limit is: ")?.0.parse().ok()
}
