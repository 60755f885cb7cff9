//! What a command asks of the person at the keyboard. Answers come from the terminal, where they are not shown, or line by line
//! from standard input.
//!
//! Must not: show or keep what is typed.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use central::{proof::Proof, storage::AccountName};
use zeroize::Zeroizing;

use super::Failure;

/// Password and code of an account, typed by the person whose it is.
pub(crate) fn proof(account: AccountName) -> Result<Proof, Failure> {
    let name = account.as_str();
    let password = hidden(&format!("{name} のパスワード (password of {name}, typed by that person)"))?;
    let code = hidden(&format!("{name} の認証コード (code of {name}'s authenticator)"))?;
    Ok(Proof { account, password, code })
}

fn hidden(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    let mut error = io::stderr();
    // Standard error may be closed; whoever pipes the answers knows the questions.
    let _ = write!(error, "{prompt}: ").and_then(|()| error.flush());
    if io::stdin().is_terminal() {
        return Ok(Zeroizing::new(rpassword::read_password()?));
    }
    let mut line = Zeroizing::new(String::new());
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Err("nobody answered: run it once more and answer each question".into());
    }
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
