//! The mistakes that no single document shows.

use super::application::Kind;
use super::chance::{Topic, World};

#[derive(Clone, Copy, PartialEq)]
pub enum Gap {
    /// The application has none, and so neither consent nor roles.
    ServicePrincipal,
    /// Nobody consented to what it asks for.
    Consent,
    /// It has consent for a permission that it no longer asks for.
    LeftOver,
    /// Its roles were given to the object id of the registration.
    RoleOnApplication,
    /// Its roles were given to the client id.
    RoleOnClient,
    /// It owns a subscription.
    Owner,
    /// A client of Azure Digital Twins without a role on an instance.
    DataRole,
}

impl Gap {
    const ALL: [Gap; 6] = [
        Gap::ServicePrincipal,
        Gap::Consent,
        Gap::LeftOver,
        Gap::RoleOnApplication,
        Gap::RoleOnClient,
        Gap::Owner,
    ];

    /// The one that an application has, if any.
    pub fn of(world: &World, number: u64) -> Option<Gap> {
        let random = &mut world.stream(Topic::Gap, number);
        let at_fault = random.percent(world.faults);
        at_fault.then(|| match world.kind(number) {
            Kind::Twins => Gap::DataRole,
            _ => random.pick(&Gap::ALL),
        })
    }
}
