//! Where Entra sends codes and tokens: the redirect URIs and the logout URL.
//!
//! One mistake is one finding: a URI with a wildcard is not also called invalid, an out-of-band
//! URN is not also on the wrong platform. A URI with a placeholder in it is unknown, and every
//! rule of the group is silent about it.

pub mod form;
pub mod host;
pub mod logout;
mod mend;
pub mod platform;
pub mod twins;

use crate::model::{Application, Redirect};

/// The redirects that can be judged: those without a placeholder.
fn known<'a, 'r>(app: &'a Application<'r>) -> impl Iterator<Item = &'a Redirect<'r>> {
    app.redirects
        .iter()
        .filter(|redirect| !redirect.is_unknown())
}
