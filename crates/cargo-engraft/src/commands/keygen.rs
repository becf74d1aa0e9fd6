//! `cargo engraft keygen`: creates a key pair in minisign's file formats.

use crate::output::Steps;
use crate::signing::ask_for_new_password;
use crate::{exit, place};
use anyhow::{Context, Result, anyhow, bail};
use minisign::KeyPair;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Options of `keygen`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Path of the secret key to write
    #[arg(long, value_name = "PATH", default_value = "engraft.key")]
    secret_key: PathBuf,
    /// Path of the public key to write
    #[arg(long, value_name = "PATH", default_value = "engraft.pub")]
    public_key: PathBuf,
    /// Do not encrypt the secret key (otherwise prompt for a password, or read it from ENGRAFT_KEY_PASSWORD)
    #[arg(long)]
    no_password: bool,
    /// Overwrite existing keys
    #[arg(long)]
    force: bool,
}

/// Runs the subcommand.
pub fn command(options: &Options) -> Result<u8> {
    let Options { secret_key, public_key, no_password, force } = options;
    if secret_key == public_key {
        bail!("both keys would be written to {}\nhelp: give them different paths", secret_key.display());
    }
    for path in [secret_key, public_key] {
        refuse_existing(path, *force)?;
    }
    let pair = if *no_password {
        KeyPair::generate_unencrypted_keypair()
    } else {
        KeyPair::generate_encrypted_keypair(Some(ask_for_new_password()?))
    };
    let failed = |error| anyhow!("failed to create a key pair: {error}");
    let KeyPair { pk: public, sk: secret } = pair.map_err(failed)?;
    let comment = if *no_password { "minisign secret key" } else { "minisign encrypted secret key" };
    place::create(secret_key, &secret.to_box(Some(comment)).map_err(failed)?.to_bytes(), place::OWNER, *force)?;
    place::create(public_key, &public.to_box().map_err(failed)?.to_bytes(), place::EVERYBODY, *force)?;

    Steps::Told.tell("Created", &format!("secret key {}: keep it secret, and out of the repository", secret_key.display()));
    Steps::Told.tell("Created", &format!("public key {}: give the line below to everyone who verifies", public_key.display()));
    println!("{}", public.to_base64());
    eprintln!(
        "\nSign plugins:\n    cargo engraft sign -s {} target/engraft/release/plugins/*.so\n\
         Verify them:\n    cargo engraft verify -p {} target/engraft/release/plugins/*.so\n\
         Open only signed plugins:\n    let mut keyring = engraft::Keyring::new();\n    keyring.trust({:?})?;\n    let plugin = keyring.open(\"…\")?;",
        secret_key.display(),
        public_key.display(),
        public.to_base64()
    );
    Ok(exit::FINE)
}

/// Fails if a file exists, before the user is asked for a password.
fn refuse_existing(path: &Path, force: bool) -> Result<()> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("failed to look for {}", path.display())),
        Ok(_) if force => Ok(()),
        Ok(_) => bail!(
            "{} already exists, and an overwritten key is lost\nhelp: choose other paths with --secret-key and --public-key, or overwrite it with --force",
            path.display()
        ),
    }
}
