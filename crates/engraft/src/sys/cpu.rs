//! Which features the CPU has, by the names that rustc gives them.
//!
//! `std::is_x86_feature_detected!` answers "yes" for every feature that the crate that asks was compiled for, and so for all of
//! them in a program that was compiled on another machine with `-C target-cpu=native`. This module asks the CPU itself.

use std::arch::asm;
use std::arch::x86_64::__cpuid_count;
use std::sync::OnceLock;

/// A register of `cpuid`'s answer.
#[derive(Clone, Copy)]
enum Register {
    Eax,
    Ebx,
    Ecx,
    Edx,
}
use Register::{Eax, Ebx, Ecx, Edx};

/// State that the system must save for a feature, as bits of `XCR0` (Intel SDM, volume 1, chapter 13): none, that of AVX, AVX-512,
/// AMX, APX.
const NONE: u64 = 0;
const AVX: u64 = 0x6;
const AVX512: u64 = 0xe6;
const AMX: u64 = 0x6_0000;
const APX: u64 = 0x8_0000;

/// The questions to `cpuid` that the features below take: leaf and subleaf.
const LEAVES: [(u32, u32); 7] = [(1, 0), (7, 0), (7, 1), (0xd, 1), (0x19, 0), (0x24, 0), (0x8000_0001, 0)];

/// The features of rustc's target `x86_64` that the baseline does not have: name, leaf, subleaf, register, bit, and the state that
/// it takes. From Intel SDM, volume 2, `CPUID`, and AMD APM, volume 3, appendix E.
#[rustfmt::skip]
const FEATURES: [(&str, u32, u32, Register, u32, u64); 66] = [
    ("sse3", 1, 0, Ecx, 0, NONE), ("pclmulqdq", 1, 0, Ecx, 1, NONE), ("ssse3", 1, 0, Ecx, 9, NONE), ("fma", 1, 0, Ecx, 12, AVX),
    ("cmpxchg16b", 1, 0, Ecx, 13, NONE), ("sse4.1", 1, 0, Ecx, 19, NONE), ("sse4.2", 1, 0, Ecx, 20, NONE), ("movbe", 1, 0, Ecx, 22, NONE),
    ("popcnt", 1, 0, Ecx, 23, NONE), ("aes", 1, 0, Ecx, 25, NONE), ("xsave", 1, 0, Ecx, 27, NONE), ("avx", 1, 0, Ecx, 28, AVX),
    ("f16c", 1, 0, Ecx, 29, AVX), ("rdrand", 1, 0, Ecx, 30, NONE),
    ("bmi1", 7, 0, Ebx, 3, NONE), ("avx2", 7, 0, Ebx, 5, AVX), ("bmi2", 7, 0, Ebx, 8, NONE), ("ermsb", 7, 0, Ebx, 9, NONE),
    ("rtm", 7, 0, Ebx, 11, NONE), ("avx512f", 7, 0, Ebx, 16, AVX512), ("avx512dq", 7, 0, Ebx, 17, AVX512), ("rdseed", 7, 0, Ebx, 18, NONE),
    ("adx", 7, 0, Ebx, 19, NONE), ("avx512ifma", 7, 0, Ebx, 21, AVX512), ("clflushopt", 7, 0, Ebx, 23, NONE),
    ("avx512cd", 7, 0, Ebx, 28, AVX512), ("sha", 7, 0, Ebx, 29, NONE), ("avx512bw", 7, 0, Ebx, 30, AVX512), ("avx512vl", 7, 0, Ebx, 31, AVX512),
    ("avx512vbmi", 7, 0, Ecx, 1, AVX512), ("avx512vbmi2", 7, 0, Ecx, 6, AVX512), ("gfni", 7, 0, Ecx, 8, NONE), ("vaes", 7, 0, Ecx, 9, AVX),
    ("vpclmulqdq", 7, 0, Ecx, 10, AVX), ("avx512vnni", 7, 0, Ecx, 11, AVX512), ("avx512bitalg", 7, 0, Ecx, 12, AVX512),
    ("avx512vpopcntdq", 7, 0, Ecx, 14, AVX512), ("movdiri", 7, 0, Ecx, 27, NONE), ("movdir64b", 7, 0, Ecx, 28, NONE),
    ("avx512vp2intersect", 7, 0, Edx, 8, AVX512), ("amx-bf16", 7, 0, Edx, 22, AMX), ("avx512fp16", 7, 0, Edx, 23, AVX512),
    ("amx-tile", 7, 0, Edx, 24, AMX), ("amx-int8", 7, 0, Edx, 25, AMX),
    ("sha512", 7, 1, Eax, 0, AVX), ("sm3", 7, 1, Eax, 1, AVX), ("sm4", 7, 1, Eax, 2, AVX), ("avxvnni", 7, 1, Eax, 4, AVX),
    ("avx512bf16", 7, 1, Eax, 5, AVX512), ("amx-fp16", 7, 1, Eax, 21, AMX), ("avxifma", 7, 1, Eax, 23, AVX), ("movrs", 7, 1, Eax, 31, NONE),
    ("avxvnniint8", 7, 1, Edx, 4, AVX), ("avxneconvert", 7, 1, Edx, 5, AVX), ("amx-complex", 7, 1, Edx, 8, AMX),
    ("avxvnniint16", 7, 1, Edx, 10, AVX), ("apxf", 7, 1, Edx, 21, APX),
    ("xsaveopt", 0xd, 1, Eax, 0, NONE), ("xsavec", 0xd, 1, Eax, 1, NONE), ("xsaves", 0xd, 1, Eax, 3, NONE),
    ("lahfsahf", 0x8000_0001, 0, Ecx, 0, NONE), ("lzcnt", 0x8000_0001, 0, Ecx, 5, NONE), ("sse4a", 0x8000_0001, 0, Ecx, 6, NONE),
    ("prfchw", 0x8000_0001, 0, Ecx, 8, NONE), ("xop", 0x8000_0001, 0, Ecx, 11, AVX), ("tbm", 0x8000_0001, 0, Ecx, 21, NONE),
];

/// Whether this machine, CPU and system, has a feature. One of a name that is not known here counts as lacking.
pub(crate) fn has_cpu_feature(name: &str) -> bool {
    static CPU: OnceLock<Cpu> = OnceLock::new();
    let cpu = CPU.get_or_init(Cpu::ask);
    match name {
        // A number in place of bits (Intel AVX10 specification, `CPUID` leaf 24).
        "avx10.1" | "avx10.2" => {
            let version = u32::from(name == "avx10.2") + 1;
            cpu.answer(7, 1, Edx) >> 19 & 1 == 1 && cpu.answer(0x24, 0, Ebx) & 0xff >= version && cpu.saves(AVX512)
        }
        // Key Locker: the system must have turned it on.
        "kl" | "widekl" => {
            let bits = if name == "kl" { 1 } else { 5 };
            cpu.answer(7, 0, Ecx) >> 23 & 1 == 1 && cpu.answer(0x19, 0, Ebx) & bits == bits
        }
        _ => FEATURES.iter().any(|(known, leaf, subleaf, register, bit, state)| {
            *known == name && cpu.answer(*leaf, *subleaf, *register) >> bit & 1 == 1 && cpu.saves(*state)
        }),
    }
}

/// What the CPU says of itself. Within a virtual machine each question takes some microseconds.
struct Cpu {
    answers: [[u32; 4]; LEAVES.len()],
    /// The state that the system saves.
    state: u64,
}

impl Cpu {
    fn ask() -> Self {
        let answers = LEAVES.map(|(leaf, subleaf)| {
            // Beyond the last leaf a CPU answers with those of the last one.
            let last = __cpuid_count(leaf & 0x8000_0000, 0).eax;
            let subleaves = if leaf == 7 { __cpuid_count(7, 0).eax } else { subleaf };
            let answer = (leaf <= last && subleaf <= subleaves).then(|| __cpuid_count(leaf, subleaf));
            answer.map_or([0; 4], |answer| [answer.eax, answer.ebx, answer.ecx, answer.edx])
        });
        let mut cpu = Self { answers, state: 0 };
        // OSXSAVE: without it the instruction is not there.
        if cpu.answer(1, 0, Ecx) >> 27 & 1 == 1 {
            cpu.state = saved_state();
        }
        cpu
    }

    fn answer(&self, leaf: u32, subleaf: u32, register: Register) -> u32 {
        LEAVES.iter().position(|known| *known == (leaf, subleaf)).map_or(0, |index| self.answers[index][register as usize])
    }

    fn saves(&self, state: u64) -> bool {
        self.state & state == state
    }
}

/// `XCR0`. Only where the system has turned `xsave` on.
fn saved_state() -> u64 {
    let (low, high): (u32, u32);
    // SAFETY: the caller has seen OSXSAVE. The instruction changes nothing but these two registers.
    unsafe { asm!("xgetbv", in("ecx") 0, out("eax") low, out("edx") high, options(nomem, nostack, preserves_flags)) };
    u64::from(high) << 32 | u64::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// This test is compiled for the baseline, so that std asks the CPU too.
    #[test]
    fn features_are_those_that_std_detects() {
        macro_rules! table {
            ($($name:tt)*) => { [$(($name, is_x86_feature_detected!($name))),*] };
        }
        let table = table!(
            "adx" "aes" "avx" "avx2" "avx512bf16" "avx512bitalg" "avx512bw" "avx512cd" "avx512dq" "avx512f" "avx512fp16" "avx512ifma"
            "avx512vbmi" "avx512vbmi2" "avx512vl" "avx512vnni" "avx512vp2intersect" "avx512vpopcntdq" "avxifma" "avxneconvert" "avxvnni"
            "avxvnniint16" "avxvnniint8" "bmi1" "bmi2" "cmpxchg16b" "ermsb" "f16c" "fma" "gfni" "kl" "lzcnt" "movbe" "pclmulqdq" "popcnt"
            "rdrand" "rdseed" "rtm" "sha" "sha512" "sm3" "sm4" "sse3" "sse4.1" "sse4.2" "sse4a" "ssse3" "tbm" "vaes" "vpclmulqdq" "widekl"
            "xsave" "xsavec" "xsaveopt" "xsaves"
        );
        for (name, detected) in table {
            assert_eq!(has_cpu_feature(name), detected, "{name}");
        }
        assert!(!has_cpu_feature("of a later CPU"));
    }

    #[test]
    fn every_feature_has_one_row_and_a_question() {
        for (index, (name, leaf, subleaf, ..)) in FEATURES.iter().enumerate() {
            assert!(LEAVES.contains(&(*leaf, *subleaf)), "{name}");
            assert!(FEATURES[..index].iter().all(|(other, ..)| other != name), "{name}");
        }
    }
}
