//! Mutation that knows JSON: what libFuzzer does to bytes hardly ever leaves a document one, and
//! what is no JSON reaches no rule.

use crate::BETWEEN_FILES;
use crate::common::run::Dice;
use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Map, Number, Value};

/// Values that meet an edge somewhere: dates, ids, names, places, text that attacks.
const WORDS: &[&str] = &[
    "",
    " ",
    "null",
    "2026-11-23T00:00:00Z",
    "2025-01-01T00:00:00Z",
    "2299-12-31T00:00:00Z",
    "9999-12-31T23:59:59.9999999Z",
    "0001-01-01T00:00:00Z",
    "2026-02-30T25:61:61",
    "/Date(1700000000000)/",
    "00000000-0000-0000-0000-000000000000",
    "00000003-0000-0000-c000-000000000000",
    "0b07f429-9f4b-4714-9392-cc5e8e80c8b0",
    "4589bd03-58cb-4e6c-b17f-b580e39652f8",
    "{0b07f429-9f4b-4714-9392-cc5e8e80c8b0}",
    "0B07F4299F4B47149392CC5E8E80C8B0",
    "https://digitaltwins.azure.net",
    "Scope",
    "Role",
    "Scope,Role",
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "http://localhost",
    "http://localhost:3000/cb",
    "https://*.contoso.com/cb?x#y",
    "HTTPS://user@contoso.com:99999/%zz/../",
    "http://[::1]",
    "api://x/\u{202e}y",
    "urn:ietf:wg:oauth:2.0:oob",
    "<client id>",
    "${var.app}",
    "System.Object[]",
    "@{id=1}",
    "...",
    "/subscriptions/00000000-0000-0000-0000-000000000001",
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.DigitalTwins/digitalTwinsInstances/x",
    "/providers/Microsoft.Management/managementGroups/mg",
    "/",
    "*",
    "Microsoft.DigitalTwins/*",
    "*/read",
    "bcd981a7-7f74-457b-83e1-cceb9e632ffe",
    "repo:contoso/x:ref:refs/heads/main",
    "api://AzureADTokenExchange",
    "MIIB",
    "eyJhbGciOiJub25lIn0.e30.",
    "-----BEGIN PRIVATE KEY-----",
    "\u{1b}[31m\u{0}\u{7}",
    "\n::error::x",
    "##vso[task.setvariable variable=a]b",
    "</script><script>",
    "=1+1",
    "[x](http://contoso.com)",
    "e\u{301}\u{200b}\u{feff}\u{2028}双子🏭",
];

/// Names that readers look for; those of other members of the same document come besides.
const NAMES: &[&str] = &[
    "id",
    "Id",
    "ID",
    "appId",
    "value",
    "type",
    "@odata.type",
    "@odata.context",
    "@odata.nextLink",
    "displayName",
    "principalId",
    "principalType",
    "resourceId",
    "scope",
    "roleDefinitionId",
    "properties",
    "keyId",
    "endDateTime",
    "startDateTime",
    "secretText",
    "keyCredentials",
    "passwordCredentials",
    "requiredResourceAccess",
    "resourceAppId",
    "resourceAccess",
    "signInAudience",
    "isFallbackPublicClient",
    "publicClient",
    "web",
    "spa",
    "redirectUris",
    "api",
    "oauth2PermissionScopes",
    "appRoles",
    "error",
    "responses",
    "body",
    "x\u{1b}[0m\u{202e}",
];

/// A mutator for inputs of files (see [`BETWEEN_FILES`]): mostly one JSON value of one file
/// changes, sometimes bytes do.
pub fn files(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice::new(u64::from(seed) << 16 | 1);
    if dice.roll(5) > 0
        && let Some(changed) = changed(&data[..size], &mut dice)
        && changed.len() <= max_size.min(data.len())
    {
        data[..changed.len()].copy_from_slice(&changed);
        return changed.len();
    }
    fuzzer_mutate(data, size, max_size)
}

/// The same for an input that is one file.
fn changed(data: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = data
        .split(|byte| *byte == BETWEEN_FILES)
        .map(<[u8]>::to_vec)
        .collect();
    let at = dice.roll(parts.len());
    let mut value: Value = serde_json::from_slice(&parts[at]).ok()?;
    for _ in 0..=dice.roll(3) {
        let count = count(&value);
        let donor = nth(&mut value, &mut dice.roll(count)).cloned();
        let target = dice.roll(count);
        let target = nth(&mut value, &mut { target })?;
        change(target, donor.unwrap_or_default(), dice);
    }
    parts[at] = match dice.roll(3) {
        0 => serde_json::to_vec(&value).ok()?,
        _ => serde_json::to_vec_pretty(&value).ok()?,
    };
    match dice.roll(24) {
        // A file more, or one that is gone.
        0 => parts.push(parts[at].clone()),
        1 if parts.len() > 1 => drop(parts.remove(at)),
        _ => {}
    }
    Some(parts.join(&BETWEEN_FILES))
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum::<usize>(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The `at`th value, depth first.
fn nth<'v>(value: &'v mut Value, at: &mut usize) -> Option<&'v mut Value> {
    if *at == 0 {
        return Some(value);
    }
    *at -= 1;
    match value {
        Value::Array(list) => list.iter_mut().find_map(|value| nth(value, at)),
        Value::Object(members) => members.values_mut().find_map(|value| nth(value, at)),
        _ => None,
    }
}

fn word(dice: &mut Dice) -> String {
    dice.pick(WORDS).to_owned()
}

fn change(value: &mut Value, donor: Value, dice: &mut Dice) {
    match (dice.roll(12), &mut *value) {
        (0, value) => *value = Value::Null,
        (1, value) => *value = Value::Bool(dice.roll(2) == 0),
        (2, value) => *value = Value::from(word(dice)),
        (3, value) => *value = donor,
        (4, value) => *value = Value::Array(vec![value.take()]),
        (5, value) => {
            let name = dice.pick(NAMES).to_owned();
            *value = Value::Object(Map::from_iter([(name, value.take())]));
        }
        (6..9, Value::Array(list)) => {
            let at = dice.roll(list.len() + 1);
            match (dice.roll(4), list.get(at).cloned()) {
                (0, Some(_)) => drop(list.remove(at)),
                (1, Some(same)) => list.insert(at, same),
                (2, _) => list.insert(at, Value::from(word(dice))),
                _ => list.insert(at, donor),
            }
        }
        (6..9, Value::Object(members)) => {
            let at = dice.roll(members.len().max(1));
            let name = members.keys().nth(at).cloned().unwrap_or_default();
            match dice.roll(4) {
                0 => drop(members.shift_remove(&name)),
                1 => {
                    let old = members.shift_remove(&name).unwrap_or_default();
                    members.insert(dice.pick(NAMES).to_owned(), old);
                }
                2 => {
                    // PowerShell's spelling, beside the other one.
                    let mut letters = name.chars();
                    let first = letters.next().map(|c| c.to_ascii_uppercase());
                    let name: String = first.into_iter().chain(letters).collect();
                    members.insert(name, donor);
                }
                _ => drop(members.insert(dice.pick(NAMES).to_owned(), donor)),
            }
        }
        (_, Value::String(text)) => match dice.roll(5) {
            0 => *text = word(dice),
            1 => text.push_str(dice.pick(WORDS)),
            2 => text.insert_str(0, dice.pick(WORDS)),
            3 => *text = text.to_uppercase(),
            _ => {
                let keep = dice.roll(text.chars().count() + 1);
                *text = text.chars().take(keep).collect();
            }
        },
        (_, Value::Number(number)) => {
            let numbers = [0, 1, -1, i64::MAX, i64::MIN, 4_294_967_296];
            *number = Number::from(numbers[dice.roll(numbers.len())]);
        }
        (_, value) => *value = Value::from(word(dice)),
    }
}
