//! Between requests and the disk: a bounded queue, and the one task that writes what is in it.

use crate::{database::Database, row::Row};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, spawn_blocking};
use tracing::{debug, error};

/// Rows of one transaction: more would keep a waiting `flush` longer than it saves.
const BATCH: usize = 256;

/// The end of the queue that requests see.
pub(crate) struct Queue {
    messages: mpsc::Sender<Message>,
}

enum Message {
    Row(Row),
    Flush(oneshot::Sender<Result<(), String>>),
}

impl Queue {
    // shown: task
    /// Starts the writer on the runtime of the caller, which is the host's. It ends with the queue.
    pub(crate) fn start(database: Database, length: usize) -> Self {
        let (messages, queue) = mpsc::channel(length);
        tokio::spawn(async {
            if let Err(error) = write(queue, database).await {
                error!(%error, "the writer has ended");
            }
        });
        Self { messages }
    }
    // shown: end

    /// Waits only if the queue is full: then the disk sets the pace, and no row is dropped.
    pub(crate) async fn put(&self, row: Row) {
        if let Err(lost) = self.messages.send(Message::Row(row)).await
            && let Message::Row(row) = lost.0
        {
            error!(target = row.target, "not written: the writer has ended");
        }
    }

    /// Waits until everything that was put before is written; says what was lost since the last time.
    pub(crate) async fn flush(&self) -> Result<(), String> {
        let (answer, answered) = oneshot::channel();
        // If the writer has ended the message is dropped, and `answer` with it.
        let _ = self.messages.send(Message::Flush(answer)).await;
        answered.await.unwrap_or_else(|_| Err("the writer has ended".into()))
    }
}

async fn write(mut queue: mpsc::Receiver<Message>, mut database: Database) -> Result<Database, JoinError> {
    let mut messages = Vec::new();
    let mut lost = Lost::default();
    while queue.recv_many(&mut messages, BATCH).await > 0 {
        let mut rows = Vec::new();
        let mut flushes = Vec::new();
        for message in messages.drain(..) {
            match message {
                Message::Row(row) => rows.push(row),
                Message::Flush(answer) => flushes.push(answer),
            }
        }
        let count = rows.len();
        if count > 0 {
            let result;
            // On a thread that may wait for the disk: the ones that serve requests may not.
            (database, result) = spawn_blocking(move || {
                let result = database.insert(&rows);
                (database, result)
            })
            .await?;
            match result {
                Ok(()) => debug!(rows = count, "written"),
                Err(error) => {
                    error!(%error, rows = count, "not written");
                    lost.add(count, &error);
                }
            }
        }
        for answer in flushes {
            // Whoever asked may have stopped waiting.
            let _ = answer.send(lost.report());
        }
    }
    Ok(database)
}

/// Rows that could not be written, until somebody asks.
#[derive(Default)]
struct Lost {
    rows: usize,
    why: String,
}

impl Lost {
    fn add(&mut self, rows: usize, why: &rusqlite::Error) {
        self.rows += rows;
        self.why = why.to_string();
    }

    fn report(&mut self) -> Result<(), String> {
        match std::mem::take(self) {
            Self { rows: 0, .. } => Ok(()),
            Self { rows, why } => Err(format!("requests not written: {rows}: {why}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::tests::row;

    fn run<T>(test: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test)
    }

    #[test]
    fn everything_that_was_put_is_written_in_order() {
        run(async {
            // Shorter than the number of rows, so `put` has to wait for the writer too.
            let (messages, receiver) = mpsc::channel(8);
            let writer = tokio::spawn(write(receiver, Database::in_memory()));
            let queue = Queue { messages };
            let rows: Vec<Row> = (0..1000).map(|i| row(&format!("/{i}"))).collect();
            for row in &rows {
                queue.put(row.clone()).await;
            }
            queue.flush().await.unwrap();
            drop(queue);
            assert_eq!(writer.await.unwrap().unwrap().rows(), rows);
        });
    }

    #[test]
    fn a_flush_says_once_what_was_lost() {
        run(async {
            let database = Database::in_memory();
            database.refuse("/bad");
            let queue = Queue::start(database, 8);
            queue.put(row("/bad")).await;
            let error = queue.flush().await.unwrap_err();
            assert_eq!(error, "requests not written: 1: the disk is full");
            queue.put(row("/good")).await;
            assert_eq!(queue.flush().await, Ok(()));
        });
    }

    #[test]
    fn a_writer_that_has_ended_is_an_error_and_no_hang() {
        run(async {
            let (messages, receiver) = mpsc::channel(1);
            drop(receiver);
            let queue = Queue { messages };
            queue.put(row("/")).await;
            assert_eq!(queue.flush().await, Err("the writer has ended".into()));
        });
    }
}
