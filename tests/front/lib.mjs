// What the tests of the proxy share: a demonstration on a UNIX socket, nginx with deploy/nginx/mandat.conf in front of it, a certificate
// made for the occasion. All on loopback, each process ended by its id.
import { execFileSync, spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import tls from 'node:tls'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
export const program = process.env.MANDAT ?? path.join(root, 'build/release/mandat')
export const name = 'mandat.example.org'
export const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(130))

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

// A process with its standard error in a file; { stop, ended }.
export function start(command, words, log, env = {}) {
    const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, ...env } })
    child.stderr.pipe(createWriteStream(log))
    const kill = () => child.kill('SIGKILL')
    process.on('exit', kill)
    const it = { why: null }
    const ended = new Promise(resolve => {
        child.on('error', error => resolve(error.message))
        child.on('exit', (code, signal) => resolve(signal ?? code))
    }).then(how => { it.why = how; return how })
    it.stop = async () => {
        if (it.why === null) child.kill('SIGTERM')
        const timer = setTimeout(kill, 5000)
        const how = await ended
        clearTimeout(timer)
        process.off('exit', kill)
        return how
    }
    return it
}

// The file as it is delivered, with what a test cannot have replaced. Each place must be there: the file and the test go together.
function configuration(folder, ports) {
    let text = readFileSync(path.join(root, 'deploy/nginx/mandat.conf'), 'utf8')
    const put = (from, to) => {
        if (!text.includes(from)) throw new Error(`deploy/nginx/mandat.conf has no ${from}`)
        text = text.replaceAll(from, to)
    }
    text = text.replace(/^.*listen \[::\].*\n/gm, '')
    put('listen 80', `listen 127.0.0.1:${ports.plain}`)
    put('listen 443', `listen 127.0.0.1:${ports.tls}`)
    put('/run/mandat/mandat.sock', `${folder}/mandat.sock`)
    put('/etc/letsencrypt/live/mandat.example.org/fullchain.pem', `${folder}/cert.pem`)
    put('/etc/letsencrypt/live/mandat.example.org/privkey.pem', `${folder}/key.pem`)
    put('/var/log/nginx', `${folder}/logs`)
    writeFileSync(`${folder}/site.conf`, text)
    const temp = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'].map(what => `${what}_temp_path ${folder}/temp/${what};`).join(' ')
    writeFileSync(`${folder}/nginx.conf`, `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/logs/main.log;
events { worker_connections 512; }
http { ${temp} include site.conf; }\n`)
}

// Starts both; { tls, plain, folder, ca, demo, logs(), socket, stop }.
export async function frontStart() {
    const folder = mkdtempSync(path.join(tmpdir(), 'mandat-front-'))
    const ports = { tls: await freePort(), plain: await freePort() }
    for (const below of ['logs', 'temp']) mkdirSync(`${folder}/${below}`)
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`,
        '-addext', `subjectAltName=DNS:${name}`, '-keyout', `${folder}/key.pem`, '-out', `${folder}/cert.pem`], { stdio: 'ignore' })
    configuration(folder, ports)
    const socket = `${folder}/mandat.sock`
    const demo = start(program, ['demo', '--data', `${folder}/data`], `${folder}/demo.log`,
        { MANDAT_LISTEN: `unix:${socket}`, MANDAT_BEHIND_PROXY: 'yes', MANDAT_ADDRESS: `https://${name}:${ports.tls}` })
    const nginx = start('nginx', ['-p', `${folder}/`, '-c', `${folder}/nginx.conf`, '-e', `${folder}/logs/main.log`], `${folder}/logs/said.log`)
    const front = {
        ...ports, folder, socket, demo, host: `${name}:${ports.tls}`, ca: readFileSync(`${folder}/cert.pem`),
        logs: () => readdirSync(`${folder}/logs`).map(file => readFileSync(`${folder}/logs/${file}`, 'utf8')).join('\n'),
        async stop() {
            await nginx.stop()
            await demo.stop()
            rmSync(folder, { recursive: true, force: true })
        },
    }
    for (let i = 0; i < 200 && demo.why === null && nginx.why === null; i++) {
        if (existsSync(socket) && await behind(front, '/health').then(answer => answer.status === 200, () => false)) return front
        await pause(100)
    }
    const said = readFileSync(`${folder}/demo.log`, 'utf8').slice(-1000) + front.logs().slice(-1000)
    await front.stop()
    throw new Error(`it does not serve: ${said}`)
}

// Past nginx, over the socket.
export function behind(front, address) {
    return new Promise((resolve, reject) => {
        const request = http.get({ socketPath: front.socket, path: address, headers: { Host: front.host }, agent: false }, answer => {
            let text = ''
            answer.on('data', piece => { text += piece })
            answer.on('end', () => resolve({ status: answer.statusCode, text }))
        })
        request.on('error', reject)
        request.setTimeout(5000, () => request.destroy(new Error('no answer')))
    })
}

// How many requests Mandat has answered with 2xx, without those that ask.
let asked = 0
export async function served(front) {
    const { text } = await behind(front, '/metrics')
    return Number(text.match(/class="2xx"\} (\d+)/)[1]) - asked++
}

// Bytes over TLS as they are; everything that comes back until nginx closes or says nothing for quiet_ms.
export function raw(front, bytes, { servername = name, quiet_ms = 700 } = {}) {
    return new Promise(resolve => {
        let answer = ''
        const socket = tls.connect({ host: '127.0.0.1', port: front.tls, servername, ca: front.ca, ALPNProtocols: ['http/1.1'] }, () => socket.write(bytes))
        const timer = setTimeout(() => socket.destroy(), quiet_ms)
        socket.on('data', piece => { answer += piece.toString('latin1'); timer.refresh() })
        socket.on('error', () => {})
        socket.on('close', () => { clearTimeout(timer); resolve(answer) })
    })
}
