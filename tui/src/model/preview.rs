//! What the form for a new interview knows of what it would get.

use jiff::Timestamp;
use viva_proto::v1::{CreateInterviewRequest, PreviewInterviewResponse};

/// How long the form has to rest before it is asked about.
const PAUSE_MS: i64 = 300;

/// What was asked about, and what is known of it.
#[derive(Debug, Default)]
pub(crate) struct Preview {
    /// What is asked about next, and since when the form says so.
    waiting: Option<(CreateInterviewRequest, Timestamp)>,
    /// What was asked about last.
    asked: Option<CreateInterviewRequest>,
    /// What came of it.
    reply: Option<PreviewInterviewResponse>,
}

impl Preview {
    /// Whether something is to be asked about once the form rests.
    pub(crate) fn waits(&self) -> bool {
        self.waiting.is_some()
    }

    /// Asks about nothing for now; the form has to rest anew.
    pub(crate) fn hold(&mut self) {
        self.waiting = None;
    }

    /// Takes in what the form says now, and gives what is to be asked about, if it has rested for long enough.
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

    /// Takes in a reply, unless something else was asked about since.
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

    /// What is known of what the form says now.
    pub(crate) fn of(&self, request: &CreateInterviewRequest) -> Option<&PreviewInterviewResponse> {
        self.reply.as_ref().filter(|_| self.asked.as_ref() == Some(request))
    }
}
