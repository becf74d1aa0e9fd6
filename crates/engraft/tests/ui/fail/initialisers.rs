//! What can't be an initialiser, and what is no `main`.

#[engraft::init]
fn with_arguments(one: u8, two: &str) {}

#[engraft::init]
fn generic<T>() {}

#[engraft::init]
async unsafe extern "C" fn all_at_once(argument: u8) {}

#[engraft::init(name = "other")]
fn named() {}

#[engraft::init]
static NO_FUNCTION: u8 = 1;

#[engraft::init]
fn of_another_type() -> u8 {
    1
}

struct NoError;

#[engraft::init]
fn with_no_error() -> Result<(), NoError> {
    Err(NoError)
}

struct Type;

impl Type {
    #[engraft::init]
    fn method() {}
}

#[engraft::main]
fn other() {}

#[engraft::main]
struct NoMain;

#[engraft::main(start = 1)]
fn main() {}
