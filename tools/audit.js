// Look at pages of a served paper: Lighthouse (mobile preset), axe, the Nu HTML checker.
// Usage: node tools/audit.js ADDRESS [PATH ...]; without paths: the front page and its lead story.
// Ends with status 1 when a score is below 100 or anything is found.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const require = createRequire(import.meta.url);
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

/** Scores of the four categories, and the audits that cost points. */
async function measure(address, port) {
  const { lhr } = await lighthouse(address, { port, onlyCategories: CATEGORIES, output: "json", logLevel: "error" });
  const scores = CATEGORIES.map((name) => Math.round(lhr.categories[name].score * 100));
  const lost = CATEGORIES.flatMap((name) =>
    lhr.categories[name].auditRefs
      .filter((ref) => ref.weight > 0 && lhr.audits[ref.id].score !== null && lhr.audits[ref.id].score < 1)
      .map((ref) => `${name}: ${ref.id} ${lhr.audits[ref.id].displayValue ?? ""}`),
  );
  return { scores, lost, version: lhr.lighthouseVersion };
}

/** Violations that axe finds at a phone's and a desk's width. */
async function scan(browser, address) {
  const found = [];
  for (const [width, height] of [[390, 844], [1440, 900]]) {
    const page = await browser.newPage();
    await page.setViewport({ width, height });
    await page.goto(address, { waitUntil: "load" });
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf-8"));
    const { violations } = await page.evaluate("axe.run()");
    found.push(...violations.map((item) => `${width} px: ${item.id}: ${item.nodes.map((node) => node.target).join(" ")}`));
    await page.close();
  }
  return found;
}

/** Errors and warnings of the Nu HTML checker; null without Java. */
async function validate(address) {
  if (spawnSync("java", ["-version"]).status !== 0) return null;
  const html = await (await fetch(address)).text();
  const jar = require.resolve("vnu-jar/build/dist/vnu.jar");
  const run = spawnSync("java", ["-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", "-"], { input: html });
  const messages = JSON.parse(run.stdout.toString()).messages;
  return messages.map((message) => `${message.subType ?? message.type} line ${message.lastLine}: ${message.message}`);
}

/** The front page and the first story it names. */
async function defaultPaths(browser, address) {
  const page = await browser.newPage();
  await page.goto(address, { waitUntil: "load" });
  const story = await page.$eval(".card-lead .card-title a, .card-title a", (link) => link.getAttribute("href"));
  await page.close();
  return ["/", story];
}

const [address, ...given] = process.argv.slice(2);
const chrome = await launch({ chromePath: process.env.MASTHEAD_CHROMIUM, chromeFlags: FLAGS });
const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}`, defaultViewport: null });
let flawless = true;
try {
  for (const path of given.length ? given : await defaultPaths(browser, address)) {
    const target = new URL(path, address).href;
    const { scores, lost, version } = await measure(target, chrome.port);
    const violations = await scan(browser, target);
    const messages = await validate(target);
    console.log(`\n${path}`);
    console.log(`  Lighthouse ${version}: ${CATEGORIES.map((name, index) => `${name} ${scores[index]}`).join(", ")}`);
    lost.forEach((line) => console.log(`    ${line}`));
    console.log(`  axe: ${violations.length} violations`);
    violations.forEach((line) => console.log(`    ${line}`));
    const errors = messages?.filter((line) => !/^(info|warning) /.test(line)).length;
    console.log(
      messages === null
        ? "  Nu HTML checker: not run, Java 11 or later is missing"
        : `  Nu HTML checker: ${errors} errors, ${messages.length - errors} remarks`,
    );
    messages?.forEach((line) => console.log(`    ${line}`));
    flawless &&= scores.every((score) => score === 100) && violations.length === 0 && errors === 0;
  }
} finally {
  await browser.disconnect();
  chrome.kill();
}
process.exit(flawless ? 0 : 1);
