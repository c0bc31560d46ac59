// L-7: a date that is told comes with a file that the browser keeps and another program reads; a calendar to follow, without JavaScript, on a phone. The pages under axe.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, get, lastMail, picture, root, signIn, windowOpen } from './lib.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const office = '/o/froid-atlantique', portal = '/p/froid-atlantique'
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
let browser, demo
before(async () => {
    demo = await demoStart()
    browser = await browserStart()
})
after(async () => {
    await browser?.close()
    await demo?.stop()
})

// What python3-icalendar understands of a file.
const understood = file => execFileSync('/usr/bin/python3', [path.join(root, 'tests/lib/ical_read.py'), file]).toString()

// Pressing this gives a file: its name, and where it was kept.
async function kept(page, press) {
    const [download] = await Promise.all([page.waitForEvent('download'), press()])
    return { name: download.suggestedFilename(), file: await download.path() }
}

async function clean(page, name) {
    await page.evaluate(axe)
    const found = await page.evaluate(async runOnly => (await window.axe.run(document, { runOnly, resultTypes: ['violations'], preload: false })).violations
        .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`), rules)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.deepEqual([page.url(), found, over], [page.url(), [], 0])
    await picture(page, `calendar-${name}`)
}

test('L-7: a technician follows their jobs, without script, and withdraws the address', { timeout: 120000 }, async () => {
    const { page, context, faults } = await windowOpen(browser, demo, { js: false, width: 390 })
    await signIn(page, 'technician')
    await page.goto(`${office}/calendar`)
    await page.click('main form button[type="submit"]')
    const address = await page.inputValue('#calendar-url')
    assert.match(address, /\/cal\/[\w-]{54}\.ics$/)
    const { name, file } = await kept(page, () => page.goto(address).catch(() => null))
    assert.equal(name, 'interventions.ics')
    const text = understood(file)
    assert.match(text, /^METHOD PUBLISH\n/)
    assert.ok(text.split('\n').filter(line => line.startsWith('UID mandat-job-')).length > 5)
    await page.goto(`${office}/calendar`)
    await page.click('form[action$="/calendar/end"] button')
    assert.equal((await get(demo, new URL(address).pathname)).status, 404)
    assert.deepEqual(faults, [])
    await context.close()
})

test('L-7: a date told to the client comes with a file for their calendar', { timeout: 120000 }, async () => {
    const { page, context, faults } = await windowOpen(browser, demo)
    await signIn(page, 'froid-admin')
    const { to_plan: waiting } = await (await page.request.get(`${office}/planning.json`)).json()
    await page.goto(`${office}/planning/jobs/${waiting[0].id}`)
    await page.fill('[name="day"]', new Date(Date.now() + 21 * 86400000).toISOString().slice(0, 10))    // nobody has anything there yet
    await page.check('[name="is_told"]')
    await page.click('main form[action*="/planning/jobs/"] button.btn-primary[type="submit"]')
    await page.waitForURL(url => !url.pathname.includes('/jobs/'))
    await page.goto('/demo/mail')
    const { name, file } = await kept(page, () => page.click('main article a[download]'))
    assert.match(name, /^I-\d+\.ics$/)
    const text = understood(file)
    assert.match(text, /^METHOD PUBLISH\nUID mandat-job-\d+\nSEQUENCE 1\nSTATUS CONFIRMED\nSUMMARY Froid Atlantique · /)
    assert.match(text, /DTSTART \d+\.0\nDTEND \d+\.0/)
    assert.deepEqual(faults, [])
    await context.close()
})

test('L-7: another date is asked for and declined; stars are given by keyboard, without script', { timeout: 120000 }, async () => {
    const { page, context, faults } = await windowOpen(browser, demo, { js: false, width: 390 })
    await signIn(page, 'contact')
    const { jobs } = await (await page.request.get(`${portal}/jobs.json`)).json()
    const planned = jobs.find(job => job.state === 'planned'), done = jobs.find(job => job.state === 'done')
    await page.goto(`${portal}/jobs/${planned.id}`)
    await page.click('main a[href$="/wish"]')
    await page.click('form[action$="/wish"] button[type="submit"]')
    assert.match(await page.textContent('main'), /Dites quel jour/)
    await page.focus('[name="part"]:checked')
    await page.keyboard.press('ArrowDown')
    await page.fill('[name="reason"]', 'Marché ce jour-là')
    await page.click('form[action$="/wish"] button[type="submit"]')
    assert.match(await page.textContent('main'), /le matin · «\u00a0Marché ce jour-là\u00a0»/)
    await page.goto(`${portal}/jobs/${done.id}/rating`)
    await page.focus('[name="stars"][value="5"]')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Bien fait')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(url => !url.pathname.endsWith('/rating'))
    assert.match(await page.textContent('main'), /3 sur 5 · «\u00a0.*Bien fait/)
    await signIn(page, 'froid-admin')
    await page.goto(`${office}/jobs/${planned.id}/wish`)
    await page.fill('[name="answer"]', 'Plus rien avant Noël')
    await page.click('form[action$="/wish"] button[type="submit"]')
    const mail = await lastMail(demo, 'claire.delmas@bellerive.example', found => found.kind === 'mail_job_declined')
    assert.match(mail.text, /Plus rien avant Noël/)
    assert.deepEqual(faults, [])
    await context.close()
})

test('L-7: a client follows the calendar', { timeout: 120000 }, async () => {
    const { page, context, faults } = await windowOpen(browser, demo, { js: false })
    await signIn(page, 'contact')
    await page.goto(`${portal}/jobs`)
    await page.click('form[action$="/calendar"] button')
    const { file } = await kept(page, async () => page.goto(await page.inputValue('#calendar-url')).catch(() => null))
    assert.match(understood(file), /SUMMARY Froid Atlantique · /)
    assert.deepEqual(faults, [])
    await context.close()
})

test('L-7: the pages are clean for axe, in both languages, on a phone in the dark', { timeout: 120000 }, async () => {
    for (const lang of ['fr', 'en']) {
        const { page, context } = await windowOpen(browser, demo, { width: lang === 'fr' ? 1280 : 320, lang, scheme: lang === 'fr' ? 'light' : 'dark' })
        await signIn(page, 'technician')
        await page.goto(`${office}/calendar`)
        await clean(page, `${lang}-none`)
        await page.click('form[action$="/calendar"] button')
        await clean(page, `${lang}-made`)
        await page.click('form[action$="/calendar/end"] button')
        await signIn(page, 'contact')
        const { jobs } = await (await page.request.get(`${portal}/jobs.json`)).json()
        await page.goto(`${portal}/jobs`)
        await clean(page, `${lang}-client`)
        for (const [state, form] of [['planned', 'wish'], ['done', 'rating']]) {
            await page.goto(`${portal}/jobs/${jobs.filter(job => job.state === state).pop().id}/${form}`)
            await clean(page, `${lang}-${form}`)
        }
        await signIn(page, 'froid-admin')
        const { to_plan: waiting } = await (await page.request.get(`${office}/planning.json?all=1`)).json()
        await page.goto(`${office}/jobs/${waiting.find(job => job.number === 1186).id}/wish`)
        await clean(page, `${lang}-wish`)
        await context.close()
    }
})
