//! A region of a file that README or the book shows: what stands between a line `// shown: name` and the
//! next `// shown: end`, without the indentation that all of it has. `#` serves where it is the comment sign.

/// The mark that was looked for and not found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Missing(pub(super) String);

/// The lines of the region `name` of `text`.
pub(super) fn region<'a>(text: &'a str, name: &str) -> Result<Vec<&'a str>, Missing> {
    let missing = |name: &str| Missing(format!("// shown: {name}"));
    let mut lines = text.lines();
    lines.find(|line| mark(line) == Some(name)).ok_or_else(|| missing(name))?;
    let mut found = Vec::new();
    for line in lines {
        if mark(line) == Some("end") {
            return Ok(unindented(&found));
        }
        found.push(line);
    }
    Err(missing("end"))
}

fn mark(line: &str) -> Option<&str> {
    let comment = line.trim_start();
    let comment = comment.strip_prefix("//").or_else(|| comment.strip_prefix('#'))?;
    Some(comment.trim_start().strip_prefix("shown:")?.trim())
}

fn unindented<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let indentation = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(indentation).min().unwrap_or(0);
    // A blank line may be shorter than what is taken off.
    lines.iter().map(|line| line.get(common..).unwrap_or("")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_loses_its_common_indentation() {
        let text = "a\n    // shown: x\n    b\n\n        c\n    // shown: end\nd\n";
        assert_eq!(region(text, "x"), Ok(vec!["b", "", "    c"]));
    }

    #[test]
    fn toml_marks_its_regions_too() {
        let text = "# shown: x\nplugin = true\n# shown: end\n";
        assert_eq!(region(text, "x"), Ok(vec!["plugin = true"]));
    }

    #[test]
    fn a_name_is_the_whole_name() {
        let text = "// shown: x2\nb\n// shown: end\n";
        assert_eq!(region(text, "x"), Err(Missing("// shown: x".to_owned())));
    }

    #[test]
    fn a_region_must_end() {
        let text = "// shown: x\nb\n";
        assert_eq!(region(text, "x"), Err(Missing("// shown: end".to_owned())));
    }
}
