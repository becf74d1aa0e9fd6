//! A real browser without a window, led through chromedriver (<https://www.w3.org/TR/webdriver2/>).

use crate::{skipped, tool};
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use tempfile::TempDir;

/// A browser with one page.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

/// Keys by the numbers that the protocol has for them.
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";
pub const ESCAPE: &str = "\u{e00c}";
pub const RIGHT: &str = "\u{e014}";
pub const LEFT: &str = "\u{e012}";

/// Without a window, without a sandbox of its own (which root has none of), and without looking for news on its own.
const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1500,1000",
];

impl Browser {
    /// Starts it; none where there is none, which was told then.
    pub fn start() -> Option<Self> {
        let mut driver = tool::clean("chromedriver");
        let Ok(mut driver) = driver.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            skipped::tell("there is no chromedriver: apt-get install chromium chromium-driver");
            return None;
        };
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines().map(|line| line.unwrap());
        let port = lines.find_map(|line| line.strip_suffix('.')?.split_once(" successfully on port ")?.1.parse().ok());
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self { driver, port: port.expect("chromedriver tells its port"), session: String::new(), _profile: profile };
        let directory = format!("--user-data-dir={}", browser._profile.path().display());
        let arguments: Vec<&str> = ARGUMENTS.into_iter().chain([directory.as_str()]).collect();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let session = browser.call("POST", "/session", &wanted);
        browser.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    /// Shows a file.
    pub fn show(&self, file: &Path) {
        self.post("/url", &json!({ "url": format!("file://{}", file.display()) }));
    }

    /// What a function with this body returns.
    pub fn run(&self, body: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": body, "args": [] }))
    }

    /// Waits until this holds, for which the page is asked with every frame that it draws.
    pub fn wait_until(&self, condition: &str) {
        let body = format!("const done = arguments[0]; const ask = () => ({condition}) ? done(true) : requestAnimationFrame(ask); ask();");
        self.post("/execute/async", &json!({ "script": body, "args": [] }));
    }

    /// Presses keys one after the other.
    pub fn press(&self, keys: &str) {
        let strokes: Vec<Value> =
            keys.chars().flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }))).collect();
        self.post("/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] }));
    }

    /// What was written into a log since it was last read.
    pub fn log(&self, kind: &str) -> Vec<Value> {
        self.post("/se/log", &json!({ "type": kind })).as_array().unwrap().clone()
    }

    /// A command of the browser's own protocol.
    pub fn command(&self, name: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": name, "params": parameters }))
    }

    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Value {
        self.call("POST", &format!("{}{path}", self.session), body)
    }

    #[track_caller]
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut answer = self.ask(method, path, body).unwrap();
        assert!(answer["value"]["error"].is_null(), "{method} {path} {body}: {answer:#}");
        answer["value"].take()
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> io::Result<Value> {
        let body = body.to_string();
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes())?;
        let mut answer = BufReader::new(stream);
        let mut len = 0;
        for line in answer.by_ref().lines() {
            let line = line?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                len = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        let mut text = vec![0; len];
        answer.read_exact(&mut text)?;
        Ok(serde_json::from_slice(&text)?)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser goes with its session, as far as there is one; also from a test that fails, in which more failures say nothing.
        if !self.session.is_empty() {
            let _ = self.ask("DELETE", &self.session, &json!({}));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
