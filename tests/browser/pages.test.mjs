// Every place of every person of the demonstration, and the pages for when something is wrong: no violation for axe, nothing scrolls
// sideways down to 320 px, nothing in the console, in both themes and both languages.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, lastMail, personas, picture, signIn, windowOpen } from './lib.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
// Looking is dear and measuring cheap: axe sees two of the four views that are measured.
const views = [{ width: 1280, scheme: 'light', axe: true }, { width: 1280, scheme: 'dark' }, { width: 390, scheme: 'light' }, { width: 320, scheme: 'dark', axe: true }]
const measured = views.map(view => ({ ...view, axe: false }))
const pagesMost = 40

let browser, demo
before(async () => {
    demo = await demoStart()
    browser = await browserStart()
})
after(async () => {
    await browser?.close()
    await demo?.stop()
})

// What axe and the ruler find on the page as it stands, as lines to read. What the console says while axe works is axe's own doing.
async function findings({ page, faults }, some = views) {
    const found = [], said = faults.length
    if (some.some(view => view.axe)) await page.evaluate(axe)
    for (const { width, scheme, axe: looks } of some) {
        await page.setViewportSize({ width, height: 900 })
        await page.emulateMedia({ colorScheme: scheme })
        const where = `${page.url()} at ${width} px, ${scheme}`
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        if (over > 0) found.push(`${where}: scrolls sideways by ${over} px (${await page.evaluate(widest)})`)
        if (!looks) continue
        const violations = await page.evaluate(async () => (await window.axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], preload: false,
        })).violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`))
        found.push(...violations.map(text => `${where}: ${text}`))
    }
    faults.length = said
    return found
}

// In the page: what reaches furthest to the right.
function widest() {
    const right = element => element.getBoundingClientRect().right
    const most = [...document.body.querySelectorAll('*')].reduce((a, b) => right(b) > right(a) ? b : a)
    return most.outerHTML.slice(0, 120)
}

// An address without its numbers, words and choices: the kind of page it is.
const kind = url => url.pathname.replace(/\/\d+/g, '/:id').replace(/\/access\/\w+/, '/access/:word').replace(/^\/([po])\/[^/]+/, '/$1/:org') + (url.search ? '?' : '')
const isPlace = (url, start) => url.origin === demo.base && (url.pathname.startsWith(start) || /^\/(account|demo)\b/.test(url.pathname)) && !/\/files\/|\/shared\/\d+|\/sheet$|\/documents\/\d+|\/html$|\/mail\/\d+\/file$|\.(json|csv)$/.test(url.pathname)

// Every kind of page that links lead to from here, once; `seen` says which are known already.
async function crawl(window, start, seen, name, some = views) {
    const { page } = window, queue = [start], found = []
    let visited = 0
    while (queue.length && visited < pagesMost) {
        const url = new URL(queue.shift(), demo.base)
        if (seen.has(kind(url)) && visited) continue
        seen.add(kind(url))
        visited++
        const answer = await page.goto(url.href)
        if (answer.status() !== 200) found.push(`${url.pathname}: ${answer.status()}`)
        const links = await page.$$eval('a[href]', list => list.map(link => link.href))
        queue.push(...links.filter(href => isPlace(new URL(href), start)))
        found.push(...await findings(window, some))
        await picture(page, `${name}${kind(url).replaceAll('/', '-')}`, views)
    }
    return found
}

// froid-admin and contact come first and see all there is; of the others' places those that are new, and their first page.
const known = new Set()
for (const persona of ['contact', 'froid-admin', ...Object.keys(personas).slice(2)]) {
    test(`every place of ${persona}`, { timeout: 400000 }, async () => {
        const window = await windowOpen(browser, demo)
        await signIn(window.page, persona)
        const found = await crawl(window, personas[persona], known, persona)
        assert.deepEqual([...found, ...window.faults], [])
        await window.context.close()
    })
}

// The crawl stops at forty kinds of page a person: what lies further is named here, and looked at where nobody has come by.
const beyond = {
    'froid-admin': [
        ...['', '?view=mine', '?view=late', '?search=zzzz', '/new', '/settings', '/types/new', '/priorities/new', '/templates', '/templates/new'].map(rest => `/tickets${rest}`),
        ...['', '/elsewhere', '?state=ended', '?search=zzzz'].map(rest => `/mandates${rest}`),
        '/why', '/mails', '/clients/import', '/contacts/import', '/sites/import', '/equipment/import', '/exports', ['/clients?search=bellerive', 'tbody th a', 'a[href$="/files"]'],
        '/settings/portal', ['/clients?search=bellerive', 'tbody th a', 'a[href$="/portal"]'], '/sites', '/sites?search=zzzz', '/equipment', '/equipment?warranty=ended', ['/sites', 'tbody th a'], ['/sites?search=centrale', 'tbody th a', 'a[href$="/edit"]'],
        ['/sites', 'tbody th a', '.m-crumbs a[href$="/sites"]:last-child', 'a[href$="/sites/new"]'], ['/equipment', 'tbody th a'], ['/equipment', 'tbody th a', 'a[href$="/edit"]'],
        ['/equipment', 'tbody th a', '.m-crumbs a:last-child', 'a[href$="/equipment/new"]'],
        '/jobs', '/jobs?view=to_plan', '/jobs?search=zzzz', '/jobs/new?search=bellerive', ['/jobs?state=done', 'tbody th a'], ['/jobs?state=done', 'tbody th a', 'a[href$="/history"]'],
        ['/jobs?view=to_plan', 'tbody th a', 'a[href$="/edit"]'], ['/jobs?view=to_plan', 'tbody th a', 'a[href$="/plan"]'], ['/jobs?view=to_plan', 'tbody th a', 'a[href$="/cancel"]'],
        ['/jobs?state=started', 'tbody th a', 'a[href$="/finish"]'], ['/jobs/new?search=bellerive', '.m-list a'], '/settings/jobs', '/settings/jobs/new', ['/settings/jobs', '.m-list a'],
        ['/jobs', 'tbody th a', '.m-crumbs a:last-child'], ['/sites?search=centrale', 'tbody th a', '.m-tabs a[href$="/jobs"]'], ['/equipment', 'tbody th a', '.m-tabs a[href$="/jobs"]'],
        '/visits', '/visits?view=off', ['/visits', 'tbody th a'],
        '/planning', '/planning?all=1', '/planning/day', '/planning/absences', ['/planning/absences', 'a[href*="/technicians/"]'], ['/planning', '.m-head a:last-child', '.m-job-move'],
        ['/tickets?view=late', 'tbody th a'], ['/tickets/templates', '.m-list a'], ['/tickets/settings', 'a[href*="/priorities/"]:not([href$="/new"])'], ['/mandates', 'a[href$="/end"]'],
    ].map(way => [way].flat()).map(([first, ...rest]) => [`/o/froid-atlantique${first}`, ...rest]),
    contact: [...['/jobs?search=zzzz', '/jobs?state=done', '/jobs/new', '/sites', '/equipment', '/personal', '/invoices', '/documents', '/why'].map(rest => [`/p/froid-atlantique${rest}`]), ['/p/froid-atlantique/mandates'], ['/p/froid-atlantique/mandates', 'main a[href*="/mandates/"]'],
        ['/p/froid-atlantique/jobs?state=done', 'tbody th a'], ['/p/froid-atlantique/sites', 'tbody th a'], ['/p/froid-atlantique/equipment', 'tbody th a'], ['/account/mandates'], ['/account/mandates?state=ended'], ['/account/mandates', 'a[href$="/end"]'], ['/p/froid-atlantique/tickets', 'tbody th a']],
}
const glance = [{ width: 1280, scheme: 'light' }, { width: 390, scheme: 'dark', axe: true }]

for (const persona of Object.keys(beyond))
    test(`C-10, M-1, M-2: tickets, register, mails and clients of ${persona}, however far from home`, { timeout: 400000 }, async () => {
        const window = await windowOpen(browser, demo), { page, faults, context } = window
        const found = []
        await signIn(page, persona)
        for (const [address, ...links] of beyond[persona]) {
            let url = new URL(address, demo.base)
            if (!links.length && !url.search && known.has(kind(url))) continue
            assert.equal((await page.goto(url.href)).status(), 200, address)
            for (const link of links) {
                url = new URL(await page.locator(link).first().getAttribute('href'), demo.base)
                assert.equal((await page.goto(url.href)).status(), 200, url.pathname)
            }
            if (known.has(kind(url)) && !url.search) continue
            known.add(kind(url))
            assert.equal(await page.locator('h1').count(), 1, address)
            found.push(...await findings(window, glance))
        }
        assert.deepEqual([...found, ...faults], [])
        await context.close()
    })

// The operator's own pages, what an organization asks of it, and how both stand (S-0).
test('S-0: the operator’s list, one organization, what ends with a partner, and « Devenir partenaire »', { timeout: 400000 }, async () => {
    const ways = { operator: [['/operator/sillage'], ['/operator/sillage/organizations?search=zzzz'], ['/operator/sillage/organizations?state=asked', 'tbody th a'],
        ['/operator/sillage/organizations?state=partner', 'tbody th a'], ['/operator/sillage/organizations?state=partner', 'tbody th a', 'a[href$="/withdraw"]']],
    'host-admin': [['/o/hexanode/partner']], 'froid-admin': [['/o/froid-atlantique/partner']], 'partner-admin': [['/o/cabinet-lanterne/partner']] }
    for (const persona of Object.keys(ways)) {
        const window = await windowOpen(browser, demo), { page, faults, context } = window
        const found = []
        await signIn(page, persona)
        for (const [address, ...links] of ways[persona]) {
            assert.equal((await page.goto(address)).status(), 200, address)
            for (const link of links) await page.goto(await page.locator(link).first().getAttribute('href'))
            assert.equal(await page.locator('h1').count(), 1, address)
            found.push(...await findings(window, glance))
        }
        assert.deepEqual([...found, ...faults], [])
        await context.close()
    }
})

// Where a partner's support begins and is read of afterwards (S-1, S-4, S-12, S-15), the window that asks for it included.
test('S-4, S-12, S-15: sessions, created and invited companies, « Affecter un support », its mistakes, and a client in the partner’s colours', { timeout: 400000 }, async () => {
    const window = await windowOpen(browser, demo), { page, faults, context } = window, partner = '/partner/cabinet-lanterne', found = []
    const look = async name => {
        assert.equal(await page.locator('h1').count(), 1, name)
        found.push(...await findings(window, glance))
        await picture(page, `partner-${name}`, glance)
        await page.setViewportSize({ width: 1280, height: 900 })
    }
    await signIn(page, 'partner-admin')
    for (const name of ['sessions', 'dossiers/new', 'invitations', 'invitations/new', 'collaborators/new', 'white-label']) {
        assert.equal((await page.goto(`${partner}/${name}`)).status(), 200, name)
        await look(name.replace('/', '-'))
    }
    await page.goto(`${partner}/dossiers?search=tivoli`)
    await page.locator('tbody input[type="checkbox"]').first().check()
    await page.getByRole('button', { name: 'Affecter un support' }).first().click()
    await page.locator('dialog[open]').waitFor()
    await look('assign-window')
    await page.locator('dialog[open]').getByRole('button', { name: 'Valider' }).click()
    await page.locator('fieldset .m-error').first().waitFor()       // said at the field too
    await look('assign-mistakes')
    await page.goto(`${partner}/invitations/new`)
    await page.fill('[name="email"]', 'camille.vasseur@hexanode.example')
    await page.getByRole('button', { name: 'Envoyer l’invitation' }).click()
    const { links } = await lastMail(demo, 'camille.vasseur@hexanode.example', mail => mail.links.some(link => link.includes('/account/dossier/')))
    await page.goto(`${partner}/white-label`)
    await page.locator('main [type="checkbox"]').check()
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await page.locator('.m-note.is-ok').waitFor()
    await signIn(page, 'host-admin')
    await page.goto(links.find(link => link.includes('/account/dossier/')))
    await look('invitation-answer')
    await signIn(page, 'tivoli-admin')
    for (const name of ['', '/support', '/settings']) {
        await page.goto(`/o/boulangerie-tivoli${name}`)
        await look(`white-label-client${name.replace('/', '-')}`)
    }
    assert.deepEqual([...found, ...faults], [])
    await context.close()
})

test('in English no French is left on the places of contact, froid-admin and partner-admin', { timeout: 360000 }, async () => {
    const french = /[«»]|\b(Nouveau|Statut|Priorité|Rechercher|Enregistrer|Annuler|Mot de passe|Adresse|Démonstration|Aucun|Pièce|Bonjour|Tous|Votre)\b/
    for (const persona of ['contact', 'froid-admin', 'partner-admin']) {
        const window = await windowOpen(browser, demo, { lang: 'en' }), { page, faults, context } = window
        await signIn(page, persona)
        const found = await crawl(window, personas[persona], new Set(), `en-${persona}`, measured)
        assert.equal(await page.getAttribute('html', 'lang'), 'en')
        const own = persona === 'partner-admin' ? ['/partner/cabinet-lanterne/collaborators', '/partner/cabinet-lanterne/collaborators/new', '/o/cabinet-lanterne/help', '/o/cabinet-lanterne/support']
            : [`${personas[persona]}/tickets`, `${personas[persona]}/tickets/new`]
        for (const address of [personas[persona], ...own, '/account', '/demo']) {
            await page.goto(address)
            const labels = await page.$$eval('h1, thead th, dt, label, button, nav a, .m-lead', all => all.map(one => one.innerText))
            found.push(...labels.filter(text => french.test(text)).map(text => `${address}: ${text}`))
        }
        assert.deepEqual([...found, ...faults], [])
        await context.close()
    }
})

test('pages for nobody signed in: sign-in, forgotten password, demonstration, mailbox', { timeout: 120000 }, async () => {
    for (const lang of ['fr', 'en']) {
        const window = await windowOpen(browser, demo, { lang }), { page, faults, context } = window
        const found = []
        for (const address of ['/demo', '/demo/mail', '/sign-in', '/p/froid-atlantique/sign-in', '/p/hexanode/sign-in', '/account/password/forgot', '/account/password/forgot?portal=hexanode']) {
            const answer = await page.goto(address)
            assert.equal(answer.status(), 200, address)
            found.push(...await findings(window, lang === 'fr' ? views : measured))
            await picture(page, `door${address.replaceAll(/[/?]/g, '-')}-${lang}`, views)
        }
        assert.deepEqual([...found, ...faults], [])
        await context.close()
    }
})

test('pages for when something is wrong', { timeout: 120000 }, async () => {
    const window = await windowOpen(browser, demo), { page, faults, context } = window
    const found = []
    const look = async (address, status) => {
        const answer = await page.goto(address)
        assert.equal(answer.status(), status, address)
        found.push(...await findings(window))
        await picture(page, `error-${status}${address.replaceAll('/', '-')}`, views)
    }
    await look('/nowhere', 404)
    await look('/p/nobody/sign-in', 404)
    await look('/account/password/AAAAAAAAAAAAAAAAAAAAAAAA', 404)
    await signIn(page, 'technician')
    await look('/o/froid-atlantique/tickets', 403)
    await look('/o/hexanode/tickets', 404)
    await look('/o/froid-atlantique/clients/123456789', 404)
    await signIn(page, 'contact')
    await look('/p/froid-atlantique/tickets/123456789', 404)
    assert.deepEqual([...found, ...faults], [])
    await context.close()
})

test('forms with mistakes, empty lists, an open menu, an open window, a mailbox with mail', { timeout: 120000 }, async () => {
    const window = await windowOpen(browser, demo), { page, faults, context } = window
    const found = []
    const look = async name => {
        found.push(...await findings(window))
        await picture(page, `state-${name}`, views)
        await page.setViewportSize({ width: 1280, height: 900 })
    }
    await signIn(page, 'contact')
    await page.goto('/p/froid-atlantique/tickets/new')
    await page.$eval('main form', form => { form.noValidate = true })
    await page.getByRole('button', { name: 'Envoyer' }).click()
    await page.locator('.m-error').first().waitFor()
    await look('ticket-errors')
    const wanted = await page.$$eval('main select[name="priority_id"] option', list => list.map(option => option.value).filter(Boolean))
    await page.goto(`/p/froid-atlantique/tickets?status=new&priority=${wanted[0]}`)
    if (!await page.locator('.m-empty').count()) await page.goto(`/p/froid-atlantique/tickets?status=new&priority=${wanted.at(-1)}`)
    await page.locator('.m-empty').waitFor()
    await look('tickets-empty')
    await page.goto('/p/froid-atlantique/invoices')      // nothing lies half under the menu there: axe would measure what is left of it
    await page.locator('.m-me').click()
    await page.locator('#me').waitFor()
    await look('menu')
    await page.goto('/p/froid-atlantique/sign-in')
    await signIn(page, 'froid-admin')
    await page.goto('/o/froid-atlantique/clients?search=zzzzzz')
    await look('clients-empty')
    await page.goto('/o/froid-atlantique/contacts?search=aubry')
    await page.getByRole('link', { name: 'Bruno Aubry' }).click()
    await page.waitForURL(/\/contacts\/\d+/)
    await page.locator('.m-edit').filter({ hasText: 'Gestion des tickets' }).locator('a[data-dialog]').click()
    await page.locator('dialog[open]').waitFor()
    await look('access-window')
    await page.locator('dialog[open]').getByRole('button', { name: 'Donner Accès' }).click()
    await page.getByText('Actif').first().waitFor()
    await look('access-given')
    await page.goto('/demo/mail')
    await look('mailbox')
    await page.goto((await lastMail(demo, 'bruno.aubry@bellerive.example')).links.find(link => link.includes('/account/password/')))
    await page.locator('input[type="password"]').first().waitFor()
    await look('password-set')
    assert.deepEqual([...found, ...faults], [])
    await context.close()
})
