"""The audit page before html-validate, and in Chromium: opened, filtered, sorted, printed."""

import json
import shutil

from judges import NOW, PLACE, WORK, check, entralint, run, title

PAGES = ["tenants/ten-mistakes", "tenants/contoso-real", "tenants/contoso-clean", "hostile"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def valid(path):
    return run([PLACE / "node_modules/.bin/html-validate", path])


def opened(path, *shots):
    done = run(["node", PLACE / "page.mjs", CHROMIUM, path, *shots])
    if done.returncode != 0:
        return check(f"{path.name}: Chromium opens it", False, done.stderr.decode()) or {}
    return json.loads(done.stdout)


def page():
    title("the audit page")
    folder = WORK / "pages"
    folder.mkdir()
    for name in PAGES:
        path = folder / f"{name.replace('/', '-')}.html"
        stored = path.with_suffix(".json")
        words = ["--persona", "audit", "-q", f"--format=html={path}", f"--format=json={stored}"]
        entralint("check", *NOW, *words, f"fixtures/{name}")
        done = valid(path)
        check(f"{name}: html-validate accepts it", done.returncode == 0, done.stdout.decode())
        findings = json.loads(stored.read_text())["findings"]
        shown = [finding for finding in findings if not finding["suppression"]]
        look(name, path, shown)
    again = folder / "stored.html"
    again.write_bytes(entralint("convert", str(stored), "--format", "html", exits=(0,)))
    done = valid(again)
    check("a page of a stored report: html-validate accepts it", done.returncode == 0, done.stdout.decode())
    spoilt(folder / "tenants-ten-mistakes.html")


def look(name, path, findings):
    seen = opened(path, path.with_suffix(""))
    if not seen:
        return
    errors = len([finding for finding in findings if finding["severity"] == "error"])
    check(f"{name}: a row for each finding ({len(findings)})", seen["all"] == len(findings), seen["all"])
    check(f"{name}: no request", seen["requests"] == [], seen["requests"])
    check(f"{name}: nothing on the console, no dialog", seen["said"] == [], seen["said"])
    check(f"{name}: a smuggled script and image are refused", not seen["smuggled"] and seen["refused"])
    check(f"{name}: all rows without script, and no filter", (seen["plain"], seen["filters"]) == (len(findings), 0))
    check(f"{name}: no wider than the window", seen["overflow"] <= 0, seen["overflow"])
    check(f"{name}: dark where that is wanted", seen["light"] != seen["dark"])
    if not findings:
        return
    if errors:
        check(f"{name}: the severity filter leaves {errors} rows", seen["errors"] == ["error"] * errors)
        wanted = f"{errors} of {len(findings)} findings shown"
        check(f"{name}: and says so", seen["errorStatus"] == wanted, seen["errorStatus"])
    fits = [row for row in seen["found"] if seen["word"] in row]
    check(f"{name}: the text filter finds {seen['word']}", len(fits) == len(seen["found"]) > 0)
    check(f"{name}: and clearing it shows all", seen["cleared"] == len(findings))
    up, down = seen["ascending"], seen["descending"]
    check(f"{name}: sorts by keyboard", (up["order"], down["order"]) == ("ascending", "descending"))
    check(f"{name}: in order", up["rules"] == sorted(up["rules"]) and down["rules"] == sorted(up["rules"], reverse=True))
    check(f"{name}: a link opens the card it leads to", seen["followed"])
    print(f"    {seen['bytes']} bytes, loaded in {seen['load']} ms, sorted in {up['took']} ms")


def spoilt(path):
    text = path.read_text()
    broken = path.with_name("spoilt.html")
    for what, to in {
        "an element that is not closed": ("</caption>", ""),
        "an id twice": ('id="findings"', 'id="summary"'),
    }.items():
        broken.write_text(text.replace(*to, 1))
        check(f"html-validate sees: {what}", valid(broken).returncode != 0)
    broken.write_text(text.replace("</main>", '<img src="https://contoso.example/x.png" alt=""></main>', 1))
    check("Chromium sees: an image from elsewhere", opened(broken)["said"] != [])
    broken.write_text(text.replace("'use strict'", "'use strict' ", 1))
    check("Chromium sees: a script that was changed", opened_without_script(broken))


def opened_without_script(path):
    done = run(["node", PLACE / "page.mjs", CHROMIUM, path])
    return done.returncode != 0
