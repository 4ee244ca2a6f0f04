//! Where Entra sends codes and tokens: the redirect URIs and the logout URL.
//!
//! One mistake is one finding: a URI with a wildcard is not also called invalid, an out-of-band
//! URN is not also on the wrong platform. A URI with a placeholder in it is unknown, and every
//! rule of the group is silent about it.

mod form;
mod host;
mod logout;
mod mend;
mod platform;
mod principal;
mod twins;

pub use form::{REDIRECT_INSECURE, REDIRECT_INVALID, REDIRECT_LIMIT, REDIRECT_WILDCARD};
pub use host::REDIRECT_CLAIMABLE_HOST;
pub use logout::LOGOUT_URL_INVALID;
pub use platform::{
    REDIRECT_FOREIGN_CLIENT, REDIRECT_IPV6_LOOPBACK, REDIRECT_OUT_OF_BAND, REDIRECT_WRONG_PLATFORM,
};
pub use principal::REDIRECT_ONLY_ON_SERVICE_PRINCIPAL;
pub use twins::{REDIRECT_CASE_TWINS, REDIRECT_LOCALHOST_PORT_TWINS, REDIRECT_ON_TWO_PLATFORMS};

use crate::model::{Application, Redirect};

/// The redirects that can be judged: those without a placeholder.
fn known<'a, 'r>(app: &'a Application<'r>) -> impl Iterator<Item = &'a Redirect<'r>> {
    app.redirects
        .iter()
        .filter(|redirect| !redirect.is_unknown())
}
