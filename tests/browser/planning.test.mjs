// L-7: a job is planned by mouse, by keyboard alone and without a script, and taken back; a technician's day on a phone, with a connection that goes away.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, journal, lastMail, signIn, windowOpen } from './lib.mjs'

const office = '/o/froid-atlantique'

let browser, demo
before(async () => {
    demo = await demoStart()
    browser = await browserStart()
})
after(async () => {
    await browser?.close()
    await demo?.stop()
})

async function tabTo(page, selector) {
    for (let i = 0; i < 250; i++) {
        await page.keyboard.press('Tab')
        if (await page.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return
    }
    throw new Error(`Tab does not reach ${selector} on ${page.url()}`)
}

// A week that has nothing yet, by the links of the page.
async function weekAhead(page, weeks) {
    await page.goto(`${office}/planning`)
    for (let i = 0; i < weeks; i++) await page.goto(await page.getAttribute('.m-head a:last-child', 'href'))
    return page.url()
}

const waiting = async page => Number(await page.innerText('#to-plan .m-count'))
const cell = (page, name, day) => page.locator('.m-week tbody tr').filter({ hasText: name }).locator('td').nth(day)

test('by mouse: dragged onto a day, moved, taken back', { timeout: 120000 }, async () => {
    const { page, faults } = await windowOpen(browser, demo)
    await signIn(page, 'froid-admin')
    await weekAhead(page, 3)
    const before = await waiting(page)
    const todo = page.locator('.m-todo').nth(1), number = (await todo.locator('.m-small').first().innerText()).match(/I-\d+/)[0]
    await Promise.all([page.waitForURL(/done=/), todo.dragTo(cell(page, 'Karim', 1))])
    assert.equal(await waiting(page), before - 1)
    assert.match(await page.innerText('.m-note.is-ok'), new RegExp(number))
    assert.equal(await cell(page, 'Karim', 1).locator('.m-job').count(), 1)
    await Promise.all([page.waitForURL(/was=\d/), cell(page, 'Karim', 1).locator('.m-job').dragTo(cell(page, 'Élodie', 3))])
    assert.equal(await cell(page, 'Élodie', 3).locator('.m-job').count(), 1)
    await Promise.all([page.waitForURL(url => !url.searchParams.has('done')), page.click('.m-note button')])
    assert.equal(await cell(page, 'Karim', 1).locator('.m-job').count(), 1)
    // « Déplacer » opens as a window
    await cell(page, 'Karim', 1).locator('.m-job-move').click()
    await page.locator('dialog[open] [name="start"]').fill('09:30')
    await Promise.all([page.waitForURL(/done=/), page.click('dialog[open] button.btn-primary')])
    assert.match(await cell(page, 'Karim', 1).innerText(), /09:30/)
    assert.deepEqual(faults, [])
})

test('by keyboard: the form in the list', { timeout: 60000 }, async () => {
    const { page, faults } = await windowOpen(browser, demo)
    await signIn(page, 'froid-admin')
    await weekAhead(page, 4)
    const before = await waiting(page)
    await tabTo(page, '.m-todo summary')
    await page.keyboard.press('Enter')
    await tabTo(page, '[name="member_id"]')
    await page.keyboard.type('Théo')
    await tabTo(page, '.m-todo button[type="submit"]')
    await Promise.all([page.waitForURL(/done=/), page.keyboard.press('Enter')])
    assert.equal(await waiting(page), before - 1)
    assert.equal(await page.locator('.m-week tbody tr').filter({ hasText: 'Théo' }).locator('.m-job').count(), 1)
    await tabTo(page, '.m-note button')
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    assert.equal(await waiting(page), before)
    assert.deepEqual(faults, [])
})

// Today, for whoever is the demonstration's technician; the client is told.
async function planToday(page) {
    await page.goto(`${office}/planning`)
    const todo = page.locator('.m-todo').filter({ hasText: 'Hôtel Bellerive' }).first()
    await todo.locator('summary').click()
    await todo.locator('[name="member_id"]').selectOption({ label: (await todo.locator('option', { hasText: 'Karim' }).first().innerText()) })
    await todo.locator('[name="day"]').fill(await todo.locator('[name="day"]').getAttribute('min'))
    await todo.locator('[name="start"]').fill('21:00')
    await todo.locator('[name="minutes"]').selectOption('30')
    await Promise.all([page.waitForEvent('load'), todo.locator('button[type="submit"]').click()])
}

test('without a script: planned, asked once more where it is not free', { timeout: 60000 }, async () => {
    const { page, faults } = await windowOpen(browser, demo, { js: false })
    await signIn(page, 'froid-admin')
    await planToday(page)
    assert.match(page.url(), /done=/)
    assert.match((await lastMail(demo, 'claire.delmas@bellerive.example')).subject, /./)
    await page.goto(`${office}/planning`)
    const todo = page.locator('.m-todo').first()
    await todo.locator('summary').click()
    await todo.locator('[name="member_id"]').selectOption({ label: (await todo.locator('option', { hasText: 'Karim' }).first().innerText()) })
    await todo.locator('[name="day"]').fill(await todo.locator('[name="day"]').getAttribute('min'))
    await todo.locator('[name="start"]').fill('20:45')
    await todo.locator('button[type="submit"]').click()
    await page.locator('#clashes').waitFor()
    assert.match(await page.innerText('#clashes'), /21:00/)
    assert.equal(await page.inputValue('[name="start"]'), '20:45')
    await page.fill('[name="start"]', '18:00')
    assert.deepEqual(faults, [])
})

const photo = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

test('a technician’s day on a phone', { timeout: 120000 }, async () => {
    const { page, context, faults } = await windowOpen(browser, demo, { width: 390, height: 800 })
    await signIn(page, 'technician')
    await page.goto(`${office}/planning/day`)
    const job = page.locator('article').filter({ hasText: '21:00' })
    await Promise.all([page.waitForURL(/day=/), job.getByRole('button', { name: /En route/ }).click()])
    await page.locator('.m-note.is-ok').waitFor()
    await Promise.all([page.waitForEvent('load'), job.getByRole('button', { name: /Arrivé/ }).click()])
    await job.getByRole('link', { name: /Terminer/ }).click()
    await page.locator('[data-sign] canvas').waitFor()
    await page.fill('[name="report"]', 'Vanne remplacée.')
    await page.fill('[name="signed_name"]', 'Claire Delmas')
    await page.setInputFiles('[name="photos"]', [{ name: 'avant.png', mimeType: 'image/png', buffer: photo }])
    await page.locator('[data-sign] canvas').scrollIntoViewIfNeeded()
    const box = await page.locator('[data-sign] canvas').boundingBox()
    await page.mouse.move(box.x + 20, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + 120, box.y + 20)
    await page.mouse.up()
    await page.waitForFunction(() => document.querySelector('[name="signature"]').files.length === 1)
    // nothing was saved, and that is said; what was typed is still there
    await context.setOffline(true)
    await page.click('form[data-progress] button.btn-primary')
    await page.locator('.m-error', { hasText: 'rien n’est confirmé' }).waitFor()
    assert.equal(await page.inputValue('[name="report"]'), 'Vanne remplacée.')
    await context.setOffline(false)
    await Promise.all([page.waitForURL(/planning\/day/), page.click('form[data-progress] button.btn-primary')])
    assert.match(await job.innerText(), /Terminée/)
    assert.deepEqual(faults.filter(text => !/ERR_INTERNET_DISCONNECTED/.test(text)), [])
    assert.equal((await journal(demo)).faults, 0)
})
