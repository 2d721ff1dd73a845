//! Identifiers: numbers from the database's sequences, each kind with its own type.

use std::{fmt, hash::Hash, marker::PhantomData};

/// The id of an `Of`: positive, never used twice.
pub struct Id<Of>(i64, PhantomData<fn() -> Of>);

impl<Of> Id<Of> {
    /// Wraps a number that came from the database or from a caller. Any number is an id that may or
    /// may not exist; the store decides.
    pub const fn new(value: i64) -> Self {
        Self(value, PhantomData)
    }

    /// The number itself.
    pub const fn get(self) -> i64 {
        self.0
    }
}

// Derived impls would require these traits of `Of`, which is only a name here.
impl<Of> Clone for Id<Of> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Of> Copy for Id<Of> {}

impl<Of> PartialEq for Id<Of> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<Of> Eq for Id<Of> {}

impl<Of> Hash for Id<Of> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<Of> fmt::Debug for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl<Of> fmt::Display for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An account's id.
pub type UserId = Id<super::account::User>;
/// An API key's id.
pub type ApiKeyId = Id<super::api_key::ApiKey>;
/// A session's id: one sign-in and all tokens that descend from it.
pub type SessionId = Id<super::account::Session>;
/// An interview's id.
pub type InterviewId = Id<super::interview::Interview>;
/// The id of a mark on a question.
pub type MarkId = Id<super::mark::Mark>;
/// The id of a point in an account's memory.
pub type PointId = Id<super::memory::MemoryPoint>;
/// A question's id, unique over all interviews.
pub type QuestionId = Id<super::question::Question>;
/// An answer's id.
pub type AnswerId = Id<super::answer::Answer>;
