//! Sets of paths, written as short as a rule's table wants them.

/// Whether `path` is one of `pattern`: `*` stands for one directory or file name,
/// a last `**` for everything below.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let mut names = path.split('/');
    for part in pattern.split('/') {
        match (part, names.next()) {
            (_, None) => return false,
            ("**", Some(_)) => return true,
            (part, Some(name)) if part == "*" || part == name => {}
            _ => return false,
        }
    }
    names.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_one_name_or_for_all_below() {
        let cases = [
            ("a/b.rs", "a/b.rs", true),
            ("a/b.rs", "a/b.rs.bak", false),
            ("a/*/c.rs", "a/b/c.rs", true),
            ("a/*/c.rs", "a/b/b/c.rs", false),
            ("a/**", "a/b/c.rs", true),
            ("a/**", "a", false),
            ("a/**", "ab/c.rs", false),
            ("a", "a/b.rs", false),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(matches(pattern, path), expected, "{pattern} on {path}");
        }
    }
}
