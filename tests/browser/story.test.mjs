// One client's ticket from end to end, as people live it: a contact files a ticket with an attachment, support answers, both get
// mail, the contact reads the answer and closes it. And a colleague gets access (C-1, C-2). Each in French, with JavaScript and
// without, on a wide screen and on a phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, get, journal, lastMail, mails, password, picture, signIn, signInByPassword, windowOpen } from './lib.mjs'

const contactEmail = 'claire.delmas@bellerive.example'
const colleagueEmail = 'bruno.aubry@bellerive.example'
const supportEmail = 'sabine.cozic@froid-atlantique.example'
const portal = '/p/froid-atlantique', office = '/o/froid-atlantique'
const reading = Buffer.from('heure;temperature\r\n06:50;-11,0\r\n07:00;-10,8\r\n')
const secret = 'quatre canots et un phare'

let browser
before(async () => { browser = await browserStart() })
after(async () => { await browser?.close() })

const textOf = (page, selector) => page.locator(selector).first().innerText()

// From the portal's list to the new ticket's own page (C-8).
async function ticketFile(page, title) {
    await page.goto(`${portal}/tickets`)
    await page.click('.m-head a.btn-primary')
    await page.getByLabel('Titre').fill(title)
    await page.getByLabel('Type').selectOption({ label: 'Panne' })
    await page.getByLabel('Priorité').selectOption({ label: 'Haute' })
    await page.getByLabel('Description').fill('Le thermomètre de la vitrine monte.\n\nLe relevé est joint.')
    await page.locator('input[name="files"]').setInputFiles({ name: 'relevé du matin.csv', mimeType: 'text/csv', buffer: reading })
    await page.getByRole('button', { name: 'Envoyer' }).click()
    await page.waitForURL(/\/tickets\/\d+/)
    assert.equal(await textOf(page, 'h1'), title)
}

// The attachment is served as a file, whole, and opens nothing in the page.
async function attachmentRead(page) {
    const href = await page.getByRole('link', { name: /relevé du matin\.csv/ }).first().getAttribute('href')
    const answer = await page.context().request.get(href)
    assert.equal(answer.status(), 200)
    assert.match(answer.headers()['content-disposition'], /^attachment/)
    assert.deepEqual(await answer.body(), reading)
}

// Support finds it first in its queue and answers (C-10).
async function ticketAnswer(page, title, number) {
    await page.goto(`${office}/tickets`)
    await page.getByRole('link', { name: title }).first().click()
    await page.waitForURL(/\/tickets\/\d+/)
    await attachmentRead(page)
    await page.locator('textarea[name="body"]').fill('Bonjour,\n\nKarim passe à 15 h. Gardez la vitrine fermée.')
    await page.getByRole('button', { name: 'Répondre' }).click()
    await page.getByText('Karim passe à 15 h.').waitFor()
    assert.match(await textOf(page, '.m-lead'), new RegExp(number))
    assert.match(await textOf(page, '.m-facts'), /Réponse du client attendue/)
}

async function ticketResolve(page, address) {
    await page.goto(address)
    await page.getByText('Karim passe à 15 h.').waitFor()
    assert.match(await textOf(page, '.m-facts'), /Votre réponse attendue/)
    await page.locator('textarea[name="body"]').fill('C’est réparé, merci.')
    await page.getByRole('button', { name: 'Marquer comme résolu' }).click()
    await page.getByText('C’est réparé, merci.').waitFor()
    assert.match(await textOf(page, '.m-facts'), /Résolu/)
}

async function ticketStory(demo, look, name) {
    const contact = await windowOpen(browser, demo, look), support = await windowOpen(browser, demo, look)
    const title = `Vitrine à desserts trop chaude, ${name}`
    await signIn(contact.page, 'contact')
    await ticketFile(contact.page, title)
    await attachmentRead(contact.page)
    await picture(contact.page, `story-ticket-${name}`)
    const address = contact.page.url(), number = (await textOf(contact.page, '.m-lead')).match(/T-\d+/)[0]

    const told = await lastMail(demo, supportEmail, mail => mail.subject.includes(title))
    assert.match(told.text, /Le relevé est joint\./)
    await signIn(support.page, 'froid-admin')
    await ticketAnswer(support.page, title, number)
    await picture(support.page, `story-desk-${name}`)

    const answer = await lastMail(demo, contactEmail, mail => mail.subject.includes(title))
    assert.match(answer.text, /Karim passe à 15 h\./)
    const link = answer.links.find(url => url.includes(`${portal}/tickets/`))
    assert.equal(new URL(link).pathname, new URL(address).pathname)
    await ticketResolve(contact.page, link)
    await support.page.reload()
    assert.match(await textOf(support.page, '.m-facts'), /Résolu/)
    assert.deepEqual([...contact.faults, ...support.faults], [])
    await contact.context.close()
    await support.context.close()
}

// ---- C-1, C-2 ----

async function contactFind(page) {
    await page.goto(`${office}/contacts`)
    await page.locator('input#search').fill('Aubry')
    await page.locator('input#search').press('Enter')
    await page.getByRole('link', { name: 'Bruno Aubry' }).first().click()
    await page.waitForURL(/\/contacts\/\d+/)
}

const ticketsValue = page => page.locator('.m-edit').filter({ hasText: 'Gestion des tickets' })

// With a script by double click and the window, without by the pencil and a page: the same words and the same button.
async function accessGive(page, js) {
    assert.match(await ticketsValue(page).innerText(), /Non/)
    if (js) {
        await ticketsValue(page).locator('[data-edit]').dblclick()
        await ticketsValue(page).locator('input[type="checkbox"]').check()
        await page.locator('dialog[open]').waitFor()
        assert.match(await textOf(page, 'dialog[open]'), new RegExp(colleagueEmail))
    } else {
        await ticketsValue(page).locator('a[href]').first().click()
        await page.waitForURL(/\/access\/tickets/)
        assert.match(await textOf(page, 'main'), new RegExp(colleagueEmail))
    }
    const before = page.url()
    await page.locator(js ? 'dialog[open]' : 'main').getByRole('button', { name: 'Donner Accès' }).click()
    await page.waitForURL(url => /\/contacts\/\d+$/.test(url.pathname) && url.href !== before || js)
    await ticketsValue(page).getByText('Oui').first().waitFor()
}

// The link of the mail sets a password, once, and opens the space.
async function passwordSet(page, link) {
    await page.goto(link)
    const boxes = page.locator('main input[type="password"]')
    for (let i = 0; i < await boxes.count(); i++) await boxes.nth(i).fill(secret)
    await page.locator('main form button[type="submit"]').first().click()
    await page.waitForURL(url => url.pathname.startsWith(portal) && !url.pathname.endsWith('/sign-in'))
}

async function accessStory(demo, look, name) {
    const support = await windowOpen(browser, demo, look), colleague = await windowOpen(browser, demo, look)
    await signIn(support.page, 'froid-admin')
    await contactFind(support.page)
    await accessGive(support.page, look.js)
    await picture(support.page, `story-access-${name}`)

    const invited = await lastMail(demo, colleagueEmail)
    assert.match(invited.text, /Définir mon mot de passe/)
    assert.doesNotMatch(invited.text, new RegExp(secret))
    const link = invited.links.find(url => url.includes('/account/password/'))
    assert.equal((await get(demo, new URL(link).pathname)).status, 200, 'opening it, as a scanner does, burns nothing')
    await passwordSet(colleague.page, link)
    await colleague.page.goto(`${portal}/tickets`)
    await colleague.page.getByRole('link', { name: /alarme de température/ }).first().waitFor()
    assert.equal((await colleague.page.goto(`${portal}/tickets/new`)).status(), 200)
    await picture(colleague.page, `story-colleague-${name}`)

    const again = await windowOpen(browser, demo, look)
    const used = await again.page.goto(link)
    assert.ok(used.status() >= 400 || await again.page.locator('main input[type="password"]').count() === 0, 'the link works once')
    await signInByPassword(again.page, `${portal}/sign-in`, colleagueEmail, secret)
    await again.page.waitForURL(url => url.pathname === portal)
    assert.deepEqual([...support.faults, ...colleague.faults, ...again.faults], [])
    for (const { context } of [support, colleague, again]) await context.close()
}

for (const js of [true, false]) {
    for (const width of [1280, 390]) {
        const name = `${js ? 'js' : 'plain'}-${width}`
        test(`a ticket from end to end, and access for a colleague: ${js ? 'with' : 'without'} JavaScript, ${width} px`, { timeout: 120000 }, async t => {
            const demo = await demoStart()
            try {
                const before = await journal(demo)
                await t.test('C-6 C-7 C-8: filed, answered, resolved', () => ticketStory(demo, { js, width }, name))
                await t.test('C-1 C-2: access given, password set, in', () => accessStory(demo, { js, width }, name))
                await t.test('M-3 M-4: every act is in the journal, which proves itself', async () => {
                    const { entries, faults } = await journal(demo)
                    assert.equal(faults, 0)
                    assert.ok(entries >= before.entries + 8, `${entries - before.entries} entries for three sign-ins, a ticket, its answers and its end, an access, a password`)
                })
            } finally {
                await demo.stop()
            }
        })
    }
}

test('the sign-in page: a wrong password says so and keeps the address, the right one opens the space; signing out closes it', { timeout: 60000 }, async () => {
    const demo = await demoStart()
    try {
        const { page, faults, context } = await windowOpen(browser, demo, {})
        await signInByPassword(page, `${portal}/sign-in`, contactEmail, 'not the password at all')
        await page.locator('.m-error').first().waitFor()
        assert.equal(await page.inputValue('[name="email"]'), contactEmail)
        await signInByPassword(page, `${portal}/sign-in`, contactEmail)
        await page.waitForURL(url => url.pathname === portal)
        const [before] = await context.cookies(demo.base).then(list => list.filter(cookie => cookie.httpOnly))
        await page.goto('/account')
        assert.match(await textOf(page, 'main'), /Déconnecter/)
        await page.goto(portal)
        await page.locator('.m-me').click()
        await page.getByRole('button', { name: 'Se déconnecter' }).click()
        await page.waitForURL(url => url.pathname !== portal)
        const refused = await get(demo, `${portal}/tickets.json`, { Cookie: `${before.name}=${before.value}` })
        assert.equal(refused.status, 401)
        assert.deepEqual((await mails(demo)).filter(mail => mail.to_email === contactEmail), [])
        assert.deepEqual(faults, [])
    } finally {
        await demo.stop()
    }
})

// Tab until what fits has the focus; everything in reach lies on this one road.
async function tabTo(page, selector) {
    for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab')
        if (await page.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return
    }
    throw new Error(`Tab does not reach ${selector} on ${page.url()}`)
}

test('X-7: signing in, filing a ticket and answering by keyboard alone', { timeout: 60000 }, async () => {
    const demo = await demoStart()
    try {
        const { page, faults } = await windowOpen(browser, demo, {})
        await page.goto(`${portal}/sign-in`)
        await tabTo(page, '[name="email"]')
        await page.keyboard.type(contactEmail)
        await tabTo(page, '[name="password"]')
        await page.keyboard.type(password)
        await page.keyboard.press('Enter')
        await page.waitForURL(url => url.pathname === portal)
        await page.goto(`${portal}/tickets`)
        await tabTo(page, '.m-skip')
        await page.keyboard.press('Enter')
        await tabTo(page, '.m-head a.btn-primary')
        await page.keyboard.press('Enter')
        await page.waitForURL(/\/tickets\/new$/)
        await tabTo(page, '[name="title"]')
        await page.keyboard.type('Sans souris')
        await tabTo(page, '[name="type_id"]')
        await page.keyboard.type('Panne')
        await tabTo(page, '[name="priority_id"]')
        await page.keyboard.type('Haute')
        await tabTo(page, '[name="description"]')
        await page.keyboard.type('Tout au clavier.')
        await tabTo(page, 'main form button[type="submit"]')
        await page.keyboard.press('Enter')
        await page.waitForURL(/\/tickets\/\d+/)
        assert.equal(await textOf(page, 'h1'), 'Sans souris')
        await tabTo(page, 'textarea[name="body"]')
        await page.keyboard.type('Et la suite aussi.')
        await tabTo(page, 'main form button[type="submit"]')
        await page.keyboard.press('Enter')
        await page.getByText('Et la suite aussi.').waitFor()
        assert.deepEqual(faults, [])
    } finally {
        await demo.stop()
    }
})
