//! `viva-server serve`: serves the API, with a worker unless it is left out.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use viva_runtime::{
    listen::{ListenLimits, connections},
    private::make_private_folder,
    stop::stop_signal,
};

use super::{
    count,
    listener::{listen, open_meanwhile, tls},
    measure, worker_settings,
};
use crate::{
    auth::signing_key::{Keyring, MIN_BYTES, SigningKey},
    config::{Config, DatabaseLocation, KEY_FILE},
    examiner::Examiner,
    questions,
    startup::app::{App, AppSettings},
    startup::defaults,
};

/// Options from the command line, which override the settings.
#[derive(Debug, Clone, Copy)]
pub struct ServeOptions {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the metrics are served; `None`: nothing is counted.
    pub metrics_listen: Option<SocketAddr>,
    /// Whether this process evaluates answers too.
    pub worker: bool,
}

/// Serves until a signal to stop, then finishes work in progress.
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
        sign_in_limits: config.limits.sign_in_limits,
        is_open: config.limits.is_open,
        worker: options.worker.then(|| worker_settings(&config)),
        ..defaults::app_settings(config.model.as_ref())
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

/// Returns the key from the settings, or else the one stored beside the database. Processes that
/// share a PostgreSQL database must share the key too, so there it must be set.
fn signing_key(config: &Config) -> Result<SigningKey> {
    match (&config.auth.secret_key, &config.database.place) {
        (Some(key), _) => Ok(key.clone()),
        (None, DatabaseLocation::Postgres(_)) => anyhow::bail!(
            "SECRET_KEY is not set. PostgreSQL needs one, the same for every process: at least \
             {MIN_BYTES} bytes; `openssl rand -hex 32` makes one"
        ),
        (None, DatabaseLocation::Sqlite(_)) => {
            let folder = &config.data_folder;
            make_private_folder(folder)
                .with_context(|| format!("cannot create the data folder {}", folder.display()))?;
            Ok(SigningKey::load_or_create(&folder.join(KEY_FILE))?)
        }
    }
}
