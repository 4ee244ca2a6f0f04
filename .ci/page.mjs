// node page.mjs CHROMIUM PAGE [SHOTS]
//
// Opens an audit page as a person would: reads, filters, sorts, follows a link, prints. Says one line
// of JSON with what it saw. SHOTS is what the names of screenshots begin with; without it there are none.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [executablePath, file, shots] = process.argv.slice(2);
const url = pathToFileURL(file).href;
const args = ["--no-sandbox", "--disable-gpu"];
const browser = await puppeteer.launch({ executablePath, args, headless: true });
const page = await browser.newPage();
await page.setViewport({ width: 1280, height: 1600 });

const said = [];
const requests = [];
page.on("console", (message) => said.push(message.text()));
page.on("pageerror", (error) => said.push(String(error)));
page.on("dialog", (dialog) => { said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
page.on("request", (request) => {
  if (request.url() !== url && request.url() !== "data:,") requests.push(request.url());
});

const begun = Date.now();
await page.goto(url, { waitUntil: "load", timeout: 120000 });
const seen = { load: Date.now() - begun, bytes: readFileSync(file).length };

const table = "#findings-table";
const visible = () =>
  page.$$eval(`${table} tbody tr`, (rows) => rows.filter((row) => row.checkVisibility()).map((row) => [...row.cells].map((cell) => cell.textContent)));
const status = () => page.$eval(`[data-for=findings-table] .shown`, (it) => it.textContent);
const settle = () => new Promise((resolve) => setTimeout(resolve, 400));

seen.overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
seen.all = (await visible()).length;
if (seen.all > 0) {
  seen.status = await status();
  await page.select(`${table}-f0`, "error");
  seen.errors = (await visible()).map((row) => row[0]);
  seen.errorStatus = await status();
  await page.click("[data-for=findings-table] button");
  const word = await page.$eval(`${table} tbody tr:last-child td:nth-child(2)`, (cell) => cell.textContent);
  const before = Date.now();
  await page.type(`${table}-f3`, word);
  await settle();
  seen.filter = Date.now() - before;
  seen.word = word;
  seen.found = (await visible()).map((row) => row.join(" "));
  await page.click("[data-for=findings-table] button");
  await settle();
  seen.cleared = (await visible()).length;
  // By keyboard, there and back.
  const sort = async () => {
    const started = Date.now();
    await page.focus(`${table} thead th:nth-child(2) button`);
    await page.keyboard.press("Enter");
    const order = await page.$eval(`${table} thead th:nth-child(2)`, (it) => it.getAttribute("aria-sort"));
    return { order, rules: (await visible()).map((row) => row[1]), took: Date.now() - started };
  };
  seen.ascending = await sort();
  seen.descending = await sort();
  await page.click(`${table} tbody a`);
  await settle();
  seen.followed = await page.evaluate(() => {
    const target = document.querySelector(location.hash);
    return Boolean(target && target.checkVisibility());
  });
}
seen.copy = await page.$$eval("details[open] .copy", (all) => all.length);
if (shots) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    seen[scheme] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: `${shots}-${scheme}.png` });
  }
  await page.pdf({ path: `${shots}-print.pdf`, format: "A4", timeout: 120000 });
}
seen.said = [...said];
seen.requests = [...requests];

// What the policy is for: a script and an image that somebody smuggled in.
await page.evaluate(() => {
  const script = document.createElement("script");
  script.textContent = "window.smuggled = true";
  const image = document.createElement("img");
  image.src = "https://contoso.example/x.png";
  document.body.append(script, image);
});
await settle();
seen.smuggled = await page.evaluate(() => Boolean(window.smuggled));
seen.refused = said.length > seen.said.length;

// Without script everything is there but the filters.
await page.setJavaScriptEnabled(false);
await page.goto(url, { waitUntil: "load", timeout: 120000 });
seen.plain = (await page.$$(`${table} tbody tr`)).length;
seen.filters = (await page.$$(".filters:not([hidden])")).length;
await browser.close();
console.log(JSON.stringify(seen));
