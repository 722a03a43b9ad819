import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { isInFolder } from '../../util/inside.ts'
import type { Json } from '../../util/json.ts'
import { type Action, ActionFailure } from '../action.ts'

interface Section {
  readonly heading: string
  readonly text?: string
  readonly items?: readonly Json[]
}

/** One line, so that what came with data makes no heading and no list of its own. */
function line(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replace(/\s+/g, ' ').trim()
}

/** A title and its sections as Markdown: each text and each list stands by itself. */
export function documentText(title: string, sections: readonly Section[]): string {
  const blocks = sections.flatMap(({ heading, text = '', items }) => {
    const list = items?.map((item) => `- ${line(item)}`).join('\n')
    return [`## ${line(heading)}`, text.trim(), list === '' ? 'none' : (list ?? '')]
  })
  return `${[`# ${line(title)}`, ...blocks].filter((block) => block !== '').join('\n\n')}\n`
}

export const document: Action = {
  description: 'A Markdown document of a title and sections, as text and, where a path is given, as a new file',
  effects: 'workspace',
  inputs: {
    title: { type: 'string' },
    sections: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          heading: { type: 'string' },
          text: { type: 'string', optional: true },
          items: { type: 'array', optional: true },
        },
        required: ['heading'],
      },
    },
    path: { type: 'string', default: '', description: 'From the project root; empty: no file' },
  },
  outputs: { text: { type: 'string' }, path: { type: 'string' } },
  async run(inputs, context) {
    const text = documentText(inputs.title as string, inputs.sections as unknown as readonly Section[])
    const path = inputs.path as string
    if (path === '') return { text, path }
    const target = join(context.root, path)
    const inside = relative(context.root, target)
    if (inside === '' || !isInFolder(context.root, target) || inside.split('/').includes('.git'))
      throw new ActionFailure('path', `\`${path}\` is no file of this project`, 'give a path inside of it')
    for (let folder = dirname(target); folder.length > context.root.length; folder = dirname(folder))
      if (existsSync(folder) && lstatSync(folder).isSymbolicLink())
        throw new ActionFailure('path', `\`${path}\` lies behind a link, which is not followed`, 'give another path')
    if (existsSync(target) && readFileSync(target, 'utf8') !== text)
      throw new ActionFailure('there', `\`${path}\` is there and says something else`, 'give another path')
    mkdirSync(dirname(target), { recursive: true })
    if (!existsSync(target)) writeFileSync(target, text, { flag: 'wx' })
    context.log(`written: ${path}`)
    return { text, path }
  },
}
