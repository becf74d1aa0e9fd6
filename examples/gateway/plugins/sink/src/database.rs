//! The SQLite database: one table, to which rows are only added.

use crate::row::Row;
use rusqlite::{Connection, Result, params};
use std::path::Path;

/// An open database that has the table.
pub(crate) struct Database {
    connection: Connection,
}

impl Database {
    /// Opens the file, and makes it if it is not there.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Self::prepare(Connection::open(path)?)
    }

    fn prepare(connection: Connection) -> Result<Self> {
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS requests (
                 id          INTEGER PRIMARY KEY,
                 received_ms INTEGER NOT NULL,
                 method      TEXT NOT NULL,
                 target      TEXT NOT NULL,
                 user_agent  TEXT
             ) STRICT",
        )?;
        Ok(Self { connection })
    }

    /// Adds all rows, or none: one transaction, so the disk is waited for once.
    pub(crate) fn insert(&mut self, rows: &[Row]) -> Result<()> {
        let transaction = self.connection.transaction()?;
        let mut insert = transaction.prepare("INSERT INTO requests (received_ms, method, target, user_agent) VALUES (?1, ?2, ?3, ?4)")?;
        for row in rows {
            insert.execute(params![row.received_ms, row.method, row.target, row.user_agent])?;
        }
        drop(insert);
        transaction.commit()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    impl Database {
        /// One that is gone with the test.
        pub(crate) fn in_memory() -> Self {
            Self::prepare(Connection::open_in_memory().unwrap()).unwrap()
        }

        /// Makes every further row with this target fail, as a full disk would.
        pub(crate) fn refuse(&self, target: &str) {
            let trigger = format!(
                "CREATE TRIGGER refuse BEFORE INSERT ON requests WHEN NEW.target = '{target}'
                 BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            );
            self.connection.execute_batch(&trigger).unwrap();
        }

        pub(crate) fn rows(&self) -> Vec<Row> {
            let mut select = self.connection.prepare("SELECT received_ms, method, target, user_agent FROM requests ORDER BY id").unwrap();
            let rows = select.query_map([], |row| {
                Ok(Row { received_ms: row.get(0)?, method: row.get(1)?, target: row.get(2)?, user_agent: row.get(3)? })
            });
            rows.unwrap().map(Result::unwrap).collect()
        }
    }

    pub(crate) fn row(target: &str) -> Row {
        Row { received_ms: 1, method: "GET".into(), target: target.into(), user_agent: None }
    }

    #[test]
    fn rows_come_back_as_they_went_in() {
        let mut database = Database::in_memory();
        let rows = [row("/a"), Row { user_agent: Some("it's \"quoted\"".into()), ..row("/b") }];
        database.insert(&rows).unwrap();
        database.insert(&[row("/c")]).unwrap();
        assert_eq!(database.rows(), [&rows[..], &[row("/c")]].concat());
    }

    #[test]
    fn rows_are_added_together_or_not_at_all() {
        let mut database = Database::in_memory();
        database.refuse("/b");
        let error = database.insert(&[row("/a"), row("/b")]).unwrap_err();
        assert_eq!(error.to_string(), "the disk is full");
        assert_eq!(database.rows(), []);
    }
}
