// Builds what the browser gets: one style sheet (Tabler cut down to what our templates use, then web/mandat.css), one
// sprite of icons, one script, one mark; each with a fingerprint in its name, plain, gzip and Brotli, as one C file.
//   node tools/web.mjs SOURCE_ROOT OUTPUT.c DEPFILE
// Beside OUTPUT.c lie style.css, icons.svg and script.js to look at.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync, existsSync } from 'node:fs'
import { dirname, join, basename } from 'node:path'
import { brotliCompressSync, gzipSync, constants } from 'node:zlib'
import { cut } from './web_css.mjs'

const [root, output, depfile] = process.argv.slice(2)
if (!depfile) fail('usage: node tools/web.mjs SOURCE_ROOT OUTPUT.c DEPFILE')
const read_files = new Set()                       // what the result depends on; folders too, so that a new template counts

const templates = walk(join(root, 'src')).filter(path => path.endsWith('.html'))
const pages = templates.filter(path => !/^mail_/.test(basename(path))).map(path => ({ path, text: read(path) }))
const script = read(join(root, 'web/script.js')), live = read(join(root, 'web/live.js')), link = read(join(root, 'web/link.js')), field = read(join(root, 'web/field.js')), gallery = read(join(root, 'web/gallery.js'))
const used = usedWords()

const style = cut([read(packageFile('@tabler/core/dist/css/tabler.css')), read(join(root, 'web/mandat.css'))], used)
const assets = [
    asset('style.css', 'text/css; charset=utf-8', style),
    asset('icons.svg', 'image/svg+xml', sprite()),
    asset('script.js', 'text/javascript; charset=utf-8', strip(script)),
    asset('live.js', 'text/javascript; charset=utf-8', strip(live)),
    asset('link.js', 'text/javascript; charset=utf-8', strip(link)),
    asset('field.js', 'text/javascript; charset=utf-8', strip(field)),
    asset('gallery.js', 'text/javascript; charset=utf-8', strip(gallery)),
    asset('mark.svg', 'image/svg+xml', read(join(root, 'web/mark.svg')), ['/assets/mark.svg', '/favicon.ico']),
]
writeFileSync(output, cFile(assets))
for (const a of assets) writeFileSync(join(dirname(output), a.name), a.data)
writeFileSync(depfile, `${output}: ${[...read_files].map(path => path.replace(/ /g, '\\ ')).join(' ')}\n`)

function fail(message) { console.error(`web.mjs: ${message}`); process.exit(1) }

function read(path) { read_files.add(path); return readFileSync(path, 'utf8') }

function packageFile(name) {
    const path = join(root, 'node_modules', name)
    if (!existsSync(path)) fail(`${name} is missing: run npm ci --ignore-scripts in the project's folder`)
    return path
}

function walk(folder) {
    read_files.add(folder)
    return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
        entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]).sort()
}

// Which classes, elements and attributes stand in templates or are made by the script. A class must be written out.
function usedWords() {
    const classes = new Set(), elements = new Set(['html', 'body']), attributes = new Set(['hidden', 'disabled', 'open', 'popover', 'data-script', 'aria-busy'])
    const words = (text, path) => text.replace(/\{\{[^}]*\}\}/g, ' ').split(/\s+/).filter(Boolean).forEach(word => {
        if (/^-|-$/.test(word)) fail(`${path}: class "${word}…" is put together; write it out, or it is cut away`)
        classes.add(word)
    })
    for (const { path, text } of pages) {
        for (const [, value] of text.matchAll(/\bclass="([^"]*)"/g)) words(value.replace(/\}\}-|-\{\{/g, ' - '), path)
        for (const [, value] of text.matchAll(/\{\{\$\w+\}\}([a-z][a-z0-9 -]*)\{\{\//g)) words(value, path)
        for (const [, name] of text.matchAll(/<([a-z][a-z0-9]*)/g)) elements.add(name)
        for (const [tag] of text.matchAll(/<[a-z][^>]*>/g))
            for (const [, name] of tag.matchAll(/[\s}]([a-z][a-z-]*)(?=[=\s>{])/g)) attributes.add(name)
    }
    for (const [, value] of `${script}\n${live}\n${field}\n${gallery}`.matchAll(/['"`]([^'"`\n]*)['"`]/g)) {
        for (const [, list] of value.matchAll(/^([a-z][a-z0-9 -]*)$/g)) list.split(' ').forEach(word => { classes.add(word); elements.add(word) })
        for (const [, name] of value.matchAll(/\[([a-z-]+)/g)) attributes.add(name)
    }
    return { classes, elements, attributes }
}

function sprite() {
    const names = new Set(read(join(root, 'web/icons.txt')).split('\n').map(line => line.replace(/#.*/, '').trim()).filter(Boolean))
    for (const { text } of [...pages, { text: script }])
        for (const [, name] of text.matchAll(/#i-([a-z0-9-]+)/g)) names.add(name)
    const symbols = [...names].sort().map(name => {
        const path = join(packageFile('@tabler/icons/icons/outline'), `${name}.svg`)
        if (!existsSync(path)) fail(`there is no outline icon "${name}" (#i-${name} in ${pages.find(page => page.text.includes(`#i-${name}"`))?.path ?? 'web/'})`)
        const inside = readFileSync(path, 'utf8').replace(/<!--[^]*?-->/g, '').replace(/^[^]*?<svg[^>]*>|<\/svg>\s*$/g, '')
        return `<symbol id="i-${name}" viewBox="0 0 24 24">${inside.replace(/<path stroke="none"[^>]*>/, '').replace(/\s*\n\s*/g, '')}</symbol>`
    })
    return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`
}

// The script keeps its lines; whole-line comments and indents go.
function strip(text) { return text.replace(/^\s*\/\/.*\n/gm, '').replace(/^[ \t]+/gm, '').replace(/\n{2,}/g, '\n') }

function asset(name, type, text, paths) {
    const data = Buffer.from(text), hash = createHash('sha256').update(data).digest('hex').slice(0, 12)
    return {
        name, type, data, hash, paths: paths ?? [`/assets/${name.replace('.', `.${hash}.`)}`],
        cache: paths ? 'public, max-age=3600' : 'public, max-age=31536000, immutable',
        gz: gzipSync(data, { level: 9 }),
        br: brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } }),
    }
}

function cFile(list) {
    const bytes = (name, data) => `static const unsigned char ${name}[] = {\n${[...data].join(',').replace(/(.{150}[^,]*),/g, '$1,\n')}\n};\n`
    const rows = list.flatMap((a, i) => a.paths.map(path =>
        `    { "${a.name}", "${path}", "${a.type}", "${a.cache}", "${a.hash}",\n` +
        `      plain_${i}, gz_${i}, br_${i}, sizeof plain_${i}, sizeof gz_${i}, sizeof br_${i} },\n`))
    return '/* Made by tools/web.mjs. */\n#include "web/asset.h"\n\n' +
        list.map((a, i) => bytes(`plain_${i}`, a.data) + bytes(`gz_${i}`, a.gz) + bytes(`br_${i}`, a.br)).join('') +
        `\nconst struct asset assets[] = {\n${rows.join('')}    { 0 },\n};\n`
}
