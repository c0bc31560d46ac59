// What the browser tests share: a demonstration of their own on a free port, Chromium, people to sign in as, the mailbox.
// Runs on Node 18. Everything listens on loopback and ends with the test that started it, by process id.
import { execFile, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const program = process.env.MANDAT ?? path.join(root, 'build/release/mandat')
export const password = 'bateau-lavoir-2026'

export const personas = {
    contact: '/p/froid-atlantique', 'froid-admin': '/o/froid-atlantique', technician: '/o/froid-atlantique', 'host-admin': '/o/hexanode',
    webmaster: '/p/hexanode', owner: '/p/hexanode', operator: '/o/sillage', 'partner-admin': '/partner/cabinet-lanterne/dossiers', support: '/partner/cabinet-lanterne/dossiers',
    'tivoli-admin': '/o/boulangerie-tivoli', 'morin-admin': '/o/atelier-morin', payer: '/account',
}

function freePort() {
    return new Promise((resolve, reject) => {
        const server = net.createServer()
        server.on('error', reject)
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address()
            server.close(() => resolve(port))
        })
    })
}

// One request without a browser; Node's fetch would try ::1 for localhost first.
export function get(demo, address, headers = {}) {
    return new Promise((resolve, reject) => {
        const request = http.get({ host: '127.0.0.1', port: demo.port, path: address, headers: { Host: `localhost:${demo.port}`, ...headers }, agent: false }, answer => {
            const pieces = []
            answer.on('data', piece => pieces.push(piece))
            answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(pieces).toString() }))
        })
        request.on('error', reject)
        request.setTimeout(10000, () => request.destroy(new Error(`no answer from ${address}`)))
    })
}

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(130))

const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

// Starts a demonstration; { base, port, stop }.
export async function demoStart() {
    const folder = await mkdtemp(path.join(tmpdir(), 'mandat-browser-'))
    const port = await freePort()
    const log = createWriteStream(path.join(folder, 'log'))
    const child = spawn(program, ['demo', '--listen', `127.0.0.1:${port}`, '--data', path.join(folder, 'data')], { stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr.pipe(log)
    const end = () => child.kill('SIGKILL')     // a test run that is broken off leaves nobody behind
    process.on('exit', end)
    const ended = new Promise(resolve => {
        child.on('error', error => resolve(error.message))
        child.on('exit', (code, signal) => resolve(`it ended: ${signal ?? code}`))
    })
    let why = null
    ended.then(text => { why = text })
    const demo = {
        base: `http://localhost:${port}`, port, folder,
        async stop() {
            if (why === null) child.kill('SIGTERM')
            const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
            const how = await ended
            clearTimeout(timer)
            process.off('exit', end)
            await rm(folder, { recursive: true, force: true })
            return how
        },
    }
    for (let i = 0; i < 300 && why === null; i++) {
        const answer = await get(demo, '/health').catch(() => null)
        if (answer?.status === 200) return demo
        await pause(100)
    }
    const said = await readFile(path.join(folder, 'log'), 'utf8').catch(() => '')
    await demo.stop()
    throw new Error(`the demonstration does not serve (${why ?? 'no answer in 30 s'})\n${said.slice(-2000)}`)
}

export function browserStart() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
    })
}

// A window of somebody's own: { page, context, faults }. faults gathers what the console complains of (the policy's refusals
// stand there too), what a script throws, answers of 500 and more, and requests that leave this machine.
export async function windowOpen(browser, demo, { js = true, width = 1280, height = 900, lang = 'fr', scheme = 'light' } = {}) {
    const context = await browser.newContext({
        baseURL: demo.base, javaScriptEnabled: js, viewport: { width, height }, colorScheme: scheme, locale: lang === 'en' ? 'en-GB' : 'fr-FR',
        timezoneId: 'Europe/Paris', reducedMotion: 'reduce', serviceWorkers: 'block',
    })
    context.setDefaultTimeout(10000)
    await context.addCookies([{ name: 'lang', value: lang, url: demo.base }])
    const page = await context.newPage()
    const faults = []
    const isExpected = text => /status of (401|403|404|409|413|422|429)/.test(text)
    page.on('console', message => {
        if (['error', 'warning'].includes(message.type()) && !isExpected(message.text())) faults.push(`${page.url()}: ${message.text()}`)
    })
    page.on('pageerror', error => faults.push(`${page.url()}: ${error.message}`))
    page.on('request', request => {
        if (!request.url().startsWith(demo.base) && !/^(data|about|blob):/.test(request.url())) faults.push(`asks ${request.url()}`)
    })
    page.on('response', answer => {
        if (answer.status() >= 500) faults.push(`${answer.url()}: ${answer.status()}`)
    })
    return { page, context, faults }
}

// Through the button on /demo.
export async function signIn(page, persona) {
    await page.goto('/demo')
    await page.click(`button[name="persona"][value="${persona}"]`)
    await page.waitForURL(url => url.pathname === personas[persona])
}

// Through a sign-in page.
export async function signInByPassword(page, address, email, secret = password) {
    await page.goto(address)
    await page.fill('[name="email"]', email)
    await page.fill('[name="password"]', secret)
    await page.click('main form button[type="submit"]')
}

export async function mails(demo) {
    return JSON.parse((await get(demo, '/demo/mail.json')).text).mails
}

// The newest message to an address that `fits`, waiting a moment for it.
export async function lastMail(demo, to, fits = () => true) {
    for (let i = 0; i < 50; i++) {
        const found = (await mails(demo)).find(mail => mail.to_email === to && fits(mail))
        if (found) return found
        await pause(100)
    }
    throw new Error(`no such mail to ${to}`)
}

// What `mandat journal verify` says of the demonstration while it serves: { entries, faults }.
export function journal(demo) {
    return new Promise((resolve, reject) => execFile(program, ['journal', 'verify', '--data', path.join(demo.folder, 'data')], (error, said) => {
        const found = said.match(/(\d+) entries in \d+ logs, (\d+) faults/)
        if (found) resolve({ entries: Number(found[1]), faults: Number(found[2]) })
        else reject(error ?? new Error(said))
    }))
}

// SCREENSHOTS=1 keeps pictures in build/screenshots: as the page stands, or in each of the views given.
export async function picture(page, name, views = [null]) {
    if (!process.env.SCREENSHOTS) return
    const folder = path.join(root, 'build/screenshots')
    await mkdir(folder, { recursive: true })
    for (const view of views) {
        if (view) await page.setViewportSize({ width: view.width, height: 900 })
        if (view) await page.emulateMedia({ colorScheme: view.scheme })
        await page.screenshot({ path: path.join(folder, `${name}${view ? `-${view.width}-${view.scheme}` : ''}.png`), fullPage: true })
    }
}
