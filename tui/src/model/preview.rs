//! The preview of an interview, for the form for a new one.

use jiff::Timestamp;
use viva_proto::v1::{CreateInterviewRequest, PreviewInterviewResponse};

/// How many milliseconds the form must be unchanged before the preview is requested.
const PAUSE_MS: i64 = 300;

/// The requests for previews, and the last reply.
#[derive(Debug, Default)]
pub(crate) struct Preview {
    /// The next request, and when the form came to it.
    waiting: Option<(CreateInterviewRequest, Timestamp)>,
    /// The last request.
    asked: Option<CreateInterviewRequest>,
    /// The reply to it.
    reply: Option<PreviewInterviewResponse>,
}

impl Preview {
    /// Whether a request waits until the form is left unchanged.
    pub(crate) fn waits(&self) -> bool {
        self.waiting.is_some()
    }

    /// Cancels the waiting request; the pause starts over.
    pub(crate) fn hold(&mut self) {
        self.waiting = None;
    }

    /// Takes the form's current request, and returns it once it has been unchanged for long enough.
    pub(crate) fn due(
        &mut self,
        request: CreateInterviewRequest,
        now: Timestamp,
    ) -> Option<CreateInterviewRequest> {
        if request.role.is_empty() && request.template_id.is_empty() {
            *self = Self::default();
            return None;
        }
        if self.asked.as_ref() == Some(&request) {
            self.waiting = None;
            return None;
        }
        let since = match &self.waiting {
            Some((waiting, since)) if *waiting == request => *since,
            _ => now,
        };
        if now.as_millisecond() - since.as_millisecond() < PAUSE_MS {
            self.waiting = Some((request, since));
            return None;
        }
        *self = Self { asked: Some(request.clone()), ..Self::default() };
        Some(request)
    }

    /// Takes a reply, unless it is for an earlier request.
    pub(crate) fn take(
        &mut self,
        request: &CreateInterviewRequest,
        reply: PreviewInterviewResponse,
    ) -> bool {
        let is_wanted = self.asked.as_ref() == Some(request);
        if is_wanted {
            self.reply = Some(reply);
        }
        is_wanted
    }

    /// The preview for the form's current request.
    pub(crate) fn of(&self, request: &CreateInterviewRequest) -> Option<&PreviewInterviewResponse> {
        self.reply.as_ref().filter(|_| self.asked.as_ref() == Some(request))
    }
}
