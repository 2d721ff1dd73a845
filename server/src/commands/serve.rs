//! `viva-server serve`: the API, and the worker beside it unless it is left out.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use super::{
    count,
    listener::{listen, open_meanwhile, tls},
    measure,
    stop::stop_signal,
    worker_settings,
};
use crate::{
    app::{App, AppSettings},
    auth::signing_key::{Keyring, MIN_BYTES, SigningKey},
    config::{Config, DatabasePlace},
    examiner::Examiner,
    listen::{ListenLimits, connections},
    private::make_private_folder,
    questions,
    start::{self, KEY_FILE},
};

/// What the command line says over the settings.
#[derive(Debug, Clone, Copy)]
pub struct ServeOptions {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the metrics are read; none: nothing is counted.
    pub metrics_listen: Option<SocketAddr>,
    /// Whether evaluations are worked off here, too.
    pub worker: bool,
}

/// Serves until a signal says stop, then finishes what is under way.
pub async fn serve(config: Config, options: ServeOptions) -> Result<()> {
    config.transport.check(options.listen).map_err(anyhow::Error::msg)?;
    let bank = questions::bank(config.bank_dir.as_deref())?;
    let previous = config.auth.previous_key.iter().cloned().collect();
    let keys = Keyring { current: signing_key(&config)?, previous };
    let tls = tls(config.transport.tls.as_ref())?;
    let stop = stop_signal()?;
    let metrics = count(options.metrics_listen).await?;
    let listener = listen(options.listen)?;
    let address = listener.local_addr()?;
    let Some(store) =
        open_meanwhile(&config.database, Some(&listener), tls.as_ref(), &stop).await?
    else {
        return Ok(());
    };
    measure(metrics, store.clone());
    let settings = AppSettings {
        access_lifetime: config.auth.access_lifetime,
        refresh_lifetime: config.auth.refresh_lifetime,
        doors: config.limits.doors,
        is_open: config.limits.is_open,
        worker: options.worker.then(|| worker_settings(&config)),
        ..start::app_settings(config.model.as_ref())
    };
    let examiner = Examiner::of(config.model.as_ref(), store.clone())?;
    let app = App::new(store, examiner, &keys, settings)?
        .asking_from(bank)
        .limited(config.limits.requests.clone())
        .reflecting(config.transport.reflects(options.listen));
    tracing::info!(
        %address,
        database = %config.database.place,
        worker = options.worker,
        tls = tls.is_some(),
        "serving"
    );
    let incoming = connections(TcpListener::from_std(listener)?, ListenLimits::default(), tls);
    app.serve(incoming, stop.cancelled_owned()).await?;
    tracing::info!("stopped");
    Ok(())
}

/// The key that is set, or else the one that is kept beside the database. Processes that share a
/// database must share the key as well, so there it has to be set.
fn signing_key(config: &Config) -> Result<SigningKey> {
    match (&config.auth.secret_key, &config.database.place) {
        (Some(key), _) => Ok(key.clone()),
        (None, DatabasePlace::Postgres(_)) => anyhow::bail!(
            "SECRET_KEY is not set; with PostgreSQL it must be, to the same for every process: at \
             least {MIN_BYTES} bytes; `openssl rand -hex 32` makes one"
        ),
        (None, DatabasePlace::Sqlite(_)) => {
            let folder = &config.data_folder;
            make_private_folder(folder)
                .with_context(|| format!("cannot make the data folder {}", folder.display()))?;
            Ok(SigningKey::load_or_create(&folder.join(KEY_FILE))?)
        }
    }
}
