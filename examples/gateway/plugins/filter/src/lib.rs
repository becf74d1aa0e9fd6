//! The gateway's filter: refuses requests, and changes their headers, by rules.
//!
//! Its section in the configuration holds one `rule` or more, which are applied from top to bottom:
//!
//! ```text
//! [filter]
//! rule = deny path ^/admin
//! rule = deny header user-agent ^BadBot
//! rule = remove header x-internal
//! rule = set header x-engraft-filter passed
//! ```

mod rule;

use gateway_api::{BoxError, BoxFuture, Config, Create, Request, Stage, Verdict};
use http::StatusCode;
use rule::{Effect, Rule};
use tracing::{debug, info};

// shown: signature
// A signature that the host doesn't look for is an error here, not when the gateway starts.
const _: Create = create;
// shown: end

/// Makes the filter from the rules of its section.
#[engraft::export]
pub fn create(config: &Config) -> Result<Box<dyn Stage>, BoxError> {
    config.only(&["rule"])?;
    let rules = config
        .all("rule")
        .map(|setting| setting.value.parse().map_err(|why| config.wrong(setting, why)))
        .collect::<Result<Vec<Rule>, _>>()?;
    if rules.is_empty() {
        // It would let everything pass, which nobody writes a filter for.
        return Err(config.lacks("a `rule`").into());
    }
    info!(rules = rules.len(), "ready");
    Ok(Box::new(Filter { name: config.stage().to_owned(), rules }))
}

struct Filter {
    name: String,
    rules: Vec<Rule>,
}

impl Filter {
    fn judge(&self, request: &mut Request) -> Verdict {
        for rule in &self.rules {
            match rule.apply(request) {
                Effect::None => {}
                Effect::Changed => debug!(path = request.uri.path(), %rule, "changed"),
                Effect::Denied => {
                    info!(path = request.uri.path(), %rule, "denied");
                    // The rule is not the client's business.
                    return Verdict::Answer { status: StatusCode::FORBIDDEN, body: "forbidden\n".into() };
                }
            }
        }
        Verdict::Continue
    }
}

impl Stage for Filter {
    fn name(&self) -> &str {
        &self.name
    }

    fn on_request<'a>(&'a self, request: &'a mut Request) -> BoxFuture<'a, Verdict> {
        Box::pin(async move { self.judge(request) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_api::Setting;

    fn config(lines: &[(&str, &str)]) -> Config {
        let setting = |(i, (key, value)): (usize, &(&str, &str))| Setting { key: (*key).into(), value: (*value).into(), line: i + 1 };
        Config::new("filter", "gateway.conf", lines.iter().enumerate().map(setting).collect())
    }

    #[test]
    fn a_section_that_cant_be_used_is_refused_with_its_line() {
        let cases = [
            (&[][..], "gateway.conf: section [filter] lacks a `rule`"),
            (&[("rule", "deny path ^/a"), ("rules", "")], "gateway.conf:2: unknown key `rules`; known here: `rule`"),
            (&[("rule", "allow path ^/a")], "gateway.conf:1: `allow path ^/a` is no rule"),
        ];
        for (lines, want) in cases {
            let error = create(&config(lines)).err().expect("it is refused").to_string();
            assert!(error.starts_with(want), "{error}");
        }
    }

    #[test]
    fn rules_are_applied_from_top_to_bottom_until_one_denies() {
        let rules = ["set header x-a 1", "deny header x-a 1", "set header x-b 1"];
        let filter = Filter { name: "filter".into(), rules: rules.map(|rule| rule.parse().unwrap()).into() };
        let mut request = Request::default();
        let verdict = filter.judge(&mut request);
        assert!(matches!(verdict, Verdict::Answer { status: StatusCode::FORBIDDEN, .. }));
        assert!(request.headers.contains_key("x-a") && !request.headers.contains_key("x-b"));
    }
}
