// A real server and a real browser for the tests of the page. Whatever a test does, the page must
// ask nothing of another host, break no rule of its Content-Security-Policy, and throw nothing.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { chromium } from 'playwright-core'

export const ROOT = process.env.AG_ROOT
const PROGRAM = `${ROOT}/build/release/antegrade`

// Serve on `port`, 0 for a free one; resolves once it listens.
export function serve(port = 0, ...flags) {
  const child = spawn(PROGRAM, ['serve', '--listen', `127.0.0.1:${port}`, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (part) => {
      said += part
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      if (address) resolve({ address, port: Number(new URL(address).port), stop: () => stop(child) })
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', () => reject(new Error(`the server ended: ${said}`)))
  })
}

function stop(child) {
  return new Promise((resolve) => {
    child.once('exit', resolve)
    child.kill('SIGTERM')
  })
}

// What the command line says of a record: the yardstick for what the page shows.
export function assessed(record, ...options) {
  return JSON.parse(execFileSync(PROGRAM, ['assess', '--format', 'json', ...options, '-'], { input: record, maxBuffer: 1 << 26 }))
}

export function launch() {
  return chromium.launch({ executablePath: process.env.AG_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
}

// A page with its own storage, and what went wrong in it.
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options })
  const page = await context.newPage()
  const wrong = []
  page.setDefaultTimeout(30_000)
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${address}/`) && !/^(data|blob):/.test(url)) wrong.push(`asked ${url}`)
  })
  page.on('pageerror', (fault) => wrong.push(`threw ${fault.message}`))
  page.on('console', (message) => {
    if (/Content Security Policy|Refused/.test(message.text())) wrong.push(message.text())
  })
  await page.goto(`${address}/`)
  page.nothingWrong = async () => {
    assert.deepEqual(wrong, [])
    await context.close()
  }
  return page
}

// Type into the box and take what it means.
export async function enter(page, text) {
  await page.fill('#box', text)
  await page.locator('#rows [role=option]').first().waitFor()
  await page.press('#box', 'Enter')
}

export const answered = (page) => page.locator('.next h2, .next p').first().waitFor()
export const heading = (page) => page.locator('.mechanisms h1').innerText()

// The widest thing fits: nobody has to scroll sideways.
export async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 0, `${wide} pixels wider than the window at ${page.url()}`)
}
