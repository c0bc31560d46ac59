import test from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { cut } from './web_css.mjs'

const used = { classes: new Set(['btn', 'card', 'md:x']), elements: new Set(['a', 'td', 'ul']), attributes: new Set(['hidden', 'type']) }
const flat = css => cut([css], used).replace(/\n/g, '')

test('a selector stays where all it names is in use', () => {
    assert.equal(flat('.btn, .modal { color: red } .card .modal { top: 0 }'), '.btn{color:red}')
    assert.equal(flat('a.btn:hover > td::before { top: 0 } pre { top: 0 }'), 'a.btn:hover>td::before{top:0}')
    assert.equal(flat('[type=submit] { top: 0 } [data-bs-theme=dark] { top: 0 }'), '[type=submit]{top:0}')
    assert.equal(flat('.md\\:x { top: 0 } #any { top: 0 }'), '.md\\:x{top:0}#any{top:0}')
})

test(':is takes one of many, :not takes anything', () => {
    assert.equal(flat(':is(.modal, .btn) { top: 0 }'), ':is(.modal, .btn){top:0}')
    assert.equal(flat(':is(.modal, .nav) { top: 0 } ul:has(> .modal) { top: 0 }'), '')
    assert.equal(flat('a:not(.modal):not([title]) { top: 0 }'), 'a:not(.modal):not([title]){top:0}')
    assert.equal(flat('td:nth-child(n + 3) { top: 0 }'), 'td:nth-child(n+3){top:0}')
})

test('groups go when empty', () => {
    assert.equal(flat('@media print { .modal { top: 0 } } @supports (top: 0) { @media print { .btn { top: 0 } } }'), '@supports (top: 0){@media print{.btn{top:0}}}')
    assert.equal(flat('@charset "utf-8"; @import url("x;y");'), '')
})

test('variables nobody reads and animations nobody plays go', () => {
    assert.equal(flat('.btn { --a: var(--b); --b: 1px; --c: 2px; top: var(--a) }'), '.btn{--a:var(--b);--b:1px;top:var(--a)}')
    assert.equal(flat('@keyframes spin { to { top: 0 } } @keyframes gone { to { top: 0 } } .btn { animation: 1s spin }'), '@keyframes spin{to{top:0}}.btn{animation:1s spin}')
})

test('strings, brackets and comments hide their signs', () => {
    assert.equal(flat('.btn { background: url("data:image/svg+xml,{;}"); /* } */ content: "\\"}" }'), '.btn{background:url("data:image/svg+xml,{;}");content:"\\"}"}')
})

test('what the browser gets stays small: style under 60 KB, 15 KB over the wire; all of it under 40 KB', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mandat-web-')), here = dirname(fileURLToPath(import.meta.url))
    try {
        execFileSync(process.execPath, [join(here, 'web.mjs'), join(here, '..'), join(folder, 'assets.c'), join(folder, 'assets.d')])
        const [style, icons, script] = ['style.css', 'icons.svg', 'script.js'].map(name => readFileSync(join(folder, name)))
        const wire = [style, icons, script].map(data => brotliCompressSync(data).length)
        assert.ok(style.length < 60 * 1024, `style.css has ${style.length} bytes`)
        assert.ok(wire[0] < 15 * 1024, `style.css has ${wire[0]} bytes over the wire`)
        assert.ok(wire.reduce((sum, len) => sum + len) < 40 * 1024, `${wire} bytes over the wire`)
    } finally { rmSync(folder, { recursive: true }) }
})
