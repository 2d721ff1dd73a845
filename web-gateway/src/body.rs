//! Reads the whole body of a request, within limits. A gRPC-Web call has one message, so nothing
//! can be forwarded before all of it has arrived.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use http_body_util::BodyExt;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long a body may take to arrive: a large job advert over a slow connection.
const TIME: Duration = Duration::from_secs(30);

/// How much memory all bodies being read may take together, in KiB.
const BUDGET_KIB: usize = 64 * 1024;

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It is larger than the limit.
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// Its sender went away or broke the protocol.
    Broken,
    /// The memory budget is used up at the moment.
    NoRoom,
}

/// Reads bodies. Clones share the memory budget.
#[derive(Debug, Clone)]
pub(crate) struct Bodies {
    room: Arc<Semaphore>,
    time: Duration,
}

impl Default for Bodies {
    fn default() -> Self {
        Self { room: Arc::new(Semaphore::new(BUDGET_KIB)), time: TIME }
    }
}

impl Bodies {
    /// Reads a whole body of at most `limit` bytes. Its share of the budget is released
    /// immediately: from here on, the upstream's limits apply.
    pub(crate) async fn read(&self, body: Body, limit: usize) -> Result<Bytes, BodyError> {
        // The length that the sender declared, if any.
        if usize::try_from(body.size_hint().lower()).is_ok_and(|declared| declared > limit) {
            return Err(BodyError::TooLarge);
        }
        timeout(self.time, self.collect(body, limit)).await.unwrap_or(Err(BodyError::TooSlow))
    }

    async fn collect(&self, mut body: Body, limit: usize) -> Result<Bytes, BodyError> {
        let mut read = BytesMut::new();
        let mut room = self.room_for(0)?;
        while let Some(frame) = body.frame().await {
            let Ok(part) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
            if part.len() > limit - read.len() {
                return Err(BodyError::TooLarge);
            }
            // Counted together: a client may send each byte as a part of its own.
            let kib = (read.len() + part.len()).div_ceil(1024);
            room.merge(self.room_for(kib - room.num_permits())?);
            read.extend_from_slice(&part);
        }
        Ok(read.freeze())
    }

    fn room_for(&self, kib: usize) -> Result<OwnedSemaphorePermit, BodyError> {
        let kib = u32::try_from(kib).unwrap_or(u32::MAX);
        Arc::clone(&self.room).try_acquire_many_owned(kib).map_err(|_| BodyError::NoRoom)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::Pin,
        task::{Context, Poll},
    };

    use futures::stream;
    use http_body::{Frame, SizeHint};

    use super::*;

    async fn read(bodies: &Bodies, body: Body, limit: usize) -> Result<usize, BodyError> {
        bodies.read(body, limit).await.map(|body| body.len())
    }

    /// A body that declares its length and never arrives.
    struct Declared(u64);

    impl http_body::Body for Declared {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            Poll::Pending
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.0)
        }
    }

    #[tokio::test]
    async fn a_body_may_be_as_large_as_the_limit_and_no_larger() {
        let bodies = Bodies::default();
        assert_eq!(read(&bodies, Body::from(vec![0; 10]), 10).await, Ok(10));
        assert_eq!(read(&bodies, Body::from(vec![0; 11]), 10).await, Err(BodyError::TooLarge));
        assert_eq!(read(&bodies, Body::new(Declared(11)), 10).await, Err(BodyError::TooLarge));
    }

    #[tokio::test]
    async fn a_body_that_does_not_arrive_is_given_up() {
        let bodies = Bodies { time: Duration::from_millis(1), ..Bodies::default() };
        let silent = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(read(&bodies, silent, 10).await, Err(BodyError::TooSlow));
    }

    #[tokio::test]
    async fn bodies_share_a_budget_that_is_released_again() {
        let bodies = Bodies { room: Arc::new(Semaphore::new(2)), ..Bodies::default() };
        assert_eq!(read(&bodies, Body::from(vec![0; 3000]), 9000).await, Err(BodyError::NoRoom));
        assert_eq!(read(&bodies, Body::from(vec![0; 2000]), 9000).await, Ok(2000));
        assert_eq!(read(&bodies, Body::from(vec![0; 2000]), 9000).await, Ok(2000));
    }

    #[tokio::test]
    async fn a_body_in_small_parts_takes_no_more_room_than_in_one() {
        let bodies = Bodies { room: Arc::new(Semaphore::new(2)), ..Bodies::default() };
        let part = || Ok::<_, std::io::Error>(Bytes::from_static(b"x"));
        let parts = stream::iter(std::iter::repeat_with(part).take(2000));
        assert_eq!(read(&bodies, Body::from_stream(parts), 9000).await, Ok(2000));
    }
}
