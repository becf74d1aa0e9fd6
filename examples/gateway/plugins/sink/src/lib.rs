//! The gateway's sink: every request that reaches it becomes a row of an SQLite database.
//!
//! ```text
//! [sink]
//! # From the configuration file's own folder.
//! database = requests.db
//! # Rows that may wait for the disk.
//! queue = 1024
//! ```
//!
//! A request is only put into a queue; a task on the host's own runtime writes what is queued.

mod database;
mod row;
mod writer;

use database::Database;
use gateway_api::{BoxError, BoxFuture, Config, ConfigError, Create, Request, Stage, Verdict};
use row::Row;
use std::num::NonZeroUsize;
use tracing::info;
use writer::Queue;

// A signature that the host doesn't look for is an error here, not when the gateway starts.
const _: Create = create;

/// Opens the database and starts its writer.
#[engraft::export]
pub fn create(config: &Config) -> Result<Box<dyn Stage>, BoxError> {
    config.only(&["database", "queue"])?;
    let setting = config.one("database")?.ok_or_else(|| config.lacks("`database`"))?;
    let path = config.beside(&setting.value);
    let database = Database::open(&path).map_err(|error| config.wrong(setting, format_args!("{}: {error}", path.display())))?;
    let queue = Queue::start(database, queue_length(config)?.get());
    info!(database = %path.display(), "ready");
    Ok(Box::new(Sink { name: config.stage().to_owned(), queue }))
}

fn queue_length(config: &Config) -> Result<NonZeroUsize, ConfigError> {
    const DEFAULT: NonZeroUsize = NonZeroUsize::new(1024).unwrap();
    // A queue allocates as it fills, so the limit only stops what can't be meant.
    const LIMIT: usize = 1 << 24;
    match config.one("queue")? {
        None => Ok(DEFAULT),
        Some(setting) => match setting.value.parse::<NonZeroUsize>() {
            Ok(length) if length.get() <= LIMIT => Ok(length),
            _ => Err(config.wrong(setting, format_args!("`queue` is a number from 1 to {LIMIT}"))),
        },
    }
}

struct Sink {
    name: String,
    queue: Queue,
}

impl Stage for Sink {
    fn name(&self) -> &str {
        &self.name
    }

    fn on_request<'a>(&'a self, request: &'a mut Request) -> BoxFuture<'a, Verdict> {
        Box::pin(async move {
            self.queue.put(Row::of(request)).await;
            Verdict::Continue
        })
    }

    fn flush(&self) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async { Ok(self.queue.flush().await?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_api::Setting;

    #[test]
    fn how_long_the_queue_may_be() {
        let cases = [(None, Some(1024)), (Some("1"), Some(1)), (Some("0"), None), (Some("16777217"), None), (Some("many"), None)];
        for (value, want) in cases {
            let setting = |value: &str| Setting { key: "queue".into(), value: value.into(), line: 1 };
            let config = Config::new("sink", "gateway.conf", value.map(setting).into_iter().collect());
            assert_eq!(queue_length(&config).ok().map(NonZeroUsize::get), want, "{value:?}");
        }
    }
}
