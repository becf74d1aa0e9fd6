//! `cargo engraft keygen`: a pair of keys, in minisign's files.

use crate::output::Steps;
use crate::signing::ask_for_new_password;
use crate::{exit, place};
use anyhow::{Context, Result, anyhow, bail};
use minisign::KeyPair;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Where the keys are put.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where the secret key is put, which signs
    #[arg(long, value_name = "PATH", default_value = "engraft.key")]
    secret_key: PathBuf,
    /// Where the public key is put, which checks
    #[arg(long, value_name = "PATH", default_value = "engraft.pub")]
    public_key: PathBuf,
    /// Leave the secret key unencrypted; otherwise its password is asked for, or taken from ENGRAFT_KEY_PASSWORD
    #[arg(long)]
    no_password: bool,
    /// Replace keys that are there: nothing can be signed with the old ones any more
    #[arg(long)]
    force: bool,
}

/// The subcommand.
pub fn command(options: &Options) -> Result<u8> {
    let Options { secret_key, public_key, no_password, force } = options;
    if secret_key == public_key {
        bail!("both keys would be put at {}\nhelp: give them different paths", secret_key.display());
    }
    for path in [secret_key, public_key] {
        clear_of(path, *force)?;
    }
    let pair = if *no_password {
        KeyPair::generate_unencrypted_keypair()
    } else {
        KeyPair::generate_encrypted_keypair(Some(ask_for_new_password()?))
    };
    let failed = |error| anyhow!("failed to make a pair of keys: {error}");
    let KeyPair { pk: public, sk: secret } = pair.map_err(failed)?;
    let comment = if *no_password { "minisign secret key" } else { "minisign encrypted secret key" };
    place::create(secret_key, &secret.to_box(Some(comment)).map_err(failed)?.to_bytes(), place::OWNER, *force)?;
    place::create(public_key, &public.to_box().map_err(failed)?.to_bytes(), place::EVERYBODY, *force)?;

    Steps::Told.tell("Created", &format!("secret key {}: keep it to yourself, and out of the repository", secret_key.display()));
    Steps::Told.tell("Created", &format!("public key {}: its line is for all who check", public_key.display()));
    println!("{}", public.to_base64());
    eprintln!(
        "\nSign what was built:\n    cargo engraft sign -s {} target/engraft/release/plugins/*.so\n\
         Check it:\n    cargo engraft verify -p {} target/engraft/release/plugins/*.so\n\
         Open nothing else:\n    let mut keyring = engraft::Keyring::new();\n    keyring.trust({:?})?;\n    let plugin = keyring.open(\"…\")?;",
        secret_key.display(),
        public_key.display(),
        public.to_base64()
    );
    Ok(exit::FINE)
}

/// Refuses what is there already, before anybody is asked for a password.
fn clear_of(path: &Path, force: bool) -> Result<()> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("failed to look for {}", path.display())),
        Ok(_) if force => Ok(()),
        Ok(_) => bail!(
            "{} exists already, and a key that is lost signs nothing any more\nhelp: give other paths with --secret-key and --public-key, or replace it with --force",
            path.display()
        ),
    }
}
