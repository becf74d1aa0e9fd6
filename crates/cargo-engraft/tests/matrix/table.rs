//! What is expected of every pair: a row for each host, a column for each plugin, in the order of the variants.
//!
//! `=` opens. Everything else is refused, and each letter is a reason that must be told (`reason.rs`): a capital where the plugin is
//! the one that is not as usual, a small letter where the host is. Reasons that are not in the cell must not be told.

/// Host, and its verdicts on the plugins.
#[rustfmt::skip]
pub const TABLE: [(&str, [&str; 13]); 13] = [
    //              base   body   nested commen featur depend releas opt-le overfl abort  native elsewh compil
    ("base",       ["=",   "B",   "N",   "K",   "F",   "V",   "P",   "O",   "W",   "A",   "T",   "=",   "C"]),
    ("body",       ["b",   "=",   "bN",  "bK",  "bF",  "bV",  "bP",  "bO",  "bW",  "bA",  "bT",  "b",   "C"]),
    ("nested",     ["n",   "nB",  "=",   "nK",  "nF",  "nV",  "nP",  "nO",  "nW",  "nA",  "nT",  "n",   "C"]),
    ("comment",    ["k",   "kB",  "kN",  "=",   "kF",  "kV",  "kP",  "kO",  "kW",  "kA",  "kT",  "k",   "C"]),
    ("feature",    ["f",   "fB",  "fN",  "fK",  "=",   "fV",  "fP",  "fO",  "fW",  "fA",  "fT",  "f",   "C"]),
    ("dependency", ["v",   "vB",  "vN",  "vK",  "vF",  "=",   "vP",  "vO",  "vW",  "vA",  "vT",  "v",   "C"]),
    ("release",    ["p",   "pB",  "pN",  "pK",  "pF",  "pV",  "=",   "pO",  "pW",  "pA",  "pT",  "p",   "C"]),
    ("opt-level",  ["o",   "oB",  "oN",  "oK",  "oF",  "oV",  "oP",  "=",   "oW",  "oA",  "oT",  "o",   "C"]),
    ("overflow",   ["w",   "wB",  "wN",  "wK",  "wF",  "wV",  "wP",  "wO",  "=",   "wA",  "wT",  "w",   "C"]),
    ("abort",      ["a",   "aB",  "aN",  "aK",  "aF",  "aV",  "aP",  "aO",  "aW",  "=",   "aT",  "a",   "C"]),
    ("native",     ["t",   "tB",  "tN",  "tK",  "tF",  "tV",  "tP",  "tO",  "tW",  "tA",  "=",   "t",   "C"]),
    ("elsewhere",  ["=",   "B",   "N",   "K",   "F",   "V",   "P",   "O",   "W",   "A",   "T",   "=",   "C"]),
    ("compiler",   ["c",   "c",   "c",   "c",   "c",   "c",   "c",   "c",   "c",   "c",   "c",   "c",   "="]),
];
