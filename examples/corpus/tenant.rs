//! A whole tenant, in the files that `entralint collect` leaves and in its layout: pages with one
//! record a line.
//!
//! Every application has its service principal, the consent for what it asks and roles in Azure;
//! the clients of Azure Digital Twins have the data role on one instance.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::Order;
use super::application::{Access, Application, Kind};
use super::assignment::{Assignment, Assignments, BUILT_IN, Principal, TWINS_OWNER};
use super::chance::{Random, Topic, World};
use super::gap::Gap;
use super::grant::{AppRole, Grant};
use super::instance::Instance;
use super::json::{Guid, Json, hyphened};
use super::principal::{self, ServicePrincipal};
use super::tables::{DELEGATED, DIGITAL_TWINS, GRAPH, SCOPES, SHAREPOINT, USER_READ};

/// Applications for each instance of Azure Digital Twins.
const PER_INSTANCE: u64 = 500;
/// Role assignments for each application, unless `--assignments` says otherwise.
const ASSIGNMENTS: u64 = 10;
/// People who consented for themselves are among so many.
const PEOPLE: u64 = 4000;

pub fn tenant(world: &World, order: &Order) -> io::Result<()> {
    let pages = Pages::new(&order.out)?;
    let mut writer = Writer {
        world,
        instances: order.count.div_ceil(PER_INSTANCE),
        rolls: order.assignments.unwrap_or(ASSIGNMENTS).max(2) - 1,
        rows: Assignments::new(world),
        pages,
    };
    writer.resources()?;
    writer.instances()?;
    for number in 0..order.count {
        writer.application(number)?;
    }
    writer.pages.finish()
}

/// The files of an export, each begun when its first record comes.
struct Pages {
    folder: PathBuf,
    open: BTreeMap<String, BufWriter<File>>,
    json: RefCell<Json>,
}

impl Pages {
    fn new(folder: &Path) -> io::Result<Pages> {
        if folder.exists() {
            return Err(io::Error::other("the folder is there already"));
        }
        Ok(Pages {
            folder: folder.to_owned(),
            open: BTreeMap::new(),
            json: RefCell::new(Json::new(0, 0)),
        })
    }

    /// A record of a set of Microsoft Graph.
    fn graph(&mut self, name: &str, set: &str, fill: impl FnOnce(&mut Json)) -> io::Result<()> {
        let context = format!("https://graph.microsoft.com/v1.0/$metadata#{set}");
        self.record(&format!("{name}.json"), Some(&context), fill)
    }

    /// A record of Azure Resource Manager, in a file for its subscription.
    fn azure(
        &mut self,
        name: &str,
        subscription: Guid,
        fill: impl FnOnce(&mut Json),
    ) -> io::Result<()> {
        let file = format!("{name}/{}.json", hyphened(subscription));
        self.record(&file, None, fill)
    }

    fn record(
        &mut self,
        name: &str,
        context: Option<&str>,
        fill: impl FnOnce(&mut Json),
    ) -> io::Result<()> {
        let json = self.json.get_mut();
        json.text.clear();
        if let Some(file) = self.open.get_mut(name) {
            file.write_all(b",\n")?;
            fill(json);
            return file.write_all(&json.text);
        }
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        let mut file = BufWriter::with_capacity(1 << 16, File::create(path)?);
        match context {
            Some(context) => writeln!(file, "{{\"@odata.context\": \"{context}\",")?,
            None => file.write_all(b"{")?,
        }
        file.write_all(b"\"value\": [\n")?;
        fill(json);
        file.write_all(&json.text)?;
        self.open.insert(name.to_owned(), file);
        Ok(())
    }

    fn finish(self) -> io::Result<()> {
        for (_, mut file) in self.open {
            file.write_all(b"\n]}\n")?;
            file.flush()?;
        }
        Ok(())
    }
}

struct Writer<'w> {
    world: &'w World,
    instances: u64,
    /// A principal has from one to so many roles.
    rolls: u64,
    rows: Assignments<'w>,
    pages: Pages,
}

impl Writer<'_> {
    /// Microsoft's own service principals, which expose what is asked for.
    fn resources(&mut self) -> io::Result<()> {
        for resource in principal::resources(self.world) {
            self.principal(&resource)?;
        }
        Ok(())
    }

    fn principal(&mut self, principal: &ServicePrincipal<'_>) -> io::Result<()> {
        self.pages
            .graph("service-principals", "servicePrincipals", |json| {
                principal.write(json);
            })
    }

    fn assignment(&mut self, row: &Assignment) -> io::Result<()> {
        self.pages
            .azure("role-assignments", row.subscription, |json| {
                row.write(json, false);
            })
    }

    fn instances(&mut self) -> io::Result<()> {
        for number in 0..self.instances {
            let instance = Instance::new(self.world, number);
            let subscription = instance.subscription;
            self.pages
                .azure("digital-twins-instances", subscription, |json| {
                    instance.write(json);
                })?;
            self.principal(&ServicePrincipal::of_instance(&instance))?;
        }
        Ok(())
    }

    fn application(&mut self, number: u64) -> io::Result<()> {
        let world = self.world;
        let application = Application::new(world, number);
        let gap = Gap::of(world, number);
        self.pages.graph("applications", "applications", |json| {
            application.write(json)
        })?;
        let principal = ServicePrincipal::of_application(world, number, &application);
        let random = &mut world.stream(Topic::Consent, number);
        if gap != Some(Gap::ServicePrincipal) {
            self.principal(&principal)?;
            if gap != Some(Gap::Consent) {
                self.consent(&application, &principal, gap, random)?;
            }
            if principal.assignment_required {
                self.users(&principal, random)?;
            }
        }
        self.roles(number, &application, &principal, gap)
    }

    /// Consent for all users to everything that is asked for, and now and then what users
    /// consented to before that.
    fn consent(
        &mut self,
        application: &Application,
        principal: &ServicePrincipal<'_>,
        gap: Option<Gap>,
        random: &mut Random,
    ) -> io::Result<()> {
        let mut left_over = (gap == Some(Gap::LeftOver)).then_some("Notes.Read");
        for access in &application.access {
            let resource = principal::id(self.world, access.resource);
            let mut scopes = values(access);
            scopes.dedup();
            let roles = access.permissions.iter().filter(|(_, is_role)| *is_role);
            for &(role, _) in roles {
                let row = AppRole::new(random, (principal.id, &principal.name), resource, role);
                self.app_role(&row)?;
            }
            if scopes.is_empty() {
                continue;
            }
            if access.resource == GRAPH && !scopes.contains(&"Notes.Read") {
                scopes.extend(left_over.take());
            }
            let everybody = Grant::new(principal.id, resource, None, &scopes);
            self.grant(&everybody)?;
            if access.resource == GRAPH {
                for _ in 0..random.below(5) {
                    let person = self.person(random.below(PEOPLE));
                    let own = Grant::new(principal.id, resource, Some(person), &scopes[..1]);
                    self.grant(&own)?;
                }
            }
        }
        Ok(())
    }

    fn grant(&mut self, grant: &Grant) -> io::Result<()> {
        let (name, set) = ("oauth2-permission-grants", "oauth2PermissionGrants");
        self.pages.graph(name, set, |json| grant.write(json))
    }

    fn app_role(&mut self, row: &AppRole<'_>) -> io::Result<()> {
        let (name, set) = ("app-role-assignments", "appRoleAssignments");
        self.pages.graph(name, set, |json| row.write(json))
    }

    /// Who may use an application that asks for an assignment.
    fn users(&mut self, principal: &ServicePrincipal<'_>, random: &mut Random) -> io::Result<()> {
        for _ in 0..1 + random.below(3) {
            let person = self.person(random.below(PEOPLE));
            let row = AppRole::of_user(random, person, (principal.id, &principal.name));
            self.app_role(&row)?;
        }
        Ok(())
    }

    fn person(&self, number: u64) -> Guid {
        self.world.guid(Topic::PrincipalId, number)
    }

    /// What the application's own service principal may do in Azure, and one person or group more.
    fn roles(
        &mut self,
        number: u64,
        application: &Application,
        principal: &ServicePrincipal<'_>,
        gap: Option<Gap>,
    ) -> io::Result<()> {
        let world = self.world;
        let random = &mut world.stream(Topic::Principal, number);
        let someone = person_or_group(world, number, number < self.instances, random);
        self.some_roles(&someone, random)?;
        if number < self.instances {
            self.data_role(&someone, number, random)?;
        }
        if gap == Some(Gap::ServicePrincipal) {
            return Ok(());
        }
        let own = Rc::new(Principal {
            id: match gap {
                Some(Gap::RoleOnApplication) => application.object_id,
                Some(Gap::RoleOnClient) => application.app_id,
                _ => principal.id,
            },
            name: hyphened(application.app_id),
            kind: "ServicePrincipal",
        });
        self.some_roles(&own, random)?;
        if gap == Some(Gap::Owner) {
            let owner = (0x8e3af657_a8ff_443c_a75c_2fe8c4bcb635, "Owner");
            let row = self.rows.row(random, &own, owner);
            self.assignment(&Assignment {
                resource_group: None,
                resource: None,
                ..row
            })?;
        }
        if world.kind(number) == Kind::Twins && gap != Some(Gap::DataRole) {
            let instance = random.below(self.instances);
            self.data_role(&own, instance, random)?;
        }
        Ok(())
    }

    fn some_roles(&mut self, principal: &Rc<Principal>, random: &mut Random) -> io::Result<()> {
        let wanted = 1 + random.below(self.rolls);
        for role in random.some(&BUILT_IN, wanted) {
            let row = self.rows.row(random, principal, role);
            self.assignment(&row)?;
        }
        Ok(())
    }

    fn data_role(
        &mut self,
        principal: &Rc<Principal>,
        instance: u64,
        random: &mut Random,
    ) -> io::Result<()> {
        let row = self.rows.row(random, principal, TWINS_OWNER);
        let instance = Instance::new(self.world, instance);
        self.assignment(&Assignment {
            subscription: instance.subscription,
            resource_group: Some(instance.group),
            resource: Some(format!("{}/{}", Instance::TYPE, instance.name)),
            ..row
        })
    }
}

/// Those who run the instances are people; a group's members would be unknown here.
fn person_or_group(
    world: &World,
    number: u64,
    runs_instance: bool,
    random: &mut Random,
) -> Rc<Principal> {
    let (kind, name) = if runs_instance || random.percent(40) {
        ("User", format!("operator{number}@contoso.com"))
    } else {
        ("Group", format!("Operators {number}"))
    };
    let id = world.guid(Topic::PrincipalId, number);
    Rc::new(Principal { id, name, kind })
}

/// The delegated permissions that an application asks of one resource, by name, in one order.
fn values(access: &Access) -> Vec<&'static str> {
    let mut values: Vec<&'static str> = access
        .permissions
        .iter()
        .filter(|(_, is_role)| !is_role)
        .map(|&(id, _)| match access.resource {
            GRAPH if id == USER_READ => "User.Read",
            GRAPH => DELEGATED
                .iter()
                .find(|(known, _)| *known == id)
                .map_or("User.Read", |(_, value)| value),
            resource if resource == DIGITAL_TWINS.0 => "Read.Write",
            resource if resource == SHAREPOINT.0 => "AllSites.Read",
            _ => SCOPES[0],
        })
        .collect();
    values.sort_unstable();
    values
}
