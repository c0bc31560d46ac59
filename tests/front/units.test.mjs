// The unit is as shut as quality asks: systemd's own measure, where systemd is there to be asked.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import path from 'node:path'
import { test } from 'node:test'
import { root } from './lib.mjs'

const isThere = spawnSync('systemd-analyze', ['--version']).status === 0

for (const unit of ['mandat.service', 'mandat-backup.service']) {
    test(`${unit} scores at most 1.0`, { skip: isThere ? false : 'no systemd-analyze' }, () => {
        const said = execFileSync('systemd-analyze', ['security', '--offline=true', '--no-pager', path.join(root, 'deploy/systemd', unit)], { encoding: 'utf8' })
        const score = Number(said.match(/Overall exposure level for .*: ([\d.]+)/)[1])
        assert.ok(score <= 1.0, `${score}\n${said.split('\n').filter(line => line.startsWith('✗')).join('\n')}`)
    })
}
