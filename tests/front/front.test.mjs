// Mandat behind nginx with deploy/nginx/mandat.conf: what is malformed is refused and what hides behind it never runs, uploads meet
// our own limit, no log holds a secret.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { after, before, test } from 'node:test'
import tls from 'node:tls'
import { frontStart, name, program, raw, served } from './lib.mjs'

let front
before(async () => { front = await frontStart() })
after(async () => { await front?.stop() })

function ask(path, { method = 'GET', headers = {}, body = '' } = {}) {
    return new Promise((resolve, reject) => {
        const request = https.request({ host: '127.0.0.1', port: front.tls, servername: name, ca: front.ca, agent: false, path, method,
            headers: { Host: front.host, ...headers } }, answer => {
            const pieces = []
            answer.on('data', piece => pieces.push(piece))
            answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(pieces).toString() }))
        })
        request.on('error', reject)
        request.setTimeout(10000, () => request.destroy(new Error(`no answer from ${path}`)))
        request.end(body)
    })
}

const ownForm = { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' }

async function signIn(headers = {}) {
    const page = await ask('/demo')
    const token = page.text.match(/name="form_token" value="([^"]+)"/)[1]
    const before = (page.headers['set-cookie'] ?? []).map(cookie => cookie.split(';')[0]).join('; ')
    const answer = await ask('/demo/sign-in', { method: 'POST', headers: { ...ownForm, Origin: `https://${front.host}`, Cookie: before, ...headers },
        body: `persona=contact&form_token=${encodeURIComponent(token)}` })
    assert.equal(answer.status, 303, answer.text.match(/<title>.*/)?.[0])
    return answer.headers['set-cookie'].map(cookie => cookie.split(';')[0]).find(cookie => cookie.startsWith('__Host-mandat='))
}

test('a page comes over TLS, HTTP/1.1 and HTTP/2, compressed, with our headers and without a version', async () => {
    const page = await ask('/demo', { headers: { 'Accept-Encoding': 'gzip' } })
    assert.equal(page.status, 200)
    assert.equal(page.headers['content-encoding'], 'gzip')
    assert.match(page.headers['strict-transport-security'], /max-age=63072000/)
    assert.equal(page.headers.server, 'nginx')
    const session = http2.connect(`https://127.0.0.1:${front.tls}`, { servername: name, ca: front.ca })
    const status = await new Promise((resolve, reject) => {
        session.on('error', reject)
        const stream = session.request({ ':path': '/demo', ':authority': front.host })
        stream.on('response', headers => resolve(headers[':status']))
        stream.resume()
    })
    session.close()
    assert.equal(status, 200)
    const socket = tls.connect({ host: '127.0.0.1', port: front.tls, servername: name, ca: front.ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })
    const failed = await new Promise(resolve => { socket.on('error', () => resolve(true)); socket.on('secureConnect', () => resolve(false)) })
    socket.destroy()
    assert.ok(failed, 'TLS 1.1 is refused')
})

test('HTTP leads to HTTPS; a name that is not ours gets nothing', async () => {
    const plain = host => new Promise(resolve => {
        http.get({ host: '127.0.0.1', port: front.plain, path: '/demo', headers: { Host: host }, agent: false }, answer => {
            answer.resume()
            resolve({ status: answer.statusCode, location: answer.headers.location })
        }).on('error', () => resolve({ status: 0 }))
    })
    assert.deepEqual(await plain(name), { status: 301, location: `https://${name}/demo` })
    assert.equal((await plain('evil.example')).status, 0)
    assert.equal(await raw(front, `GET /demo HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`, { servername: 'evil.example' }), '')
})

test('the address that counts is the one nginx saw', async () => {
    const cookie = await signIn({ 'X-Forwarded-For': '203.0.113.66', 'X-Real-IP': '203.0.113.66', Forwarded: 'for=203.0.113.66' })
    const account = await ask('/account', { headers: { Cookie: cookie } })
    assert.equal(account.status, 200)
    assert.ok(!account.text.includes('203.0.113.66'), 'what the client wrote is not believed')
    assert.ok(account.text.includes('127.0.0.1'))
})

test('every malformed request is refused, and what hides behind it never runs', async () => {
    const hidden = `GET /health?hidden HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`
    const get = `GET /health HTTP/1.1\r\nHost: ${front.host}\r\n`
    const post = `POST /language HTTP/1.1\r\nHost: ${front.host}\r\nContent-Type: application/x-www-form-urlencoded\r\n`
    const long = lines => Array.from({ length: lines }, (_, i) => `X-${i}: ${'y'.repeat(300)}\r\n`).join('')
    const malformed = {
        'two Host': `${get}Host: ${front.host}\r\n\r\n`,
        'two Host that differ': `${get}host: evil.example\r\n\r\n`,
        'a foreign Host': 'GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n',
        'no Host': 'GET /health HTTP/1.1\r\n\r\n',
        'an absolute target with another host': `GET http://evil.example/health HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        'an absolute target and a foreign Host': `GET https://${front.host}/health HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
        'two Content-Length that differ': `${post}Content-Length: 3\r\nContent-Length: ${hidden.length}\r\n\r\na=b`,
        'two Content-Length that agree': `${post}Content-Length: 3\r\nContent-Length: 3\r\n\r\na=b`,
        'Content-Length and Transfer-Encoding': `${post}Content-Length: ${hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
        'Transfer-Encoding and Content-Length': `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
        'Content-Length: +3': `${post}Content-Length: +3\r\n\r\na=b`,
        'Content-Length: 0x3': `${post}Content-Length: 0x3\r\n\r\na=b`,
        'Content-Length: 3,3': `${post}Content-Length: 3,3\r\n\r\na=b`,
        'Content-Length: -1': `${post}Content-Length: -1\r\n\r\na=b`,
        'gzip, chunked': `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
        'identity': `${post}Transfer-Encoding: identity\r\n\r\n`,
        'chunked in HTTP/1.0': `POST /language HTTP/1.0\r\nHost: ${front.host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
        'a chunk without a size': `${post}Transfer-Encoding: chunked\r\n\r\nx\r\n`,
        'a space before the colon': `${get}X : y\r\n\r\n`,
        'Content-Length with a space before the colon': `${post}Content-Length : 3\r\n\r\na=b`,
        'Transfer-Encoding with a space before the colon': `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
        'a space in a name': `${get}X Y: z\r\n\r\n`,
        'no name': `${get}: y\r\n\r\n`,
        'a bare CR in a value': `${get}X: a\rb\r\n\r\n`,
        'NUL in a value': `${get}X: a\0b\r\n\r\n`,
        'NUL at the end of a value': `${get}X: a\0\r\n\r\n`,
        'NUL in a name': `${get}X\0: a\r\n\r\n`,
        'NUL in a target': `GET /health\0/x HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        '%00 in a path': `GET /health%00 HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        '%00 in a query': `GET /health?a=%00 HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        'a control character in a target': `GET /health\x01 HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        'a space in a target': `GET /a b HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        'above the root': `GET /../etc HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        'a folded line': `${get}X: a\r\n b\r\n\r\n`,
        'a folded Content-Length': `${post}Content-Length:\r\n 3\r\n\r\na=b`,
        'a folded Host': `GET /health HTTP/1.1\r\n Host: ${front.host}\r\n\r\n`,
        'a bare LF before a length': `${get}X: a\nContent-Length: ${hidden.length}\r\n\r\n`,
        'a bare LF before a request': `${get}X: a\nGET /health?hidden HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        'one header of 17 KB': `${get}X: ${'y'.repeat(17 * 1024)}\r\n\r\n`,
        'headers of 17 KB together': `${get}${long(57)}\r\n`,
        'a target of 5 KB': `GET /${'y'.repeat(5000)} HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        'a method that is none': `get /health HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        'TRACE': `TRACE /health HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`,
        'CONNECT': `CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n`,
        'a version that is none': `GET /health HTTP/3.7\r\nHost: ${front.host}\r\n\r\n`,
        'nonsense': '\x16\x03\x01\x02\0\x01\r\n',
    }
    const faults = []
    const earlier = await served(front)
    // Side by side: what one of them leaves open waits for nobody.
    await Promise.all(Object.entries(malformed).map(async ([what, text]) => {
        const answer = await raw(front, Buffer.from(text + hidden, 'latin1'))
        const statuses = [...answer.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(match => Number(match[1]))
        if (statuses.some(status => status < 400 || status > 505) || statuses.length > 1) faults.push(`${what}: ${statuses.join(' ')}`)
    }))
    assert.deepEqual(faults, [])
    assert.equal(await served(front), earlier, 'none of them was answered by Mandat')
})

// nginx has no switch for these; it reads them in the one way the standard allows and hands on what is well said.
test('what nginx mends is the same request for nginx and for Mandat', async () => {
    const close = 'Connection: close\r\n'
    const mended = {
        'LF for CRLF': `GET /health HTTP/1.1\nHost: ${front.host}\nConnection: close\n\n`,
        'a CR too many at the end of a line': `GET /health HTTP/1.1\r\nHost: ${front.host}\r\n${close}X: a\r\r\n\r\n`,
        'a line without a colon': `GET /health HTTP/1.1\r\nHost: ${front.host}\r\n${close}nothing\r\n\r\n`,
    }
    for (const [what, text] of Object.entries(mended)) {
        const earlier = await served(front)
        const answer = await raw(front, `${text}GET /health?hidden HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`)
        assert.equal(answer.match(/HTTP\/1\.1 200 /g)?.length, 1, what)
        assert.equal(await served(front), earlier + 1, what)
    }
})

test('an upload beyond the limit meets our own page, one far beyond it nginx', async () => {
    const cookie = await signIn()
    const send = (bytes, path) => new Promise((resolve, reject) => {
        const head = `POST ${path} HTTP/1.1\r\nHost: ${front.host}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n`
            + `Content-Type: multipart/form-data; boundary=zz\r\nContent-Length: ${bytes}\r\n\r\n--zz\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n`
        let answer = '', left = bytes
        const piece = Buffer.alloc(1 << 20, 'a')
        const socket = tls.connect({ host: '127.0.0.1', port: front.tls, servername: name, ca: front.ca }, () => { socket.write(head); more() })
        const more = () => {
            while (left > 0 && !answer && !socket.destroyed) {
                left -= piece.length
                if (!socket.write(piece)) return void socket.once('drain', more)
            }
        }
        socket.setTimeout(15000, () => socket.destroy(new Error('no answer')))
        socket.on('data', data => { answer += data.toString('latin1') })
        socket.on('error', error => (answer ? resolve(answer) : reject(error)))
        socket.on('close', () => resolve(answer))
    })
    const ours = await send(215 * 1024 * 1024, '/p/froid-atlantique/tickets')
    assert.match(ours, /^HTTP\/1\.1 (413|422) /)          // where the form can be shown again, it is
    assert.match(Buffer.from(ours, 'latin1').toString(), /dépasse/)
    assert.match(ours, /Content-Security-Policy/i, 'the page is Mandat’s')
    const theirs = await send(230 * 1024 * 1024, '/p/froid-atlantique/tickets')
    assert.match(theirs, /^HTTP\/1\.1 413 /)
    assert.doesNotMatch(theirs, /Content-Security-Policy/i)
})

test('no log holds a secret of an address, however it was asked for; many tries are slowed down', async () => {
    const secret = 'Q7geheim9'
    // Whatever a mail links to, from the table of routes: nginx knows each by name.
    const links = [...new Set(execFileSync(program, ['routes'], { encoding: 'utf8' }).match(/\/account\/\w+\/:word(?= )/g))]
    assert.ok(links.length >= 5, links.join())
    const places = [`/l/${secret}`, `/L/${secret}`, `/%6c/${secret}`, `//l/${secret}`, `/x/../l/${secret}`, `/l/${secret}?x=${secret}`, `/cal/${secret}.ics`,
        `/account//password/${secret}`, `/account/%70assword/${secret}`, `/demo?q=${secret}`, `/l/${secret}%00`, `/l/${secret}%zz`,
        ...links.map(link => link.replace(':word', secret)), `/sign-in?back=/account/dossier/${secret}`]
    for (const place of places) await raw(front, `GET ${place} HTTP/1.1\r\nHost: ${front.host}\r\nConnection: close\r\nReferer: https://${front.host}/l/${secret}\r\n\r\n`)
    const heads = [`Host: ${front.host}\r\nHost: ${front.host}\r\n`, 'Host: evil.example\r\n', `Host: ${front.host}\r\nX : y\r\n`, `Host: ${front.host}\r\nX: ${'y'.repeat(20000)}\r\n`,
        `Host: ${front.host}\r\nContent-Length: ${300 * 1024 * 1024}\r\n`]
    for (const head of heads) await raw(front, `POST /l/${secret} HTTP/1.1\r\n${head}Connection: close\r\n\r\n`)
    await raw(front, `GET /l/${secret}${'y'.repeat(9000)} HTTP/1.1\r\nHost: ${front.host}\r\n\r\n`)
    await raw(front, `GET /l/${secret} HTTP/3.7\r\nHost: ${front.host}\r\n\r\n`)
    await raw(front, `GET https://${front.host}/l/${secret} HTTP/1.1\r\nHost: ${front.host}\r\nConnection: close\r\n\r\n`)
    const limited = await Promise.all(links.flatMap(link => Array.from({ length: 60 / links.length }, () => ask(link.replace(':word', secret)))))
    assert.ok(limited.some(answer => answer.status === 429), 'links are limited by address')
    assert.ok((await ask('/demo')).status === 200, 'and nothing else is')
    const doors = await Promise.all(Array.from({ length: 40 }, () => ask('/sign-in', { method: 'POST', headers: ownForm, body: 'email=a&password=b' })))
    assert.ok(doors.some(answer => answer.status === 429), 'sign-in is limited by address')
    await front.demo.stop()
    assert.equal((await ask(`/cal/${secret}.ics`)).status === 502 || (await ask(`/cal/${secret}.ics`)).status === 429, true)
    assert.equal((await ask('/demo')).status, 502)
    for (const link of links) assert.ok((await ask(link.replace(':word', secret))).status >= 429, link)
    assert.equal((await ask(`/sign-in?back=/account/dossier/${secret}`)).status, 502)
    assert.equal((await ask(`/p/froid-atlantique/sign-in?back=/account/dossier/${secret}`)).status, 502)
    assert.equal((await ask(`/x/../l/${secret}`)).status >= 429, true)
    const logs = front.logs() + readFileSync(`${front.folder}/demo.log`, 'utf8')
    assert.ok(logs.includes('"path":"/l/-"') && logs.includes('"path":"/demo"'), 'the rest is there')
    const lines = logs.split('\n').filter(line => line.includes(secret))
    assert.deepEqual(lines, [])
})
