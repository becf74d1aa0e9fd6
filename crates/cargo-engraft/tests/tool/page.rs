//! Tests the page of `cargo engraft graph --format html` in a real browser.

use crate::browser::{Browser, ENTER, ESCAPE, LEFT, RIGHT, TAB};
use crate::graph::{MARKUP, PICTURES};
use serde_json::{Value, json};
use std::fs;
use tempfile::TempDir;

/// Opens the page. Returns the browser and the directory with page and picture; none if there is no browser.
fn page() -> Option<(Browser, TempDir)> {
    let browser = Browser::start()?;
    let directory = tempfile::tempdir().unwrap();
    for (format, text) in [("html", &PICTURES.html), ("svg", &PICTURES.svg)] {
        fs::write(directory.path().join(format!("picture.{format}")), text).unwrap();
    }
    browser.show(&directory.path().join("picture.html"));
    Some((browser, directory))
}

/// The focused element: its id, its label or its text.
fn focused(browser: &Browser) -> String {
    let name = "const at = document.activeElement; return at.id || at.getAttribute('aria-label') || at.textContent;";
    browser.run(name).as_str().unwrap().to_owned()
}

#[test]
fn page_has_no_errors_and_loads_nothing() {
    let Some((browser, directory)) = page() else { return };
    browser.wait_until("document.getElementById('shown').textContent.includes(' of ')");
    let errors: Vec<Value> = browser.log("browser");
    assert_eq!(errors, Vec::<Value>::new());
    let messages: Vec<Value> =
        browser.log("performance").iter().map(|entry| serde_json::from_str(entry["message"].as_str().unwrap()).unwrap()).collect();
    let requested = |message: &Value| {
        let is_request = message["message"]["method"] == "Network.requestWillBeSent";
        is_request.then(|| message["message"]["params"]["request"]["url"].as_str().unwrap().to_owned())
    };
    // Skip the requests of the browser's start page.
    let page = format!("file://{}", directory.path().join("picture.html").display());
    let mut urls: Vec<String> = messages.iter().filter_map(requested).skip_while(|url| *url != page).collect();
    urls.retain(|url| !url.starts_with("data:"));
    assert_eq!(urls, [page]);
}

#[test]
fn page_shows_names_from_files_as_text() {
    let Some((browser, directory)) = page() else { return };
    let found = browser.run(
        "return [typeof window.bad, document.scripts.length, document.images.length,
            [...document.querySelectorAll('h2')].filter((name) => name.textContent.includes('<script>')).length]",
    );
    assert_eq!(found, json!(["undefined", 1, 0, 1]));
    // The SVG file must be well-formed XML.
    browser.show(&directory.path().join("picture.svg"));
    let found = browser.run("return [document.documentElement.nodeName, document.querySelectorAll('parsererror, script').length]");
    assert_eq!(found, json!(["svg", 0]));
    assert!(browser.run("return document.documentElement.textContent").as_str().unwrap().contains(MARKUP));
}

#[test]
fn packages_can_be_filtered_and_selected_by_keyboard() {
    let Some((browser, _directory)) = page() else { return };
    browser.press(&TAB.repeat(2));
    assert_eq!(focused(&browser), "filter");
    browser.press("RUL");
    browser.wait_until("document.getElementById('shown').textContent.startsWith('2 of ')");
    let left = "return [[...document.querySelectorAll('.packages li')].filter((name) => name.checkVisibility()).map((name) => name.dataset.package),
        [...document.querySelectorAll('svg a.tile:not(.off)')].map((tile) => tile.dataset.package)]";
    // There are two packages because one plugin was built with another API, and a tile in each of three plugins.
    assert_eq!(browser.run(left), json!([["rules 0.1.0", "rules 0.1.0"], ["rules 0.1.0", "rules 0.1.0", "rules 0.1.0"]]));
    browser.press(TAB);
    let first = focused(&browser);
    let is = |label: &str, end: &str| label.starts_with("rules 0.1.0 (") && label.contains(end);
    assert!(is(&first, "…), shared in one (one.so), "), "{first}");
    browser.press(RIGHT);
    let second = focused(&browser);
    assert!(is(&second, "…), shared in two, "), "{second}");
    browser.press(LEFT);
    assert_eq!(focused(&browser), first);

    browser.press(ENTER);
    browser.wait_until("document.activeElement.matches('article:target h2')");
    let details =
        browser.run("return [...document.querySelectorAll('article')].filter((one) => one.checkVisibility()).map((one) => one.innerText)");
    let [details] = details.as_array().unwrap().as_slice() else { panic!("{details}") };
    for text in ["rules 0.1.0", "one (one.so): shared", "two: shared", "Hash", "Features", "src/lib.rs", "api 0.1.0"] {
        assert!(details.as_str().unwrap().contains(text), "{text}: {details}");
    }
    browser.press(ESCAPE);
    browser.wait_until("!document.querySelector('article:target')");
    assert_eq!(focused(&browser), first);

    // In the filter field Escape clears the text, and all packages are visible again.
    browser.run("document.getElementById('filter').focus()");
    browser.press(ESCAPE);
    assert_eq!(browser.run("return document.querySelectorAll('svg a.tile.off, .packages li[hidden]').length"), 0);
    assert_eq!(browser.log("browser"), Vec::<Value>::new());
}

/// The accessibility tree, as a screen reader gets it.
#[test]
fn focusable_elements_have_accessible_names() {
    let Some((browser, _directory)) = page() else { return };
    let tree = browser.command("Accessibility.getFullAXTree", &json!({}));
    let nodes: Vec<&Value> = tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] == false).collect();
    let role = |node: &Value| node["role"]["value"].as_str().unwrap_or_default().to_owned();
    let name = |node: &Value| node["name"]["value"].as_str().unwrap_or_default().to_owned();
    let is = |wanted: &str, called: &str| nodes.iter().any(|node| role(node) == wanted && name(node).contains(called));
    for (wanted, called) in [
        ("heading", "host with 5 plugins, 2 of which would be refused"),
        ("searchbox", "Filter by package"),
        ("link", "…), conflicting in one (wrong.so)"),
        ("heading", "one (wrong.so) would be refused: E01"),
        ("region", "Conflicts"),
    ] {
        assert!(is(wanted, called), "{wanted} {called}: {:#?}", nodes.iter().map(|node| (role(node), name(node))).collect::<Vec<_>>());
    }
    let chosen = |node: &&&Value| ["link", "button", "searchbox", "textbox"].contains(&role(node).as_str());
    let nameless = nodes.iter().filter(chosen).filter(|node| name(node).trim().is_empty()).count();
    assert_eq!(nameless, 0);
}

/// WCAG 2.1, 1.4.3: 4.5 to 1.
#[test]
fn text_contrast_is_sufficient_in_both_color_schemes() {
    let Some((browser, _directory)) = page() else { return };
    let grounds: Vec<Value> = ["light", "dark"]
        .iter()
        .map(|scheme| {
            browser.command("Emulation.setEmulatedMedia", &json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }));
            let worst = browser.run(
                "const luminance = (color) => {
                    const [r, g, b] = color.match(/[0-9.]+/g).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                };
                const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
                const style = (element) => getComputedStyle(element);
                const ground = style(document.body).backgroundColor;
                const on = (text, rect) => contrast(style(text).fill, style(rect).fill);
                const tiles = [...document.querySelectorAll('svg .tile')].flatMap((tile) =>
                    [...tile.querySelectorAll('text')].map((text) => on(text, tile.querySelector('rect'))));
                const around = [...document.querySelectorAll('svg .file > text')].map((text) => contrast(style(text).fill, ground));
                const page = [...document.querySelectorAll('h1, h2, p, a, dt, label')].map((text) => contrast(style(text).color, ground));
                return [Math.min(...tiles, ...around, ...page), tiles.length, ground];",
            );
            assert!(worst[0].as_f64().unwrap() >= 4.5 && worst[1].as_u64().unwrap() > 10, "{scheme}: {worst}");
            worst[2].clone()
        })
        .collect();
    assert_ne!(grounds[0], grounds[1]);
}
