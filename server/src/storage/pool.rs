//! Connections that are used one after the other, without a question to the database in between.
//!
//! A connection counts as dirty from the moment it is used until the end of what was asked is
//! confirmed. One that comes back dirty is closed: whoever used it went away in the middle, and it may
//! be inside a transaction that nobody knows of; what the next one writes on it would be acknowledged,
//! and later be rolled back with it.

use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sqlx::Connection;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

/// How old a connection may become.
const OLDEST: Duration = Duration::from_mins(30);

/// How long a connection that nobody uses is kept.
const LONGEST_IDLE: Duration = Duration::from_mins(10);

/// The pause between two attempts to connect to a server that is not there yet: the first, and the
/// longest after doubling.
const PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// At most so many connections, made when they are needed.
pub(super) struct Pool<C: Connection> {
    shared: Arc<Shared<C>>,
}

impl<C: Connection> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

struct Shared<C: Connection> {
    options: C::Options,
    /// How long to wait for a connection.
    patience: Duration,
    places: Arc<Semaphore>,
    /// Clean ones; the one that was used last is used next.
    idle: Mutex<Vec<Kept<C>>>,
    open: Arc<AtomicU32>,
}

/// A connection, counted as open while it lives.
struct Kept<C> {
    connection: C,
    made: Instant,
    /// When it was last given back.
    since: Instant,
    _open: Open,
}

struct Open(Arc<AtomicU32>);

impl Open {
    fn new(count: &Arc<AtomicU32>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<C: Connection> Pool<C> {
    /// An empty pool of that size.
    pub(super) fn new(size: u32, patience: Duration, options: C::Options) -> Self {
        let shared = Shared {
            options,
            patience,
            places: Arc::new(Semaphore::new(size as usize)),
            idle: Mutex::default(),
            open: Arc::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// A connection, once there is a place for one.
    pub(super) async fn acquire(&self) -> Result<Lease<C>, sqlx::Error> {
        let deadline = Instant::now() + self.shared.patience;
        let place = Arc::clone(&self.shared.places).acquire_owned();
        let place = timeout_at(deadline, place).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let place = place.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle().pop();
        let was_idle = idle.is_some();
        let kept = match idle {
            Some(kept) => kept,
            None => self.connect(deadline).await?,
        };
        Ok(Lease { kept: Some(kept), is_dirty: false, was_idle, pool: self.clone(), _place: place })
    }

    /// Makes a connection. A server that is about to start is waited for.
    async fn connect(&self, deadline: Instant) -> Result<Kept<C>, sqlx::Error> {
        let mut pause = PAUSE;
        loop {
            let connecting = C::connect_with(&self.shared.options);
            let made = timeout_at(deadline, connecting).await;
            match made.map_err(|_| sqlx::Error::PoolTimedOut)? {
                Ok(connection) => {
                    let now = Instant::now();
                    let open = Open::new(&self.shared.open);
                    return Ok(Kept { connection, made: now, since: now, _open: open });
                }
                Err(error) if !is_passing(&error) => return Err(error),
                Err(_) if Instant::now() + pause >= deadline => {
                    return Err(sqlx::Error::PoolTimedOut);
                }
                Err(_) => {}
            }
            tokio::time::sleep(pause).await;
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    /// Closes what nobody uses, and gives out no more.
    pub(super) async fn close(&self) {
        self.shared.places.close();
        let idle = std::mem::take(&mut *self.idle());
        for kept in idle {
            // One that cannot say goodbye is closed all the same.
            let _ = kept.connection.close().await;
        }
    }

    /// Open connections, and how many of these nobody uses.
    pub(super) fn figures(&self) -> (u32, usize) {
        (self.shared.open.load(Ordering::Relaxed), self.idle().len())
    }

    /// Nothing panics while it holds the lock.
    fn idle(&self) -> MutexGuard<'_, Vec<Kept<C>>> {
        self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(&self, mut kept: Kept<C>) {
        let now = Instant::now();
        let is_old = now - kept.made > OLDEST;
        if is_old || self.shared.places.is_closed() {
            return;
        }
        kept.since = now;
        let mut idle = self.idle();
        idle.push(kept);
        // The first of them has been left alone the longest.
        if idle.first().is_some_and(|first| now - first.since > LONGEST_IDLE) {
            let first = idle.remove(0);
            drop(idle);
            drop(first);
        }
    }
}

/// Whether a server that refuses a connection so may take one soon: it is not there yet, starts, or
/// has as many as it can have.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(cause) => cause.kind() == io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(cause) => {
            matches!(cause.code().as_deref(), Some("57P03" | "53300"))
        }
        _ => false,
    }
}

/// A connection in somebody's hands. Dropping it gives it back if it is clean, and else closes it.
pub(super) struct Lease<C: Connection> {
    kept: Option<Kept<C>>,
    is_dirty: bool,
    /// Whether it has been used before, so that it may have been lost since.
    was_idle: bool,
    pool: Pool<C>,
    _place: OwnedSemaphorePermit,
}

impl<C: Connection> Lease<C> {
    /// The connection, which is dirty from now on.
    pub(super) fn dirty(&mut self) -> Result<&mut C, sqlx::Error> {
        self.is_dirty = true;
        let kept = self.kept.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        Ok(&mut kept.connection)
    }

    /// What was asked has ended, as its reply says, and with it every transaction.
    pub(super) fn confirm(&mut self) {
        self.is_dirty = false;
    }

    /// Another connection in its stead, if it was lost while nobody used it; so may the other idle
    /// ones have been, as when a server starts anew.
    pub(super) async fn replace(&mut self, lost: sqlx::Error) -> Result<(), sqlx::Error> {
        if !self.was_idle || !is_lost(&lost) {
            return Err(lost);
        }
        self.kept = None;
        let others = std::mem::take(&mut *self.pool.idle());
        drop(others);
        let deadline = Instant::now() + self.pool.shared.patience;
        self.kept = Some(self.pool.connect(deadline).await?);
        (self.was_idle, self.is_dirty) = (false, false);
        Ok(())
    }
}

/// Whether the connection is gone: cut, or ended by the server's operator, its crash or its limits.
fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(cause) => {
            cause.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P"))
        }
        _ => false,
    }
}

impl<C: Connection> Drop for Lease<C> {
    fn drop(&mut self) {
        if let Some(kept) = self.kept.take().filter(|_| !self.is_dirty) {
            self.pool.give_back(kept);
        }
    }
}
