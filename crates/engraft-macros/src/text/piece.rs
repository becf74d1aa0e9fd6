//! Tokens to pieces: each a text that stays together, with the role that decides its spacing.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// What a piece is to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A name or a literal.
    Word,
    /// A keyword behind which a new type or expression begins (`mut`, `dyn`, …).
    Keyword,
    /// `'a`.
    Lifetime,
    /// An operator before its only operand: `&`, `*`, `-`, `?`, `!`, `#`.
    Prefix,
    /// An operator between two operands, and `->`.
    Infix,
    /// `::`.
    PathSeparator,
    /// Close on both sides: `.`, `..`, the `!` of a macro call.
    Tight,
    /// `,`, `;` and `:`.
    Separator,
    /// `<`.
    AngleOpen,
    /// `>`.
    AngleClose,
    /// The `>` of `for<…>`, behind which a type begins.
    BinderClose,
    /// `(` and `[`.
    Open,
    /// `)` and `]`.
    Close,
    /// `{`.
    BraceOpen,
    /// `}`.
    BraceClose,
}

/// A text that stays together.
#[derive(Debug)]
pub(crate) struct Piece {
    /// What is printed.
    pub(crate) text: String,
    /// How it is spaced.
    pub(crate) role: Role,
}

/// Operators of several characters; `>>` and `>=` are left out because generics end in them.
const OPERATORS: [&str; 10] = ["...", "..=", "::", "->", "=>", "==", "!=", "..", "||", "<="];

/// Keywords behind which a new type or expression begins. `fn`, `pub` and `for` are followed by
/// their brackets, and `self`, `super`, `crate` are parts of paths: those are words.
const KEYWORDS: [&str; 13] = ["as", "const", "dyn", "else", "if", "impl", "in", "match", "move", "mut", "ref", "return", "where"];

/// Cuts `tokens` into pieces. Groups without delimiters (what a `macro_rules!` variable leaves)
/// vanish, and so do commas behind the last of several things.
pub(crate) fn pieces(tokens: TokenStream) -> Vec<Piece> {
    let mut cutter = Cutter::default();
    cutter.stream(tokens);
    cutter.pieces
}

#[derive(Default)]
struct Cutter {
    pieces: Vec<Piece>,
    /// The open `<`s, and whether each is the one of `for<…>`.
    angles: Vec<bool>,
}

impl Cutter {
    fn stream(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut rest = tokens.as_slice();
        while let Some((first, behind)) = rest.split_first() {
            rest = behind;
            match first {
                TokenTree::Ident(ident) => self.word(ident.to_string()),
                TokenTree::Literal(literal) => self.push(literal.to_string(), Role::Word),
                TokenTree::Group(group) => self.group(group.delimiter(), group.stream()),
                TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                    if let Some((TokenTree::Ident(name), behind)) = rest.split_first() {
                        self.push(format!("'{name}"), Role::Lifetime);
                        rest = behind;
                    }
                }
                TokenTree::Punct(punct) => {
                    let joined = joined(first, rest);
                    let operator = OPERATORS.into_iter().find(|&o| joined.starts_with(o));
                    if let Some(operator) = operator {
                        self.operator(operator);
                        rest = &rest[operator.len() - 1..];
                    } else {
                        self.operator(punct.as_char().encode_utf8(&mut [0; 4]));
                    }
                }
            }
        }
    }

    fn push(&mut self, text: impl Into<String>, role: Role) {
        let text = text.into();
        self.pieces.push(Piece { text, role });
    }

    fn word(&mut self, text: String) {
        let role = if KEYWORDS.contains(&text.as_str()) { Role::Keyword } else { Role::Word };
        self.push(text, role);
    }

    fn operator(&mut self, text: &str) {
        let operand_before = self.pieces.last().is_some_and(|piece| piece.ends_operand());
        let role = match text {
            "::" => Role::PathSeparator,
            "." | ".." | "..=" | "..." => Role::Tight,
            "," | ";" | ":" => Role::Separator,
            "<" => {
                let binder = self.pieces.last().is_some_and(|piece| piece.text == "for");
                self.angles.push(binder);
                Role::AngleOpen
            }
            ">" => {
                self.drop_trailing_comma();
                if self.angles.pop() == Some(true) { Role::BinderClose } else { Role::AngleClose }
            }
            "!" | "?" if operand_before => Role::Tight,
            "!" | "?" | "#" | "$" => Role::Prefix,
            "&" | "*" | "-" if !operand_before => Role::Prefix,
            _ => Role::Infix,
        };
        self.push(text, role);
    }

    fn group(&mut self, delimiter: Delimiter, inside: TokenStream) {
        let (open, close, open_role, close_role) = match delimiter {
            Delimiter::None => return self.stream(inside),
            Delimiter::Parenthesis => ("(", ")", Role::Open, Role::Close),
            Delimiter::Bracket => ("[", "]", Role::Open, Role::Close),
            Delimiter::Brace => ("{", "}", Role::BraceOpen, Role::BraceClose),
        };
        // `f(a,)` is `f(a)`, but `(A,)` is a tuple and `(A)` is not.
        let is_list = self.pieces.last().is_some_and(|piece| piece.ends_operand());
        self.push(open, open_role);
        let outer_angles = std::mem::take(&mut self.angles);
        let first_inside = self.pieces.len();
        self.stream(inside);
        self.angles = outer_angles;
        let is_tuple_of_one = delimiter == Delimiter::Parenthesis && !is_list && commas_at_top(&self.pieces[first_inside..]) == 1;
        if !is_tuple_of_one {
            self.drop_trailing_comma();
        }
        self.push(close, close_role);
    }

    fn drop_trailing_comma(&mut self) {
        self.pieces.pop_if(|last| last.text == ",");
    }
}

impl Piece {
    /// Whether this may be the end of an operand, so that an operator behind it is an infix.
    fn ends_operand(&self) -> bool {
        matches!(self.role, Role::Word | Role::Close | Role::BraceClose | Role::AngleClose)
    }
}

/// The punctuation that stands together from `first` on.
fn joined(first: &TokenTree, rest: &[TokenTree]) -> String {
    let mut text = String::new();
    for token in std::iter::once(first).chain(rest) {
        let TokenTree::Punct(punct) = token else {
            break;
        };
        text.push(punct.as_char());
        if punct.spacing() == Spacing::Alone {
            break;
        }
    }
    text
}

/// How many commas of `pieces` are in no bracket.
fn commas_at_top(pieces: &[Piece]) -> usize {
    let mut depth = 0_usize;
    let mut commas = 0;
    for piece in pieces {
        match piece.role {
            Role::Open | Role::BraceOpen | Role::AngleOpen => depth += 1,
            Role::Close | Role::BraceClose | Role::AngleClose | Role::BinderClose => {
                depth = depth.saturating_sub(1);
            }
            Role::Separator if depth == 0 && piece.text == "," => commas += 1,
            _ => {}
        }
    }
    commas
}
