//! The gateway as its users meet it: a process, its log, HTTP, and the database that it leaves.

mod gateway;
mod http;
mod signed;

use gateway::Gateway;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, thread};

const RULES: &str = "\
[filter]
rule = deny path ^/admin
rule = deny header user-agent ^BadBot
rule = remove header x-internal
rule = set header x-engraft-filter passed
";

const SINK: &str = "\
[sink]
database = requests.db
";

/// A folder for one test, empty when it starts and left behind for whoever looks into a failure.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gateway").join(test);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the last run's folder can be removed");
    }
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// The targets of all rows, in the order in which they were written.
fn targets(folder: &Path) -> Vec<String> {
    let database = Connection::open(folder.join("requests.db")).expect("the database opens");
    let mut select = database.prepare("SELECT target FROM requests ORDER BY id").expect("the table is there");
    let rows = select.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

#[test]
fn the_upstream_sees_what_the_filter_made_of_a_request() {
    let folder = folder("filtered");
    // The configuration that the example ships, but for the port, which somebody else may hold.
    let shipped = include_str!("../../../gateway.conf").replace("127.0.0.1:8080", "127.0.0.1:0");
    let gateway = Gateway::start(&folder, &shipped);
    let headers = [("user-agent", "GoodBot"), ("x-internal", "1"), ("x-engraft-filter", "forged")];
    let answer = http::request(gateway.address, "PATCH", "/orders?id=7", &headers);
    assert_eq!(answer.status, 200, "{answer:?}");
    let seen: serde_json::Value = serde_json::from_str(&answer.body).expect("the upstream answers JSON");
    assert_eq!((&seen["method"], &seen["path"], &seen["query"]), (&"PATCH".into(), &"/orders".into(), &"id=7".into()));
    assert_eq!(seen["headers"]["x-engraft-filter"], "passed");
    assert_eq!(seen["headers"]["user-agent"], "GoodBot");
    assert_eq!(seen["headers"].get("x-internal"), None);
    gateway.stop();
}

#[test]
fn the_filter_refuses_by_path_and_by_header() {
    let folder = folder("refused");
    let gateway = Gateway::start(&folder, &format!("stages = filter, sink\n{RULES}{SINK}"));
    let cases: [(&str, &str, u16); 5] = [
        ("/admin/users", "curl", 403),
        ("/%61dmin", "curl", 403),
        ("/", "BadBot/2", 403),
        ("/public/admin", "curl", 200),
        ("/", "NotABadBot", 200),
    ];
    for (path, agent, status) in cases {
        let answer = http::request(gateway.address, "GET", path, &[("user-agent", agent)]);
        assert_eq!(answer.status, status, "{path} by {agent}: {answer:?}");
        if status == 403 {
            assert_eq!(answer.body, "forbidden\n");
        }
    }
    gateway.stop();
    // The sink stands behind the filter: what was refused never reached it.
    assert_eq!(targets(&folder), ["/public/admin", "/"]);
}

#[test]
fn a_sink_before_the_filter_sees_refused_requests_too() {
    let folder = folder("order");
    let gateway = Gateway::start(&folder, &format!("stages = sink, filter\n{RULES}{SINK}"));
    assert_eq!(http::request(gateway.address, "GET", "/admin", &[]).status, 403);
    gateway.stop();
    assert_eq!(targets(&folder), ["/admin"]);
}

#[test]
fn concurrent_requests_are_all_answered_and_all_written_before_the_end() {
    const CLIENTS: usize = 16;
    const REQUESTS: usize = 16;
    let folder = folder("concurrent");
    // A queue shorter than the number of clients, so that requests also meet a full one.
    let gateway = Gateway::start(&folder, &format!("stages = filter, sink\n{RULES}{SINK}queue = 4\n"));
    let address = gateway.address;
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            scope.spawn(move || {
                for request in 0..REQUESTS {
                    let path = format!("/{client}/{request}");
                    let answer = http::request(address, "GET", &path, &[]);
                    assert_eq!(answer.status, 200, "{answer:?}");
                    assert!(answer.body.contains(&format!("\"{path}\"")), "another's answer: {answer:?}");
                }
            });
        }
    });
    // At once, while rows are still queued: that all are there afterwards is what `flush` is for.
    gateway.stop();
    let written = targets(&folder);
    let all = (0..CLIENTS).flat_map(|client| (0..REQUESTS).map(move |request| format!("/{client}/{request}")));
    assert_eq!(written.len(), CLIENTS * REQUESTS);
    assert_eq!(written.into_iter().collect::<BTreeSet<_>>(), all.collect());
}

#[test]
fn plugins_log_through_the_host_and_run_on_its_threads() {
    let folder = folder("log");
    let mut gateway = Gateway::start(&folder, &format!("log = debug\nstages = filter, sink\n{RULES}{SINK}"));
    gateway.log_line(&[" INFO ", " filter: ready", "rules=4"]);
    gateway.log_line(&[" INFO ", " sink: ready", "requests.db"]);
    assert_eq!(http::request(gateway.address, "GET", "/admin", &[]).status, 403);
    gateway.log_line(&[" INFO ", "gateway-worker", " filter: denied", "path=\"/admin\"", "rule=deny path ^/admin"]);
    assert_eq!(http::request(gateway.address, "GET", "/", &[]).status, 200);
    // From the task that the sink spawned: on a thread of the runtime that the host made and named.
    gateway.log_line(&["DEBUG ", "gateway-worker", " sink::writer: written", "rows=1"]);
    let log = gateway.stop();
    assert!(log.iter().any(|line| line.contains(" gateway::server: stopped")), "{log:#?}");
}

#[test]
fn a_configuration_that_cant_be_used_is_refused_in_words() {
    let cases = [
        ("rule", "stages = filter\n[filter]\nrule = deny path (\n", &["gateway.conf:3:", "regex parse error"][..]),
        ("database", "stages = sink\n[sink]\ndatabase = no/such/folder.db\n", &["gateway.conf:3:", "folder.db", "unable to open"]),
        ("plugin", "stages = nosuch\n", &["plugins/nosuch.so"]),
    ];
    for (test, configuration, wants) in cases {
        let error = gateway::refused(&folder(test), configuration);
        for want in wants {
            assert!(error.contains(want), "`{want}` is missing in:\n{error}");
        }
    }
}
