import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { project } from './support/project.ts'
import { commandsOf, named, normalise, RUN_ID, settled, wordsOf } from './support/transcript.ts'
import { soon } from './support/waiting.ts'

/*
 * The tutorial is played from its first line to its last, in one folder: files are written where the page shows them, and
 * what stands behind a `$` is run. ```console while: the command goes on while the next blocks are played; ```console as bob:
 * somebody else types it. UPDATE=1 writes what came out into the page.
 */

const PAGE = join(import.meta.dirname, '..', 'docs', 'tutorial.md')
const BLOCK = /^```(yaml|console)(?: (while|as) ?(\w*))?\n([\s\S]*?)^```/gm

test('the tutorial comes out as it stands, command by command', async () => {
  const it = project({})
  const page = readFileSync(PAGE, 'utf8')
  let run = 'RUN'
  let killed: ReturnType<typeof it.spawn> | undefined
  const blocks = [...page.matchAll(BLOCK)]
  expect(page.match(/^```/gm), 'every block is one that is played').toHaveLength(2 * blocks.length)
  const played: string[] = []
  for (const [block, language, how, who, text] of blocks) {
    if (language === 'yaml') {
      it.write({ [/^# (\S+\.yaml)$/m.exec(text!)![1]!]: text! })
      played.push(block)
      continue
    }
    let transcript = ''
    for (const { command, output } of commandsOf(text!)) {
      const line = command.replace(/\bRUN\b/, run)
      let printed: string
      if (how === 'while') {
        killed = it.spawn(...wordsOf(line).slice(1))
        const { out } = killed
        await soon(
          () => out.stdout,
          (said) => said.includes('▸ send'),
          () => JSON.stringify(out),
        )
        printed = out.stdout
      } else if (line.startsWith('pkill -9')) {
        // By its id: nothing else of this machine that is called so is ours.
        expect(killed!.child.spawnargs.join(' ')).toContain(wordsOf(line).at(-1))
        killed!.kill('SIGKILL')
        await killed!.ended
        await it.until((_, liveness) => liveness !== 'live' && liveness !== 'ending', run)
        printed = ''
      } else if (line.startsWith('opsflow ')) {
        const { stdout, stderr } = await (how === 'as' ? it.as(who!) : it).opsflow(...wordsOf(line).slice(1))
        printed = stdout + stderr
      } else printed = execFileSync('sh', ['-c', line], { cwd: it.folder, encoding: 'utf8' })
      run = printed.match(RUN_ID)?.at(-1) ?? run
      const now = named(printed.replaceAll(`by ${userInfo().username}`, 'by tester'))
      transcript += `$ ${command}\n${now === '' ? '' : `${now}\n`}`
      if (!process.env.UPDATE) expect(settled(normalise(now)), command).toBe(settled(normalise(output)))
    }
    played.push(`${block.slice(0, block.indexOf('\n') + 1)}${transcript}\`\`\``)
  }
  if (process.env.UPDATE)
    writeFileSync(
      PAGE,
      page.replace(BLOCK, () => played.shift()!),
    )
})
