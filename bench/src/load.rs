//! Makes calls for a given time.

use std::time::Duration;

use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

use crate::{
    Result,
    figures::{Call, Measured, Meter},
    operation::Mix,
    people::People,
    process::Watched,
};

/// Which calls to make, and for how long.
pub(crate) struct Load<'m> {
    pub(crate) mix: &'m Mix,
    /// Calls a second, however long they take (an open loop). Without a rate, each connection makes
    /// its next call when the previous one has ended (a closed loop).
    pub(crate) rate: Option<f64>,
    pub(crate) warm_up: Duration,
    pub(crate) length: Duration,
}

impl Load<'_> {
    pub(crate) async fn measure(&self, people: &People, watched: Watched) -> Result<Measured> {
        self.go_on(people, self.warm_up).await?;
        let (meter, began) = (Meter::start(watched), Instant::now());
        let calls = self.go_on(people, self.length).await?;
        Ok(meter.stop(calls, began.elapsed()))
    }

    async fn go_on(&self, people: &People, length: Duration) -> Result<Vec<Call>> {
        match self.rate {
            None => self.closed(people, length).await,
            Some(rate) => self.open(people, length, rate).await,
        }
    }

    async fn closed(&self, people: &People, length: Duration) -> Result<Vec<Call>> {
        let until = Instant::now() + length;
        let mut callers = JoinSet::new();
        for _ in 0..people.connections() {
            let (people, mix) = (people.clone(), self.mix.clone());
            callers.spawn(async move {
                let mut calls = Vec::new();
                while Instant::now() < until {
                    calls.push(call(&people, &mix, Instant::now()).await);
                }
                calls
            });
        }
        Ok(callers.join_all().await.concat())
    }

    /// A call's time counts from its scheduled start, so that a server that stalls is charged for
    /// all calls that are due meanwhile.
    async fn open(&self, people: &People, length: Duration, rate: f64) -> Result<Vec<Call>> {
        let (began, gap) = (Instant::now(), Duration::try_from_secs_f64(1.0 / rate)?);
        let mut calls = JoinSet::new();
        let mut due = began;
        while due < began + length {
            sleep_until(due).await;
            let (people, mix) = (people.clone(), self.mix.clone());
            calls.spawn(async move { call(&people, &mix, due).await });
            due += gap;
        }
        Ok(calls.join_all().await)
    }
}

async fn call(people: &People, mix: &Mix, due: Instant) -> Call {
    let operation = mix.choose();
    let code = people.call(operation).await;
    Call { operation, took: due.elapsed(), code }
}
