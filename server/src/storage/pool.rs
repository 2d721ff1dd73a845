//! A pool of connections that are reused without asking the database in between.
//!
//! A connection is dirty from the moment it is used until the end of that use is confirmed. One that
//! is returned dirty is closed: its user stopped half-way, and it may be inside a transaction that
//! nothing will end. What the next user wrote on it would be acknowledged, and later rolled back with
//! that transaction.

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

/// The age at which a connection is closed.
const OLDEST: Duration = Duration::from_mins(30);

/// How long an idle connection is kept.
const LONGEST_IDLE: Duration = Duration::from_mins(10);

/// The pauses between attempts to connect to a server that is not ready: the first, and the longest
/// after doubling.
const PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// A pool of connections, which are made when they are needed.
pub(super) struct Pool<C: Connection> {
    shared: Arc<PoolState<C>>,
}

impl<C: Connection> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

struct PoolState<C: Connection> {
    options: C::Options,
    /// How long to wait for a connection.
    acquire_timeout: Duration,
    permits: Arc<Semaphore>,
    /// Clean connections; the one used last is used next.
    idle: Mutex<Vec<OpenConnection<C>>>,
    open: Arc<AtomicU32>,
}

/// A connection, counted as open until it is dropped.
struct OpenConnection<C> {
    connection: C,
    made: Instant,
    /// When it was last returned.
    since: Instant,
    _open: OpenCount,
}

struct OpenCount(Arc<AtomicU32>);

impl OpenCount {
    fn new(count: &Arc<AtomicU32>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for OpenCount {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<C: Connection> Pool<C> {
    /// An empty pool of at most `size` connections.
    pub(super) fn new(size: u32, acquire_timeout: Duration, options: C::Options) -> Self {
        let shared = PoolState {
            options,
            acquire_timeout,
            permits: Arc::new(Semaphore::new(size as usize)),
            idle: Mutex::default(),
            open: Arc::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// A connection, as soon as one is free.
    pub(super) async fn acquire(&self) -> Result<PooledConnection<C>, sqlx::Error> {
        let deadline = Instant::now() + self.shared.acquire_timeout;
        let permit = Arc::clone(&self.shared.permits).acquire_owned();
        let permit = timeout_at(deadline, permit).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let permit = permit.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle().pop();
        let was_idle = idle.is_some();
        let inner = match idle {
            Some(inner) => inner,
            None => self.connect(deadline).await?,
        };
        Ok(PooledConnection {
            inner: Some(inner),
            is_dirty: false,
            was_idle,
            pool: self.clone(),
            _permit: permit,
        })
    }

    /// Makes a connection, and waits for a server that is about to start.
    async fn connect(&self, deadline: Instant) -> Result<OpenConnection<C>, sqlx::Error> {
        let mut pause = PAUSE;
        loop {
            let connecting = C::connect_with(&self.shared.options);
            let made = timeout_at(deadline, connecting).await;
            match made.map_err(|_| sqlx::Error::PoolTimedOut)? {
                Ok(connection) => {
                    let now = Instant::now();
                    let open = OpenCount::new(&self.shared.open);
                    return Ok(OpenConnection { connection, made: now, since: now, _open: open });
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

    /// Closes idle connections and gives out no more.
    pub(super) async fn close(&self) {
        self.shared.permits.close();
        let idle = std::mem::take(&mut *self.idle());
        for inner in idle {
            // It is closed even if it cannot say goodbye.
            let _ = inner.connection.close().await;
        }
    }

    /// The number of open connections, and of idle ones among them.
    pub(super) fn figures(&self) -> (u32, usize) {
        (self.shared.open.load(Ordering::Relaxed), self.idle().len())
    }

    /// Nothing panics while it holds the lock.
    fn idle(&self) -> MutexGuard<'_, Vec<OpenConnection<C>>> {
        self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(&self, mut inner: OpenConnection<C>) {
        let now = Instant::now();
        let is_old = now - inner.made > OLDEST;
        if is_old || self.shared.permits.is_closed() {
            return;
        }
        inner.since = now;
        let mut idle = self.idle();
        idle.push(inner);
        // The first one has been idle the longest.
        if idle.first().is_some_and(|first| now - first.since > LONGEST_IDLE) {
            let first = idle.remove(0);
            drop(idle);
            drop(first);
        }
    }
}

/// Whether a server that refuses a connection like this may soon accept one: it is starting, or has
/// reached its connection limit.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(cause) => cause.kind() == io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(cause) => {
            matches!(cause.code().as_deref(), Some("57P03" | "53300"))
        }
        _ => false,
    }
}

/// A connection in use. Dropping it returns it to the pool if it is clean, and closes it otherwise.
pub(super) struct PooledConnection<C: Connection> {
    inner: Option<OpenConnection<C>>,
    is_dirty: bool,
    /// Whether it was idle in the pool, and so may have been lost there.
    was_idle: bool,
    pool: Pool<C>,
    _permit: OwnedSemaphorePermit,
}

impl<C: Connection> PooledConnection<C> {
    /// The connection, which is dirty from now on.
    pub(super) fn dirty(&mut self) -> Result<&mut C, sqlx::Error> {
        self.is_dirty = true;
        let inner = self.inner.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        Ok(&mut inner.connection)
    }

    /// Confirms that the reply has come, so that every transaction on the connection has ended.
    pub(super) fn confirm(&mut self) {
        self.is_dirty = false;
    }

    /// Replaces the connection if it was lost while idle. All other idle ones are closed too: they
    /// may have been lost the same way, as when a server restarts.
    pub(super) async fn replace(&mut self, lost: sqlx::Error) -> Result<(), sqlx::Error> {
        if !self.was_idle || !is_lost(&lost) {
            return Err(lost);
        }
        self.inner = None;
        let others = std::mem::take(&mut *self.pool.idle());
        drop(others);
        let deadline = Instant::now() + self.pool.shared.acquire_timeout;
        self.inner = Some(self.pool.connect(deadline).await?);
        (self.was_idle, self.is_dirty) = (false, false);
        Ok(())
    }
}

/// Whether the connection is gone: cut, or ended by the server's operator, a crash or a limit.
fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(cause) => {
            cause.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P"))
        }
        _ => false,
    }
}

impl<C: Connection> Drop for PooledConnection<C> {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take().filter(|_| !self.is_dirty) {
            self.pool.give_back(inner);
        }
    }
}
