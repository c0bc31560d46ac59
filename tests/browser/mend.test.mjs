// what is wrong stays marked until it is being mended, no longer; at a door and within; and without script it is as it was.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, signIn, signInByPassword, windowOpen } from './lib.mjs'

let browser, demo
before(async () => {
    demo = await demoStart()
    browser = await browserStart()
})
after(async () => {
    await browser?.close()
    await demo?.stop()
})

const wrong = page => page.$$eval('[aria-invalid], .is-invalid, .m-error', list => list.map(element => element.id))

test('X-7: the marks of a form go one by one', { timeout: 60000 }, async () => {
    const { page, context, faults } = await windowOpen(browser, demo)
    await signIn(page, 'contact')
    await page.goto('/p/froid-atlantique/tickets/new')
    await page.$eval('main form', form => { form.noValidate = true })
    await page.getByRole('button', { name: 'Envoyer' }).click()
    await page.locator('#f-title-error').waitFor()
    const before = await wrong(page)
    await page.fill('#f-title', 'Vitrine')
    assert.deepEqual(await wrong(page), before.filter(id => !id.startsWith('f-title')))
    assert.ok(!((await page.getAttribute('#f-title', 'aria-describedby')) ?? '').includes('error'))
    assert.ok((await wrong(page)).includes('f-description'))
    assert.deepEqual(faults, [])
    await context.close()
})

test('X-7: a door is about all of its fields', { timeout: 60000 }, async () => {
    for (const js of [true, false]) {
        const { page, context } = await windowOpen(browser, demo, { js })
        await signInByPassword(page, '/p/froid-atlantique/sign-in', 'claire.delmas@bellerive.example', 'ce n’est pas cela')
        await page.locator('.m-error').waitFor()
        await page.fill('[name="email"]', 'claire.delmas@bellerive.exampl')
        assert.equal((await wrong(page)).length > 0, !js)
        await context.close()
    }
})
