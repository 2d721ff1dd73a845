//! The errors that the gateway itself returns, in the same form as the server's: code, message, and
//! details with a reason that clients act on.

use tonic::{Code, Status};
use viva_connect::refusal::{lasting, passing};

pub(crate) use viva_connect::refusal::{internal, too_large, too_old};

/// The server does not reply.
pub(crate) fn unavailable() -> Status {
    passing(Code::Unavailable, "Server unavailable", "SERVER_UNAVAILABLE")
}

/// The server is called over TLS and does not speak it, or the other way round.
pub(crate) fn wrong_address() -> Status {
    let message = "The gateway's address for its server is wrong: the gateway's log tells its operator what to do";
    passing(Code::Unavailable, message, "SERVER_UNAVAILABLE")
}

/// The gateway is stopping.
pub(crate) fn shutting_down() -> Status {
    passing(Code::Unavailable, "Server is shutting down", "SHUTTING_DOWN")
}

/// Too many requests at the same time.
pub(crate) fn too_many() -> Status {
    passing(Code::ResourceExhausted, "Too many requests", "RATE_LIMITED")
}

/// The call, or sending its request, took too long.
pub(crate) fn timeout() -> Status {
    lasting(Code::DeadlineExceeded, "Request timeout", "TIMEOUT")
}

/// A request that does not match its content type.
pub(crate) fn unreadable() -> Status {
    lasting(Code::InvalidArgument, "Invalid request", "VALIDATION_FAILED")
}

/// A service that the gateway does not forward.
pub(crate) fn unlisted() -> Status {
    lasting(Code::Unimplemented, "No such service", "UNIMPLEMENTED")
}

/// The request comes from a page of another site.
pub(crate) fn foreign() -> Status {
    lasting(Code::PermissionDenied, "Access denied", "ACCESS_DENIED")
}

/// The page is the gateway's own, but a proxy has changed the host of the request.
pub(crate) fn host_changed() -> Status {
    let message = "The proxy in front of Viva changes the host of your browser's requests: the gateway's log tells \
                   its operator what to do";
    lasting(Code::PermissionDenied, message, "HOST_CHANGED")
}

/// A caller tries to sign in with a password, or to register, where only the owner's link signs in.
pub(crate) fn by_link() -> Status {
    let message =
        "This page is only for its owner. Open the link that viva-web prints when it starts";
    lasting(Code::PermissionDenied, message, "ACCESS_DENIED")
}

/// The caller has no session, or a code that is not the gateway's.
pub(crate) fn session_ended() -> Status {
    lasting(Code::Unauthenticated, "Session has ended", "SESSION_ENDED")
}

/// The owner's code is wrong.
pub(crate) fn wrong_code() -> Status {
    lasting(Code::Unauthenticated, "This link is not valid any more", "INVALID_CREDENTIALS")
}
