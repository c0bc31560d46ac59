// docs/openapi.yaml has no error and no warning for the recommended rules (redocly.yaml), and these can find one.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

// The problems that are found; the tool asks nobody anything.
function lint(file) {
    const program = path.join(root, 'node_modules/@redocly/cli/bin/cli.js')
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
    return new Promise((resolve, reject) => {
        execFile(process.execPath, [program, 'lint', file, '--format', 'json', '--config', path.join(root, 'redocly.yaml')], { cwd: root, env, maxBuffer: 1 << 26 }, (error, out, said) => {
            try {
                resolve(JSON.parse(out).problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`))
            } catch {
                reject(new Error(`${error ?? ''} ${said}\n${out}`))
            }
        })
    })
}

test('X-3: the description of the API is clean', { timeout: 120000 }, async () => {
    assert.deepEqual(await lint(path.join(root, 'docs/openapi.yaml')), [])
})

test('X-3: a description that is wrong is found so', { timeout: 120000 }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mandat-openapi-')), file = path.join(folder, 'openapi.yaml')
    const text = await readFile(path.join(root, 'docs/openapi.yaml'), 'utf8')
    await writeFile(file, text.replace('operationId: ticket_list', 'operationId: ticket_show').replace('#/components/schemas/Id"', '#/components/schemas/None"'))
    const found = await lint(file)
    await rm(folder, { recursive: true })
    assert.ok(found.some(line => line.startsWith('operation-operationId-unique')), found.join('\n'))
    assert.ok(found.some(line => line.startsWith('no-unresolved-refs')), found.join('\n'))
})
