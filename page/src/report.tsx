import { Fragment } from 'react'
import { REPORT_FORMS, type ReportAsked, type ReportPicture, type RunList } from '../../src/server/api.ts'
import { type Block, type Line, type Piece, type Row, spoken } from '../../src/views/report/page.ts'
import { plain } from '../../src/views/terminal/harmless.ts'
import { useAsked } from './ask.ts'
import { Choice } from './choice.tsx'
import { go } from './route.ts'
import { Problem } from './words.tsx'

const LOOK_MS = 3000
const ENDINGS = { markdown: 'md', json: 'json', html: 'html' } as const
const SPANS = ['1d', '7d', '30d', '90d', '365d']

/** Many runs at a glance: those that began within a span of time, of all pipelines or of one. */
export function Reports({ query }: { readonly query: { readonly [name: string]: string } }) {
  const { pipeline = '', since = '7d' } = query
  const { value } = useAsked<RunList>('/api/runs?limit=0')
  const set = (change: { readonly [name: string]: string }) =>
    go({ words: ['reports'], query: { since, pipeline, ...change } }, true)
  return (
    <section aria-labelledby="reports-title">
      <h1 id="reports-title">Reports</h1>
      <search className="filters">
        <Choice name="Began within the last" value={since} among={SPANS} set={(one) => set({ since: one })} />
        <Choice
          name="Pipeline"
          all
          value={pipeline}
          among={value?.pipelines ?? []}
          set={(one) => set({ pipeline: one })}
        />
      </search>
      <Report key={`${since} ${pipeline}`} asked={{ since, pipeline }} name={`${pipeline || 'runs'}-${since}`} />
    </section>
  )
}

/** What `opsflow report` tells, with links to keep it. */
export function Report({
  asked,
  moving = false,
  name,
}: {
  readonly asked: ReportAsked
  /** How its files are called. */
  readonly name: string
  readonly moving?: boolean
}) {
  const address = (format: string) =>
    `/api/report?${new URLSearchParams({ ...(asked as { [name: string]: string }), format })}`
  const { problem, value } = useAsked<ReportPicture>(address('page'), moving ? LOOK_MS : undefined)
  if (value === undefined)
    return problem === undefined ? <p role="status">Reading the record …</p> : <Problem text={problem} />
  const { fault, page } = value
  return (
    <article className="report" aria-labelledby="report-title">
      <h2 id="report-title">
        {page.title} <Part piece={page.badge} />
      </h2>
      <Problem text={problem ?? fault} />
      <p>
        Keep it as{' '}
        {REPORT_FORMS.filter((form) => form !== 'page').map((form, at) => (
          <Fragment key={form}>
            {at > 0 && ', '}
            <a href={address(form)} download={`report-${name}.${ENDINGS[form]}`}>
              {form}
            </a>
          </Fragment>
        ))}
      </p>
      {page.blocks.map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have nothing else that tells them apart
        <BlockView key={at} block={block} />
      ))}
    </article>
  )
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading':
      return <h3>{plain(block.text)}</h3>
    case 'subheading':
      return (
        <h4>
          <Pieces line={block.line} />
        </h4>
      )
    case 'paragraph':
      return (
        <p>
          <Pieces line={block.line} />
        </p>
      )
    case 'facts':
      return (
        <dl className="values">
          {block.rows.map(([name, line]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Pieces line={line} />
              </dd>
            </div>
          ))}
        </dl>
      )
    case 'table':
      return <Table columns={block.columns} rows={block.rows} />
    case 'list':
      return (
        <ul>
          {block.items.map(({ below, line }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: nor have items
            <li key={at}>
              <Pieces line={line} />
              {below !== undefined && <Text text={below} />}
            </li>
          ))}
        </ul>
      )
    case 'text':
      return <Text text={block.text} />
  }
}

function Table({ columns, rows }: Omit<Extract<Block, { kind: 'table' }>, 'kind'>) {
  const hasBars = rows.some(({ bar }) => bar)
  return (
    <table className="list report-table">
      <thead>
        <tr>
          {columns.map(({ isNumber, title }) => (
            <th key={title} scope="col" className={isNumber ? 'number' : ''}>
              {title}
            </th>
          ))}
          {hasBars && <td aria-hidden="true" />}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ bar, cells }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: nor have rows
          <tr key={at}>
            {cells.map((line, column) => (
              // On a phone each cell says which it is.
              <td
                key={columns[column]!.title}
                className={columns[column]!.isNumber ? 'number' : ''}
                data-of={columns[column]!.title}
              >
                <Pieces line={line} />
              </td>
            ))}
            {hasBars && <Bar bar={bar} />}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Bar({ bar }: { readonly bar: Row['bar'] | undefined }) {
  const percent = (share: number) => `${Math.min(1, Math.max(0, share)) * 100}%`
  return (
    <td className="bar-cell" aria-hidden="true">
      {bar && (
        <div className="track">
          <span
            className={`bar ${bar.tone}`}
            style={{ left: percent(bar.from), width: percent(Math.max(0, bar.to - bar.from)) }}
          />
        </div>
      )}
    </td>
  )
}

function Text({ text }: { readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
    <pre className="shown" tabIndex={0}>
      {plain(text)}
    </pre>
  )
}

function Pieces({ line }: { readonly line: Line }) {
  return line.map((piece, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: nor have pieces
    <Part key={at} piece={piece} />
  ))
}

/** As the HTML of the report shows it; React makes text of all of it. */
function Part({ piece }: { readonly piece: Piece }): React.ReactNode {
  if (typeof piece === 'string')
    return spoken(piece).map((one, at) =>
      // biome-ignore lint/suspicious/noArrayIndexKey: nor have pieces
      typeof one === 'string' ? plain(one) : <Part key={at} piece={one} />,
    )
  if ('code' in piece) return piece.code === '' ? null : <code>{plain(piece.code)}</code>
  if ('strong' in piece) return <strong>{plain(piece.strong)}</strong>
  if ('link' in piece)
    return (
      <a href={piece.link} rel="noreferrer noopener">
        {plain(piece.link)}
      </a>
    )
  return <span className={`status ${piece.tone}`}>{plain(piece.badge)}</span>
}
